"""A message as the engine reads it, again and again: out of the database's row once, not at every look.

A row costs ten times as much to read as a plain object, and the order, the guards and the prompt look at hundreds of
lines a turn. A plain line never changes: where its message does, `Record` puts another in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from app.conversation.orders.words import stems_of
from app.store.tables import Message


@dataclass(frozen=True)
class PlainLine:
    """The columns mean what those of `Message` do."""

    id: str
    number: int
    kind: str
    turn: int | None
    phase: int | None
    audience: Sequence[str] | None
    participant_id: str
    speaker: str
    state: str
    text: str
    note: str | None
    deleted_at: datetime | None

    @cached_property
    def stems(self) -> frozenset[str]:
        return stems_of(self.text)


AnyLine = Message | PlainLine


def plain(line: AnyLine) -> PlainLine:
    if isinstance(line, PlainLine):
        return line
    return PlainLine(
        line.id, line.number, line.kind, line.turn, line.phase, line.audience, line.participant_id, line.speaker,
        line.state, line.text, line.note, line.deleted_at,
    )  # fmt: skip
