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


OF_NOW: set[Part] = {played}
"""What is told of the phase as it stands, and not for a line of an earlier one."""


def briefing(record: Record, speaker: Participant, taken: int, *, is_of_now: bool = True) -> list[str]:
    """For the turn after so many were `taken`: the one that is planned ahead comes one later than the next."""
    parts = [part for part in PARTS if is_of_now or part not in OF_NOW]
    return [text for part in parts if (text := part(record, speaker, taken).strip())]
