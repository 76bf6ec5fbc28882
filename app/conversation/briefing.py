"""What a speaker is told privately at the end of its prompt, beside who it is: each part says its own, or nothing."""

from __future__ import annotations

from collections.abc import Callable

from app.conversation.dials import directed
from app.conversation.notes import told
from app.conversation.record import Record
from app.conversation.scenes import set_here
from app.conversation.watch import whispered
from app.store.tables import Participant


def played(record: Record, speaker: Participant, taken: int) -> str:
    return record.programme.told_to(speaker)


Part = Callable[[Record, Participant, int], str]

PARTS: list[Part] = [set_here, played, told, directed, whispered]


def briefing(record: Record, speaker: Participant, taken: int) -> list[str]:
    """For the turn after so many were `taken`: the one that is planned ahead comes one later than the next."""
    return [text for part in PARTS if (text := part(record, speaker, taken).strip())]
