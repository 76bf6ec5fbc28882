"""Lines that nobody says: the place changes, somebody comes in, a guard steps in. They stand in the transcript, and in
the prompts of those who may know of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.conversation.record import Record
from app.store.entry import Row
from app.store.tables import Kind, LineKind, Message, Participant, State, now

NARRATOR = 'Narrator'
NOBODY: tuple[str, ...] = ()
"""The audience of a line that only the people who watch may read."""


async def narrate(
    record: Record, event: str, payload: dict[str, Any], text: str, *, kind: LineKind = LineKind.SCENE,
    audience: Sequence[str] | None = None, values: dict[str, Any] | None = None, adds: Sequence[Row] = (),
    changes: Sequence[tuple[Row, dict[str, Any]]] = (),
) -> Message:  # fmt: skip
    """One event with its line; hold `record.writing` meanwhile. Whoever is added sits there when it is written."""
    seat = next((p for p in record.participants if p.kind == Kind.NARRATOR), None)
    narrator = seat or _new_seat(record, adds)
    message = record.new_message(
        narrator, kind=kind, state=State.COMPLETE, text=text, ended_at=now(),
        audience=None if audience is None else list(audience),
    )  # fmt: skip
    rows = (*adds, message) if seat else (*adds, narrator, message)
    await record.write(event, payload | {'message_id': message.id}, values, adds=rows, changes=tuple(changes))
    record.participants.extend(row for row in rows if isinstance(row, Participant))
    record.remember(message)
    return message


def _new_seat(record: Record, others: Sequence[Row]) -> Participant:
    seats = [p.seat for p in (*record.participants, *others) if isinstance(p, Participant)]
    return Participant(
        workspace_id=record.conversation.workspace_id,
        conversation_id=record.conversation.id,
        seat=max(seats, default=0) + 1,
        kind=Kind.NARRATOR,
        name=NARRATOR,
    )
