"""A cast that plays a format from a script: what an orchestrator does with one, without models, rows and time."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.conversation.formats.company import Company, company_of
from app.conversation.formats.dealing import assign_roles
from app.conversation.formats.floor import Floor, floor_of
from app.conversation.formats.format import Format
from app.conversation.formats.play import advance, begin
from app.conversation.formats.progress import Announcement, Progress, Step
from app.conversation.formats.reading import read_format
from app.conversation.speaker_order import ORDERS, Rules, Seat
from app.store.tables import Kind, Message, Participant, State
from tests.cast import ADA

NAMES = (
    'Ada Bert Cleo Dora Emil Fay Gus Hana Ivo Jana Kit Lou Mona Nils Oda Pia Quin Rosa Sven Tove Uma Vito Wanda Xenia'
)


def seat(*names: str, people: Sequence[str] = ()) -> list[Participant]:
    """Ids are the names in small letters; people sit behind the personas."""
    seated = [(name, Kind.PERSONA) for name in names] + [(name, Kind.HUMAN) for name in people]
    return [
        Participant(id=name.lower(), workspace_id='w', conversation_id='c', seat=at, name=name, kind=kind)
        for at, (name, kind) in enumerate(seated)
    ]


def cast_of(size: int) -> list[Participant]:
    return seat(*NAMES.split()[:size])


def format_of(text: str, id: str = 'made_up') -> Format:
    return read_format(id, text.encode())


def line(
    speaker: str, text: str, *, phase: int = 1, turn: int | None = 1, state: str = State.COMPLETE,
    audience: Sequence[str] | None = None,
) -> Message:  # fmt: skip
    return Message(
        workspace_id='w', conversation_id='c', number=turn or 0, turn=turn, participant_id=speaker, phase=phase,
        speaker=speaker.title(), text=text, state=state, audience=None if audience is None else list(audience),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """Just before somebody speaks."""

    progress: Progress
    floor: Floor
    speaker: str
    before: tuple[Message, ...]
    of_phase: tuple[Message, ...]


Script = Callable[[Moment], str]


@dataclass
class Play:
    """`ended` is the stop reason; `closed` counts the phases that only a watcher's hand could end."""

    format: Format
    cast: Sequence[Participant]
    script: Script
    seed: int = 0
    wanted: Mapping[str, str] = field(default_factory=dict)
    most_lines: int = 2_000

    def __post_init__(self) -> None:
        self.roles = assign_roles(self.format, self.cast, self.seed, self.wanted)
        self.company: Company = company_of(self.cast, self.roles)
        self.seats = [Seat(p, ADA.model_copy(update={'name': p.name})) for p in self.cast]
        self.transcript: list[Message] = []
        self.heard: list[Announcement] = []
        self.steps: list[Step] = []
        self.moments: list[Moment] = []
        self.closed = 0
        self.by_hand: dict[int, dict[str, str]] = {}
        self._take(begin(self.format, self.company, self.seed))

    def run(self) -> Play:
        for _ in self.moments_of_it():
            pass
        return self

    def moments_of_it(self) -> Iterator[Moment]:
        """One by one, each before its line is spoken."""
        while self.progress.ended is None:
            lines = self.lines
            votes = self.by_hand.get(self.progress.ordinal, {})
            floor = floor_of(self.format, self.progress, self.company, lines, votes)
            if not floor.speakers:
                assert floor.waits or votes
                step = advance(self.format, self.progress, self.company, lines, votes)
                self.closed += step is None
                step = step or advance(self.format, self.progress, self.company, lines, votes, close=True)
                assert step, 'a watcher can always close a phase'
                self._take(step)
                continue
            moment = Moment(self.progress, floor, self._next(floor), tuple(self.transcript), tuple(lines))
            self.moments.append(moment)
            yield moment
            self._say(moment)
            if step := advance(self.format, self.progress, self.company, self.lines, votes):
                self._take(step)
            assert len(self.transcript) < self.most_lines

    @property
    def lines(self) -> list[Message]:
        return [message for message in self.transcript if message.phase == self.progress.ordinal]

    @property
    def ended(self) -> str | None:
        return self.progress.ended

    def _next(self, floor: Floor) -> str:
        """Chosen by the very orders the engine has."""
        seats = [seat for seat in self.seats if seat.participant.id in floor.speakers]
        said = [message for message in self.transcript if message.audience is None]
        return ORDERS[floor.order](seats, said, self.seed, Rules(listed=floor.listed)).seat.participant.id

    def _say(self, moment: Moment) -> None:
        self.transcript.append(
            line(
                moment.speaker, self.script(moment), phase=self.progress.ordinal, turn=len(self.transcript) + 1,
                audience=moment.floor.audience,
            )
        )  # fmt: skip

    def _take(self, step: Step) -> None:
        """Through JSON, as it is kept."""
        self.progress = Progress.model_validate(json.loads(json.dumps(step.progress.model_dump(mode='json'))))
        assert self.progress == step.progress
        self.steps.append(step)
        self.heard += step.announcements


def votes_well(moment: Moment) -> str:
    """The first that may be chosen, with a reason."""
    if moment.floor.ballot is None:
        return 'I see it otherwise, and you know why.'
    return f'I have seen enough.\nVOTE: {_names(moment)[0]}'


def votes_by_chance(seed: int) -> Script:
    """As models do: mostly properly, sometimes for themselves, for two, for nobody, or not at all."""
    chance = random.Random(seed)

    def script(moment: Moment) -> str:
        if moment.floor.ballot is None:
            return chance.choice(['Well.', '', 'I doubt that, and I say so.', 'VOTE: Ada', 'And you?'])
        names = _names(moment)
        proper = f'Because of this.\n**VOTE: {chance.choice(names)}**'
        odd = [
            'I cannot decide.', '', 'VOTE:', 'VOTE: the weather', f'VOTE: {" or ".join(names[:2])}', 'Vote: nobody',
            f'VOTE: {moment.speaker.title()}', f'VOTE: not {names[0]}', 'VOTE: {winner} <b>%s</b>',
        ]  # fmt: skip
        return proper if chance.random() < 0.7 else chance.choice(odd)

    return script


def _names(moment: Moment) -> list[str]:
    ballot = moment.floor.ballot
    assert ballot
    names = dict(ballot.choices)
    return [names[id] for id in ballot.by_voter[moment.speaker]] or ['nobody']
