"""Asks what shall be different: one choice grows one branch, several grow several that run at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui
from nicegui.element import Element

from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.live.branching import MOST
from app.live.differences import (
    Difference,
    OtherLimit,
    OtherModel,
    OtherOrder,
    OtherPace,
    OtherSeed,
    OtherTopic,
    Told,
    Without,
)
from app.store.tables import State
from components.controls import PACES
from components.order_choice import LABELS
from components.plain import Button, Choice, box, change, words
from components.sheet import sheet
from components.text_field import TextField

KINDS = {
    'seed': 'Nothing but chance',
    'note': 'A note to them',
    'order': 'Who speaks next',
    'model': 'The model of one persona',
    'without': 'One persona is missing',
    'topic': 'What they talk about',
    'pace': 'The pace',
    'limit': 'A limit',
}
ALL = ''
LIMITS = {'max_turns': (10, 20, 30, 50, 100, 200), 'max_tokens': (10_000, 50_000, 200_000, 1_000_000)}
"""Of which those are offered that the branch would not have reached before it begins."""
Lines = Callable[[str], Sequence[Difference]]
BRANCH = 'Branch from the last line'


def branch_sheet(chimera: Chimera, orchestrator: Orchestrator, message_number: int) -> None:
    with sheet('Branch from here') as dialog:
        _BranchSheet(chimera, orchestrator, message_number, dialog)


def branch_from_last(chimera: Chimera, orchestrator: Orchestrator) -> None:
    said = [m for m in orchestrator.transcript if m.state != State.SPEAKING and not m.deleted_at]
    if said:
        branch_sheet(chimera, orchestrator, said[-1].number)
        return
    with sheet(BRANCH) as dialog:
        words('Nothing has been said yet: wait for the end of the first line.', 'quiet')
        Button('Close', dialog.close)


class _BranchSheet:
    def __init__(self, chimera: Chimera, orchestrator: Orchestrator, number: int, dialog: ui.dialog) -> None:
        self._chimera = chimera
        self._orchestrator = orchestrator
        self._number = number
        self._personas = [p for p in orchestrator.record.present if p.id in orchestrator.personas]
        self._who = ALL
        self._wanted: Callable[[], Sequence[Difference]] = tuple
        self._field: TextField | None = None
        self._read_lines: Lines = self._notes
        common = 'The first line' if number == 1 else f'The {number} lines up to here'
        words(f'{common} stand in each branch; this conversation stays as it is.', 'quiet')
        words('What shall be different?', 'label')
        Choice('What shall be different', KINDS, 'seed', self._choose)
        self._body = box('div', 'branch-choices')
        self._fault = words('', 'fault', role='alert')
        with box('div', 'sheet-acts'):
            Button('Cancel', dialog.close)
            self._go = Button('Branch', self._submit, kind='primary')
        self._choose('seed')

    def _choose(self, kind: str) -> None:
        self._fault.text, self._field = '', None
        self._body.clear()
        with self._body:
            {
                'seed': self._ask_seeds,
                'note': self._ask_notes,
                'order': self._ask_orders,
                'model': self._ask_models,
                'without': self._ask_without,
                'topic': self._ask_topics,
                'pace': self._ask_paces,
                'limit': self._ask_limits,
            }[kind]()

    def _ask_seeds(self) -> None:
        words('Everything else is the same: what chance alone makes of it.', 'quiet')
        many = {str(n): 'One branch' if n == 1 else f'{n} branches, live at once' for n in range(1, MOST + 1)}
        chosen = [1]

        def take(value: str) -> None:
            chosen[0] = int(value)
            self._announce(chosen[0])

        Choice('How many branches', many, '1', take)
        self._wanted = lambda: [OtherSeed() for _ in range(chosen[0])]
        self._announce(1)

    def _ask_notes(self) -> None:
        self._who = ALL

        def take(who: str) -> None:
            self._who = who

        Choice(
            'Who is told', {ALL: 'All are told', **{p.id: f'Only {p.name} is told' for p in self._personas}}, ALL, take
        )
        self._ask_lines('What they are told: each line is a branch', '', 'Disagree with whatever was said last.')
        self._read_lines = self._notes

    def _ask_topics(self) -> None:
        self._ask_lines('What they talk about: each line is a branch', ':topic', self._orchestrator.conversation.topic)
        self._read_lines = self._topics

    def _ask_lines(self, label: str, kind: str, hint: str) -> None:
        draft = f'branch:{self._orchestrator.conversation.id}:{self._number}{kind}'
        self._field = TextField(label, draft=draft, enter=self._take_lines, placeholder=hint)
        words('Shift and Enter begin another line.', 'quiet')
        self._go.show('Branch')

    def _notes(self, text: str) -> Sequence[Difference]:
        return [Told(line, self._who or None) for line in _lines_of(text)]

    def _topics(self, text: str) -> Sequence[Difference]:
        return [OtherTopic(line) for line in _lines_of(text)]

    def _ask_paces(self) -> None:
        now = str(float(self._orchestrator.conversation.pace))
        paces = {pace: text for pace, text in PACES.items() if pace != now}
        self._ask_several(paces, lambda pace: OtherPace(float(pace)))

    def _ask_limits(self) -> None:
        conversation = self._orchestrator.conversation
        used = {'max_turns': self._number, 'max_tokens': conversation.tokens}
        options: dict[str, str] = {}
        for name, values in LIMITS.items():
            what, now = name.removeprefix('max_'), getattr(conversation, name)
            fitting = [value for value in values if value > used[name] and value != now]
            options |= {f'{name} {value}': f'At most {value:,} {what}' for value in fitting}
            if now is not None:
                options[f'{name} 0'] = f'No limit of {what}'
        self._ask_several(options, _limit)

    def _ask_orders(self) -> None:
        now = self._orchestrator.conversation.speaker_order
        self._ask_several({order: text for order, text in LABELS.items() if order != now}, OtherOrder)

    def _ask_models(self) -> None:
        """Of the persona that is chosen first, then of another."""
        models = {choice.model: choice.label for choice in self._chimera.providers.models()}
        if self._chimera.providers.mode == 'demo' or len(models) < 2:
            words('There is only one model here. The settings tell how to add another.', 'quiet')
            self._wanted = tuple
            self._go.show('Branch')
            return
        names = {p.id: p.name for p in self._personas}
        Choice('Whose model', names, self._personas[0].id, lambda id: self._ask_models_of(id, models, choices))
        choices = box('div', 'branch-choices')
        self._ask_models_of(self._personas[0].id, models, choices)

    def _ask_models_of(self, participant_id: str, models: dict[str, str], choices: Element) -> None:
        persona = self._orchestrator.record.participant(participant_id)
        now = persona.model or self._chimera.providers.default_model
        choices.clear()
        with choices:
            words(f'{persona.name} speaks now with {models.get(now, now)}.', 'quiet')
            others = {model: label for model, label in models.items() if model != now}
            self._ask_several(others, lambda model: OtherModel(participant_id, model))

    def _ask_without(self) -> None:
        self._ask_several({p.id: f'Without {p.name}' for p in self._personas}, Without)

    def _ask_several(self, options: dict[str, str], make: Callable[[str], Difference]) -> None:
        """Each that is chosen grows a branch."""
        chosen: list[str] = []
        buttons: dict[str, Button] = {}

        def turn(value: str) -> None:
            chosen.remove(value) if value in chosen else chosen.append(value)
            change(buttons[value], 'aria-pressed', str(value in chosen).lower())
            self._fault.text = ''
            self._announce(len(chosen))

        with box('div', 'chips', role='group', aria_label='Each that is chosen grows a branch'):
            for value, text in options.items():
                buttons[value] = _chip(text, lambda value=value: turn(value))
        self._wanted = lambda: [make(value) for value in chosen]
        self._announce(0)

    def _announce(self, many: int) -> None:
        self._go.show('Branch' if many <= 1 else f'Branch {many} times, all live')

    async def _submit(self) -> None:
        if self._field:
            self._field.submit()  # which comes back with what stands there
        else:
            await self._grow(self._wanted(), self._say)

    async def _take_lines(self, text: str) -> None:
        assert self._field
        if await self._grow(self._read_lines(text), self._field.refuse):
            self._field.accept(text)

    async def _grow(self, differences: Sequence[Difference], refuse: Callable[[str], None]) -> bool:
        if not differences:
            refuse('Choose at least one.')
            return False
        runner, scope, here = self._chimera.runner, self._chimera.scope, self._orchestrator.conversation.id
        try:
            grown = await runner.branch(scope, here, self._number, differences)
        except Refused as refusal:
            refuse(str(refusal))
            return False
        several = f'/conversation/{here}/live'
        ui.navigate.to(f'/conversation/{grown[0].id}' if len(grown) == 1 else several)
        return True

    def _say(self, sentence: str) -> None:
        self._fault.text = sentence


def _lines_of(text: str) -> list[str]:
    """Where there are none, the text as it is: the branch says then what is missing."""
    return [line for line in text.splitlines() if line.strip()] or [text]


def _limit(chosen: str) -> Difference:
    name, _, value = chosen.partition(' ')
    return OtherLimit(name, int(value) or None)


def _chip(text: str, act: Callable[[], Awaitable[None] | None]) -> Button:
    chip = Button(text, act).classes(remove='btn quiet', add='chip')
    change(chip, 'aria-pressed', 'false')
    return chip
