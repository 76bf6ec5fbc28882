"""What a speaker is told privately at the end of its prompt, beside who it is: each part says its own, or nothing."""

from __future__ import annotations

from collections.abc import Callable

from app.conversation.dials import directed
from app.conversation.notes import told
from app.conversation.record import Record
from app.conversation.scenes import set_here
from app.store.tables import Participant

Part = Callable[[Record, Participant], str]

PARTS: list[Part] = [set_here, told, directed]


def briefing(record: Record, speaker: Participant) -> list[str]:
    return [text for part in PARTS if (text := part(record, speaker).strip())]
