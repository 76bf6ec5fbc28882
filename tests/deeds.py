"""All that people can do to a conversation, each by its name, at whomever or whatever a number happens to mean; and
what nobody can do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from app.chimera import Chimera
from app.conversation.dials import SAYS, Dials
from app.conversation.money import CENT
from app.conversation.notes import Notes
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.conversation.rule import CallOn, Count, GiveNote, Pause, Rule, SetScene, Then, When, Word
from app.conversation.rules import Rules, rules_of
from app.conversation.scenes import Scenes
from app.conversation.speaker_order import ORDERS
from app.live import differences as differ
from app.store.tables import Message

Thing = TypeVar('Thing')
CAST = ('philosopher', 'comedian', 'scientist', 'historian', 'chef', 'skeptic', 'optimist')
MODELS = (None, 'demo/scripted', 'demo/dear', 'demo/thinker', 'demo/unpriced')
LINES = ('What swims in it?', 'Milo, why?', 'Iris:\nNoor: me?', '<think>hm</think> So be it.', 'x' * 700)
PACES = (0, 1, 2.5)
LIMITS: tuple[dict[str, int | None], ...] = (
    {'max_turns': 3}, {'max_turns': 12}, {'max_turns': None}, {'max_tokens': 2_000}, {'max_tokens': 9_000},
    {'max_tokens': None}, {'max_money': 2 * CENT}, {'max_money': 40 * CENT}, {'max_money': None}, {'max_minutes': 1},
    {'max_minutes': None}, {'max_turns': 20, 'max_tokens': 30_000, 'max_money': 90 * CENT},
)  # fmt: skip
WHENS: tuple[When, ...] = (Count(what='turns', at_least=1), Word(text='the'), Count(what='run', at_least=1))


@dataclass(slots=True)
class At:
    """What a number means here and now; there is always something."""

    chimera: Chimera
    room: Orchestrator
    one: int
    other: int

    @property
    def number(self) -> int:
        return 1 + self.one % max(1, len(self.room.transcript))

    @property
    def line(self) -> str:
        return self.one_of(lambda _: True)

    def one_of(self, is_meant: Callable[[Message], object]) -> str:
        """Of these lines, the last ones first."""
        return self.of([message.id for message in self.room.transcript if is_meant(message)][::-1] or ['nothing'])

    @property
    def turn(self) -> str:
        """A line that a model told."""
        return self.one_of(lambda message: message.turn)

    @property
    def seat(self) -> str:
        return self.of([participant.id for participant in self.room.participants])

    @property
    def another(self) -> str | None:
        return self.of([None, *(participant.id for participant in self.room.participants)], self.other)

    @property
    def text(self) -> str:
        return self.of(LINES, self.other)

    def of(self, things: Sequence[Thing], which: int | None = None) -> Thing:
        return things[(self.one if which is None else which) % len(things)]


Deed = Callable[[At], Awaitable[object]]


async def _step_with_another_prompt(at: At) -> None:
    prompt = at.room.next_prompt()
    await at.room.step(prompt.edited([*(message.content for message in prompt.sent[:-1]), 'Speak of the tide.']))


async def _bring_back(at: At) -> None:
    await at.room.lines.bring_back(at.one_of(lambda message: message.deleted_at))


async def _swipe(at: At) -> None:
    message = at.room.record.message(at.one_of(lambda message: message.variants > 1))
    numbers = [number for number in range(1, message.variants + 1) if number != message.variant]
    await at.room.lines.choose_variant(message.id, at.of(numbers, at.other))


async def _vote(at: At) -> None:
    floor = at.room.record.programme.floor()
    choices = [choice for choice, _ in floor.ballot.choices] if floor and floor.ballot else ['nobody']
    await at.room.vote(at.chimera.scope, at.of(choices))


async def _withdraw(at: At) -> None:
    await Notes(at.room.record).withdraw(at.of([note.id for note in at.room.record.notes] or ['nothing']))


async def _add_rule(at: At) -> None:
    thens: tuple[Then, ...] = (
        GiveNote(text='Mind the tide.', to=at.another, is_secret=at.one % 2 == 0), CallOn(who=at.seat), Pause(),
        SetScene(text='A bell rings.'), SetScene(what='mood', text='uneasy'),
    )  # fmt: skip
    await Rules(at.room.record).add(Rule(when=at.of(WHENS), then=at.of(thens, at.other), rest=at.of((None, 1, 2))))


async def _remove_rule(at: At) -> None:
    await Rules(at.room.record).remove(at.of([rule.id for rule in rules_of(at.room.record)] or ['nothing']))


async def _recast(at: At) -> None:
    """After its file was edited."""
    wings, library = at.chimera.wings, at.chimera.library
    if persona := at.room.personas.get(at.seat):
        newest = library.personas[persona.id]
        library.personas[persona.id] = newest.model_copy(update={'tagline': at.of(('a witness', 'a rival'), at.other)})
    versions = await wings.versions(at.chimera.scope, at.room, at.seat)
    await wings.recast(at.chimera.scope, at.room, at.seat, at.of(versions, at.other).id)


async def _branch(at: At) -> None:
    await at.chimera.runner.branch(at.chimera.scope, at.room.conversation.id, at.number, [_difference(at)])


async def _branch_thrice(at: At) -> None:
    seeds = [differ.OtherSeed(seed) for seed in (1, 2)]
    await at.chimera.runner.branch(at.chimera.scope, at.room.conversation.id, at.number, [*seeds, _difference(at)])


def _difference(at: At) -> differ.Difference:
    return at.of(
        (
            differ.OtherModel(at.seat, 'demo/dear'), differ.OtherOrder(at.of(sorted(ORDERS))),
            differ.Told('Mind the tide.', at.another, at.of((None, 2)), at.one % 2 == 0), differ.Without(at.seat),
            differ.OtherTopic('What is owed?'), differ.OtherLimit('max_turns', 30), differ.OtherPace(at.of(PACES)),
            differ.OtherSeed(at.one),
        ),
        at.other,
    )  # fmt: skip


DEEDS: dict[str, Deed] = {
    'Orchestrator.start': lambda at: at.room.start(),
    'Orchestrator.pause': lambda at: at.room.pause(),
    'Orchestrator.resume': lambda at: at.room.resume(),
    'Orchestrator.step': lambda at: at.room.step(),
    'Orchestrator.step, edited': _step_with_another_prompt,
    'Orchestrator.stop': lambda at: at.room.stop(),
    'Orchestrator.interrupt': lambda at: at.room.interrupt(at.of((None, 'Alice'))),
    'Orchestrator.give_floor': lambda at: at.room.give_floor(at.seat),
    'Orchestrator.see_off': lambda at: at.room.see_off(at.seat),
    'Orchestrator.speak': lambda at: at.room.speak(at.chimera.scope, at.text),
    'Orchestrator.speak, played': lambda at: at.room.speak(at.chimera.scope, at.text, at.seat),
    'Orchestrator.regenerate': lambda at: at.room.regenerate(at.turn),
    'Orchestrator.regenerate, by another': lambda at: at.room.regenerate(at.turn, at.another, at.of(MODELS, at.other)),
    'Orchestrator.vote': _vote,
    'Orchestrator.close_phase': lambda at: at.room.close_phase(),
    'Orchestrator.extend': lambda at: at.room.extend(at.of((1, 4))),
    'Orchestrator.extend_money': lambda at: at.room.extend_money(at.of((1, 20))),
    'Orchestrator.go_on': lambda at: at.room.go_on(at.of((1, 4)), 3),
    'Steering.set_pace': lambda at: at.room.steering.set_pace(at.of(PACES)),
    'Steering.set_limits': lambda at: at.room.steering.set_limits(**at.of(LIMITS, at.one + at.other)),
    'Steering.set_model': lambda at: at.room.steering.set_model(at.seat, at.of(MODELS, at.other)),
    'Steering.set_until_done': lambda at: at.room.steering.set_until_done(at.one % 2 == 0),
    'Steering.set_order': lambda at: at.room.steering.set_order(at.of(sorted(ORDERS))),
    'Steering.set_guards': lambda at: at.room.steering.set_guards(at.one % 2 == 0),
    'Steering.call_on': lambda at: at.room.steering.call_on(at.seat),
    'Steering.mute': lambda at: at.room.steering.mute(at.seat, True),
    'Steering.mute, no more': lambda at: at.room.steering.mute(at.seat, False),
    'Steering.boost': lambda at: at.room.steering.boost(at.seat, at.of((-3, 0, 1.5), at.other)),
    'Steering.rename': lambda at: at.room.steering.rename(at.text),
    'Lines.edit': lambda at: at.room.lines.edit(at.line, at.text, 'Alice'),
    'Lines.delete': lambda at: at.room.lines.delete(at.line),
    'Lines.bring_back': _bring_back,
    'Lines.choose_variant': _swipe,
    'Ordering.set_list': lambda at: at.room.ordering.set_list([at.seat] * (at.other % 3)),
    'Ordering.set_moderator': lambda at: at.room.ordering.set_moderator(at.of(MODELS), at.of((None, 0, 3.0), at.other)),
    'Seating.bring_in': lambda at: at.chimera.wings.bring_in(at.chimera.scope, at.room, at.of(CAST)),
    'Seating.recast': _recast,
    'Notes.give': lambda at: Notes(at.room.record).give(at.text, at.another, at.of((None, 1, 3)), at.one % 2 == 0),
    'Notes.withdraw': _withdraw,
    'Dials.turn': lambda at: Dials(at.room.record).turn(at.of(sorted(SAYS)), at.other % 5 - 2, at.another),
    'Scenes.change': lambda at: Scenes(at.room.record).change(place=at.of(('', 'A lighthouse')), mood=at.text[:40]),
    'Scenes.narrate': lambda at: Scenes(at.room.record).narrate(at.text),
    'Rules.add': _add_rule,
    'Rules.remove': _remove_rule,
    'branch': _branch,
    'branch, thrice': _branch_thrice,
}
"""By the class and the method that does it; after a comma, another way to use it."""

NOBODY = 'nobody'
TOO_LONG = 'x' * 9_000


def _hear(_piece: str) -> None:
    raise AssertionError('something was written')


def _grow(at: At, number: int, *branches: differ.Difference) -> Awaitable[object]:
    return at.chimera.runner.branch(at.chimera.scope, at.room.conversation.id, number, branches)


async def _step_with_an_old_prompt(at: At) -> None:
    prompt = at.room.next_prompt()
    await at.room.step(prompt.edited(['only one']))


FOLLIES: dict[str, Deed] = {
    'say nothing': lambda at: at.room.speak(at.chimera.scope, ' \n'),
    'say too much': lambda at: at.room.speak(at.chimera.scope, TOO_LONG),
    'speak for nobody': lambda at: at.room.speak(at.chimera.scope, 'Hello?', NOBODY),
    'see nobody off': lambda at: at.room.see_off(NOBODY),
    'give the floor to nobody': lambda at: at.room.give_floor(NOBODY),
    'tell nothing anew': lambda at: at.room.regenerate(NOBODY),
    'tell anew by nobody': lambda at: at.room.regenerate(at.line, NOBODY),
    'tell anew by a nameless model': lambda at: at.room.regenerate(at.line, None, TOO_LONG),
    'draft for nobody': lambda at: at.room.ghost_write(at.chimera.scope, _hear, NOBODY),
    'vote for nobody': lambda at: at.room.vote(at.chimera.scope, NOBODY),
    'step with half a prompt': _step_with_an_old_prompt,
    'race': lambda at: at.room.steering.set_pace(99),
    'no turns': lambda at: at.room.steering.set_limits(max_turns=0),
    'no money': lambda at: at.room.steering.set_limits(max_turns=5, max_money=0),
    'a nameless model': lambda at: at.room.steering.set_model(at.seat, 'demo/\x00'),
    'a model for nobody': lambda at: at.room.steering.set_model(NOBODY, None),
    'an unknown order': lambda at: at.room.steering.set_order(NOBODY),
    'call on nobody': lambda at: at.room.steering.call_on(NOBODY),
    'mute nobody': lambda at: at.room.steering.mute(NOBODY, True),
    'boost without measure': lambda at: at.room.steering.boost(at.seat, 99),
    'no title': lambda at: at.room.steering.rename(' '),
    'edit nothing': lambda at: at.room.lines.edit(NOBODY, 'Words', 'Alice'),
    'edit it away': lambda at: at.room.lines.edit(at.line, ' ', 'Alice'),
    'delete nothing': lambda at: at.room.lines.delete(NOBODY),
    'bring nothing back': lambda at: at.room.lines.bring_back(NOBODY),
    'variant of nothing': lambda at: at.room.lines.choose_variant(NOBODY, 1),
    'variant that is not': lambda at: at.room.lines.choose_variant(at.line, 99),
    'list nobody': lambda at: at.room.ordering.set_list([at.seat, NOBODY]),
    'moderate without measure': lambda at: at.room.ordering.set_moderator(None, 9),
    'bring nobody in': lambda at: at.chimera.wings.bring_in(at.chimera.scope, at.room, NOBODY),
    'recast nobody': lambda at: at.chimera.wings.recast(at.chimera.scope, at.room, NOBODY),
    'an empty note': lambda at: Notes(at.room.record).give(' '),
    'a note to nobody': lambda at: Notes(at.room.record).give('Psst', NOBODY),
    'a note for no turns': lambda at: Notes(at.room.record).give('Psst', None, 0),
    'withdraw nothing': lambda at: Notes(at.room.record).withdraw(NOBODY),
    'no dial': lambda at: Dials(at.room.record).turn(NOBODY, 1),
    'over the top': lambda at: Dials(at.room.record).turn('heat', 3),
    'dial of nobody': lambda at: Dials(at.room.record).turn('heat', 1, NOBODY),
    'endless scenery': lambda at: Scenes(at.room.record).change(place=TOO_LONG),
    'nothing happens': lambda at: Scenes(at.room.record).narrate(''),
    'rule for nobody': lambda at: Rules(at.room.record).add(Rule(when=Word(text='tide', who=NOBODY), then=Pause())),
    'rule without a word': lambda at: Rules(at.room.record).add(Rule(when=Word(text='!'), then=Pause())),
    'remove nothing': lambda at: Rules(at.room.record).remove(NOBODY),
    'branch from nowhere': lambda at: _grow(at, 9_999, differ.OtherSeed(1)),
    'branch into nothing': lambda at: _grow(at, at.number),
    'branch without a difference': lambda at: _grow(at, at.number, differ.OtherPace(at.room.conversation.pace)),
    'branch alike': lambda at: _grow(at, at.number, differ.OtherSeed(1), differ.OtherSeed(1)),
    'branch too often': lambda at: _grow(at, at.number, *map(differ.OtherSeed, range(1, 11))),
}
"""Each is refused, wherever and whenever."""


async def is_done(doing: Awaitable[Any]) -> bool:
    """False where it was refused."""
    try:
        await doing
    except Refused:
        return False
    return True
