"""What a director lays down for one speaker order: the list that is gone down, the model that breaks ties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.conversation import limits
from app.conversation.floor import LISTED, MODERATOR, moderated_by
from app.conversation.record import Record
from app.conversation.refused import Refused

LONGEST_LIST = 24
MOST_MARGIN = 3.0


class Ordering:
    def __init__(self, record: Record) -> None:
        self._record = record

    async def set_list(self, participant_ids: Sequence[str]) -> None:
        """Gone down from its top again and again; one may stand there twice. Empty is round the table."""
        record, listed = self._record, list(participant_ids)
        if len(listed) > LONGEST_LIST:
            raise Refused(f'The list has {len(listed)} entries; it can have {LONGEST_LIST}.')
        for participant_id in listed:
            participant = record.participant(participant_id)
            if participant.id not in record.personas:
                raise Refused(f'{participant.name} is no persona: people speak when they like.')
            if participant.left_at:
                raise Refused(f'{participant.name} has left the room.')
        await self._set('listed', LISTED, listed)

    async def set_moderator(self, model: str | None = None, margin: float | None = None) -> None:
        """`model` None is the host's default. `margin` is how close the two strongest urges must be for it to be asked;
        a question to one's name weighs 3."""
        if fault := limits.model_fault(model):
            raise Refused(fault)
        margin = moderated_by(self._record).margin if margin is None else margin
        if not 0 <= margin <= MOST_MARGIN:
            raise Refused(f'The margin goes from 0 (never) to {MOST_MARGIN:g} (nearly always).')
        await self._set('moderator', MODERATOR, {'model': model, 'margin': margin})

    async def _set(self, kind: str, name: str, value: Any) -> None:
        record = self._record
        async with record.writing:
            settings = record.conversation.settings | {name: value}
            await record.write(kind, {name: value}, {'settings': settings, **record.next_epoch()})
        record.changed.emit()
