"""What the journal asks the database to keep: pure shapes, so that the engine can speak of them without knowing SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.store.tables import Message, Participant


@dataclass(frozen=True, slots=True)
class Fence:
    """What a conversation must still look like for an entry to be taken: its epoch, and for a turn its turn count."""

    epoch: int
    turns: int | None = None


@dataclass(slots=True)
class Entry:
    """One event and the rows it changes, taken whole or refused whole.

    `conversation` and `message` are column changes; `adds` are new rows. `fold` writes the text given in `message`
    over the segments of `message_id`, which are then deleted.
    """

    workspace_id: str
    conversation_id: str
    kind: str
    payload: dict[str, Any] = field(default_factory=dict)
    fence: Fence | None = None
    conversation: dict[str, Any] = field(default_factory=dict)
    adds: tuple[Message | Participant, ...] = ()
    message_id: str | None = None
    message: dict[str, Any] = field(default_factory=dict)
    fold: bool = False


class Fenced(Exception):
    """Somebody else changed the conversation since this entry's author last looked: it was refused, nothing changed."""
