"""What is known of one conversation while it is alive, and the one way to change it: write first, then believe."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from nicegui import Event

from app.casting.persona import Persona
from app.conversation.plain_line import PlainLine, plain
from app.conversation.programme import Programme
from app.conversation.refused import Refused
from app.conversation.voices import Journal
from app.store.entry import Entry, Fence, NotWritten
from app.store.scope import Scope
from app.store.tables import Conversation, Kind, Message, Note, Participant

REMEMBERED = 600
FORGOTTEN_AT_ONCE = 64


class Record:
    """`personas` are by participant id; `transcript` holds the newest lines in the order of their numbers, `said` the
    same lines plainly, each in the same place. Whoever looks at what stands in order to change it holds `writing`
    meanwhile: then no two build on the same past."""

    def __init__(
        self, conversation: Conversation, participants: Sequence[Participant], personas: dict[str, Persona],
        transcript: Sequence[Message], journal: Journal,
    ) -> None:  # fmt: skip
        self.conversation = conversation
        self.participants = list(participants)
        self.personas = personas
        self.transcript = list(transcript)
        self.said = [plain(message) for message in self.transcript]
        self.notes: list[Note] = []
        self.writing = asyncio.Lock()
        self.revisions = 0
        """How often something that had been said was changed: who remembers what it was takes it in anew."""
        self.programme = Programme(self)
        self.changed: Event[[]] = Event()
        """The state of the conversation is another than before: who speaks, how it stands, what it may use."""
        self._journal = journal

    async def write(
        self,
        kind: str,
        payload: dict[str, Any],
        values: dict[str, Any] | None = None,
        *,
        turn: bool = False,
        **rows: Any,
    ) -> None:
        """One event with all it changes. What is in memory changes only when the database has taken it; a `turn` that
        comes too late raises Fenced, a command is Refused."""
        conversation = self.conversation
        fence = Fence(conversation.epoch, conversation.turns if turn else None)
        entry = Entry(
            conversation.workspace_id, conversation.id, kind, payload, fence, conversation=values or {}, **rows
        )
        try:
            conversation.event_number = await self._journal.record(entry)
        except NotWritten as error:
            if turn:
                raise
            raise Refused(str(error)) from error
        for name, value in entry.conversation.items():
            setattr(conversation, name, value)
        for row, _ in entry.changes:
            if isinstance(row, Message):
                self._say_again(row)

    async def command(self, kind: str, payload: dict[str, Any], values: dict[str, Any]) -> None:
        async with self.writing:
            await self.write(kind, payload, values | self.next_epoch())
        self.changed.emit()

    def next_epoch(self) -> dict[str, Any]:
        return {'epoch': self.conversation.epoch + 1}

    def remember(self, message: Message) -> None:
        """Old lines are forgotten many at a time: a prompt's summary of them then stays the same for long."""
        self.transcript.append(message)
        self.said.append(plain(message))
        if len(self.transcript) > REMEMBERED + FORGOTTEN_AT_ONCE:
            del self.transcript[:FORGOTTEN_AT_ONCE], self.said[:FORGOTTEN_AT_ONCE]

    def _say_again(self, message: Message) -> None:
        """It is another than it was. Nearly always it is the last one."""
        for at in range(len(self.said) - 1, -1, -1):
            if self.said[at].id == message.id:
                self.said[at] = plain(message)
                return

    def participant(self, participant_id: str) -> Participant:
        for participant in self.participants:
            if participant.id == participant_id:
                return participant
        raise Refused('Nobody of that kind sits here.')

    @property
    def present(self) -> list[Participant]:
        """Who is in the room now, in the order of their seats."""
        return [participant for participant in self.participants if participant.left_at is None]

    def message(self, message_id: str) -> Message:
        """Of those that are remembered. Raises Refused for any other."""
        for message in reversed(self.transcript):
            if message.id == message_id:
                return message
        raise Refused('That line is too far back to be changed, or it is gone.')

    def before(self, message: Message) -> list[PlainLine]:
        return [earlier for earlier in self.said if earlier.number < message.number]

    def said_after(self, number: int) -> list[PlainLine]:
        newest = takewhile(lambda line: line.number > number, reversed(self.said))
        return list(newest)[::-1]

    def names(self, participant: Participant) -> tuple[str, ...]:
        persona = self.personas.get(participant.id)
        return (participant.name, *(persona.aliases if persona else ()))

    def seat_of(self, scope: Scope) -> Participant | None:
        return next((p for p in self.participants if p.person_id == scope.person_id), None)

    def new_human(self, scope: Scope, name: str) -> Participant:
        return Participant(
            workspace_id=self.conversation.workspace_id,
            conversation_id=self.conversation.id,
            seat=max((p.seat for p in self.participants), default=0) + 1,
            kind=Kind.HUMAN,
            name=name,
            person_id=scope.person_id,
        )

    def new_message(self, participant: Participant, **columns: Any) -> Message:
        return Message(
            workspace_id=self.conversation.workspace_id,
            conversation_id=self.conversation.id,
            number=self.said[-1].number + 1 if self.said else 1,
            participant_id=participant.id,
            persona_version_id=participant.persona_version_id,
            speaker=participant.name,
            **columns,
        )
