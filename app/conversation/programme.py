"""The format of one conversation while it is alive: whose floor it is, for whose ears, and what comes when a phase is
over. A conversation without one is an open table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from app.conversation.floor_marks import is_muted
from app.conversation.formats.company import Company, company_of
from app.conversation.formats.floor import Floor, floor_of
from app.conversation.formats.format import Format
from app.conversation.formats.play import advance
from app.conversation.formats.progress import Progress, Step
from app.conversation.formats.secrecy import Known, knows, may_see
from app.conversation.formats.telling import told
from app.conversation.plain_line import AnyLine
from app.store.scope import Scope
from app.store.tables import LineKind, Participant, Status

if TYPE_CHECKING:
    from app.conversation.record import Record

VOTES = 'votes'
"""What a conversation's settings hold of votes by button: by the ordinal of the phase, by who voted."""


class Programme:
    def __init__(self, record: Record) -> None:
        definition = record.conversation.format_definition
        self._record = record
        self.format = Format.model_validate(definition) if definition else None
        self._read: tuple[object, Progress | None] = (None, None)

    @property
    def progress(self) -> Progress | None:
        kept = self._record.conversation.progress
        if kept is not self._read[0]:
            self._read = kept, Progress.model_validate(kept) if kept else None
        return self._read[1]

    @property
    def company(self) -> Company:
        record = self._record
        aliases = {id: persona.aliases for id, persona in record.personas.items()}
        return company_of(record.participants, None, aliases, [p.id for p in record.participants if is_muted(p)])

    @property
    def is_open(self) -> bool:
        """One phase without an end: who speaks next is as the room decides."""
        is_over = self.progress is not None and self.progress.ended is not None
        return not self.format or is_over or (len(self.format.phases) == 1 and self.format.phases[0].ends is None)

    @property
    def ordinal(self) -> int | None:
        return self.progress.ordinal if self.progress and not self.progress.ended else None

    @property
    def phase_name(self) -> str | None:
        if not (self.format and self.progress) or len(self.format.phases) == 1:
            return None
        return self.format.phase(self.progress.phase).name

    def floor(self, said: Sequence[AnyLine] | None = None) -> Floor | None:
        """None where the format has nothing to say, or nothing more."""
        if not (self.format and self.progress) or self.progress.ended:
            return None
        return floor_of(self.format, self.progress, self.company, self._of_now(said), self._votes())

    def heard_by(self, speaker_id: str) -> dict[str, object]:
        """The columns of a line that somebody says of their own accord: of the phase, where they play in it."""
        floor = self.floor()
        if not floor or self.progress is None or speaker_id not in self.company.roles:
            return {}
        if floor.audience is not None and speaker_id not in floor.audience:
            return {}
        return {'phase': self.ordinal, 'audience': None if floor.audience is None else list(floor.audience)}

    def is_of_now(self, message: AnyLine) -> bool:
        """Said for all, or in this phase: what those who speak in it have in their ears."""
        return message.audience is None or (self.progress is not None and message.phase == self.progress.ordinal)

    def changes_after(self, said: Sequence[AnyLine]) -> bool:
        """Whether another phase follows once this has been said."""
        return self.next_step(said) is not None

    def may_know(self, message: AnyLine, participant_id: str) -> bool:
        if not (self.format and self.progress):
            return True
        return may_see(
            self.format, self.progress, participant_id, message.phase, message.audience, message.participant_id
        )

    def told_to(self, participant: Participant) -> str:
        if not (self.format and self.progress):
            return ''
        return told(self.format, self.progress, self.company, participant.id, self._of_now())

    def ballot_of(self, participant_id: str) -> tuple[str, ...]:
        """The names of what it may vote for now; nothing where it has no vote."""
        if not (floor := self.floor()) or not floor.ballot:
            return ()
        names = dict(floor.ballot.choices)
        return tuple(names[choice] for choice in floor.ballot.by_voter.get(participant_id, ()))

    def vote_of(self, voter: str) -> str | None:
        """What was voted for by button in this phase."""
        return self._votes().get(voter) if self.progress else None

    def knows(self) -> dict[str, dict[str, Known]]:
        return knows(self.format, self.progress, self.company) if self.format and self.progress else {}

    @property
    def sealed_phase(self) -> int | None:
        """The ordinal of the phase whose lines nobody who watches may read before all have spoken, or it has ended."""
        if not self.progress or self.progress.ended or self._record.conversation.status == Status.ENDED:
            return None
        return self.progress.ordinal if self.progress.sealed else None

    def is_sealed(self, message: AnyLine, person: Scope | None = None) -> bool:
        """Whether it is still kept from whoever watches; a `person` reads their own lines at any time."""
        if message.phase is None or message.phase != self.sealed_phase or message.kind != LineKind.SPEECH:
            return False
        own = self._record.seat_of(person) if person else None
        return own is None or own.id != message.participant_id

    @property
    def sealed(self) -> list[str]:
        """The ids of the lines that will be opened together."""
        return [message.id for message in self._record.said if self.is_sealed(message)]

    def next_step(self, said: Sequence[AnyLine] | None = None, *, close: bool = False) -> Step | None:
        """What follows now, or will once this has been said; None while the phase goes on."""
        if not (self.format and self.progress):
            return None
        return advance(self.format, self.progress, self.company, self._of_now(said), self._votes(), close=close)

    def _of_now(self, said: Sequence[AnyLine] | None = None) -> list[AnyLine]:
        assert self.progress
        now = self.progress.ordinal
        return [message for message in (self._record.said if said is None else said) if message.phase == now]

    @property
    def all_votes(self) -> Mapping[str, Mapping[str, str]]:
        """By button, of people and participants, by the ordinal of the phase."""
        return self._record.conversation.settings.get(VOTES, {})

    def _votes(self) -> Mapping[str, str]:
        assert self.progress
        return self.all_votes.get(str(self.progress.ordinal), {})
