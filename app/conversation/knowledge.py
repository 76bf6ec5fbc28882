"""Who may know of which line: what a persona does not know must not stand in its prompt."""

from __future__ import annotations

from collections.abc import Iterable

from app.conversation.plain_line import AnyLine
from app.conversation.record import Record
from app.store.tables import LineKind, Participant


def known_to(record: Record, participant: Participant, said: Iterable[AnyLine]) -> list[AnyLine]:
    may_know_now = record.programme.may_know
    return [
        message
        for message in said
        if is_there(message) and may_know(message, participant.id) and may_know_now(message, participant.id)
    ]


def may_know(message: AnyLine, participant_id: str) -> bool:
    """Whoever said it knows it; of the rest its audience, where it has one."""
    return message.audience is None or participant_id == message.participant_id or participant_id in message.audience


def is_there(message: AnyLine) -> bool:
    """It has words, and nobody has taken it back."""
    return message.deleted_at is None and bool(message.text.strip())


def spoken(said: Iterable[AnyLine]) -> list[AnyLine]:
    """What was said aloud by somebody, for everybody's ears: what the order, the guards and the measures go by."""
    return [message for message in said if message.audience is None and is_aloud(message)]


def is_aloud(message: AnyLine) -> bool:
    return message.kind == LineKind.SPEECH and is_there(message)
