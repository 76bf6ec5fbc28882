"""What the journal asks the database to keep: pure shapes, so that the engine can speak of them without knowing SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.store.tables import Message, Note, Participant, Variant

Row = Message | Participant | Variant | Note


@dataclass(frozen=True, slots=True)
class Fence:
    """What a conversation must still look like for an entry to be taken: its epoch, and for a turn its turn count."""

    epoch: int
    turns: int | None = None


@dataclass(slots=True)
class Entry:
    """One event and the rows it changes, taken whole or refused whole.

    `conversation` are column changes of the conversation; `changes` those of other rows; `adds` are new rows,
    `removes` old ones. The segments of `folds` are deleted: its text stands in `changes` by then.
    """

    workspace_id: str
    conversation_id: str
    kind: str
    payload: dict[str, Any] = field(default_factory=dict)
    fence: Fence | None = None
    conversation: dict[str, Any] = field(default_factory=dict)
    adds: tuple[Row, ...] = ()
    changes: tuple[tuple[Row, dict[str, Any]], ...] = ()
    removes: tuple[Row, ...] = ()
    folds: Message | None = None


class NotWritten(Exception):
    """An entry changed nothing. The sentence is for people."""


class Fenced(NotWritten):
    """Somebody else changed the conversation since this entry's author last looked."""

    def __init__(self) -> None:
        super().__init__('Somebody else changed this conversation just now: look again, then try again.')


class CannotWrite(NotWritten):
    """The database refused to keep it, again and again."""
