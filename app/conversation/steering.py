"""What a person may change of a conversation while it goes on, none of which stops it: each is one event."""

from __future__ import annotations

from app.conversation import limits
from app.conversation.hearing import speakable
from app.conversation.record import Record
from app.conversation.refused import Refused


class Steering:
    def __init__(self, record: Record) -> None:
        self._record = record

    async def set_pace(self, pace: float) -> None:
        """1 is as the personas type, 2 twice as fast, 0 as fast as they come. Holds from the next turn on."""
        if fault := limits.pace_fault(pace):
            raise Refused(fault)
        await self._record.command('pace', {'pace': pace}, {'pace': pace})

    async def set_limits(self, **wanted: int | None) -> None:
        for name, value in wanted.items():
            if fault := limits.fault(name, value):
                raise Refused(fault)
        await self._record.command('limits', dict(wanted), dict(wanted))

    async def set_model(self, participant_id: str, model: str | None) -> None:
        """Holds from the participant's next turn on."""
        record = self._record
        participant = record.participant(participant_id)
        if fault := limits.model_fault(model):
            raise Refused(fault)
        async with record.writing:
            payload = {'participant_id': participant_id, 'model': model}
            await record.write('model', payload, changes=((participant, {'model': model}),))
        record.changed.emit()

    async def rename(self, title: str) -> None:
        title = ' '.join(speakable(title).split())[:200]
        if not title:
            raise Refused('A conversation needs a title.')
        await self._record.command('renamed', {'title': title}, {'title': title})
