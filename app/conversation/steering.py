"""What a person may change of a conversation while it goes on, none of which stops it: each is one event."""

from __future__ import annotations

from app.conversation import limits
from app.conversation.budget import unpriced
from app.conversation.floor import BOOST, CALLED, MUTED
from app.conversation.hearing import speakable
from app.conversation.limits import UNTIL_DONE
from app.conversation.record import Record
from app.conversation.refused import Refused
from app.conversation.speaker_order import ORDERS
from app.conversation.voices import Voices
from app.conversation.watch import OFF
from app.store.tables import Kind

MOST_BOOST = 3.0


class Steering:
    """`voices` tell what models cost: who sets no model and no limit can do without."""

    def __init__(self, record: Record, voices: Voices | None = None) -> None:
        self._record = record
        self._voices = voices

    async def set_pace(self, pace: float) -> None:
        """1 is as the personas type, 2 twice as fast, 0 as fast as they come. Holds from the next turn on."""
        if fault := limits.pace_fault(pace):
            raise Refused(fault)
        await self._record.command('pace', {'pace': pace}, {'pace': pace})

    async def set_limits(self, **wanted: int | None) -> None:
        for name, value in wanted.items():
            if fault := limits.fault(name, value):
                raise Refused(fault)
        if wanted.get('max_money') is not None:
            for participant in self._record.present:
                if participant.id in self._record.personas and (fault := self._unpriced(participant.model)):
                    raise Refused(fault)
        await self._record.command('limits', dict(wanted), dict(wanted))

    async def set_model(self, participant_id: str, model: str | None) -> None:
        """Holds from the participant's next turn on."""
        record = self._record
        participant = record.participant(participant_id)
        if fault := limits.model_fault(model):
            raise Refused(fault)
        if record.conversation.max_money is not None and (fault := self._unpriced(model)):
            raise Refused(fault)
        async with record.writing:
            payload = {'participant_id': participant_id, 'model': model}
            await record.write('model', payload, changes=((participant, {'model': model}),))
        record.changed.emit()

    def _unpriced(self, model: str | None) -> str | None:
        assert self._voices
        model = model or self._voices.default_model
        return unpriced(model) if self._voices.price(model) is None else None

    async def set_until_done(self, on: bool) -> None:
        """A conversation that ends by itself when the talk has run dry."""
        await self._settle_room('until_done', on, UNTIL_DONE, is_kept=on)

    async def set_order(self, order: str) -> None:
        if order not in ORDERS:
            raise Refused(f'There is no speaker order “{order}”.')
        await self._record.command('order', {'order': order}, {'speaker_order': order})

    async def set_guards(self, on: bool) -> None:
        """Without them nobody steps in when the talk goes round in circles."""
        await self._settle_room('guards', on, OFF, is_kept=not on)

    async def call_on(self, participant_id: str, because: str = '', *, rule_id: str | None = None) -> None:
        """Speaks next, whoever else wants to; of two who were called the one of the first seat."""
        await self._settle_floor(participant_id, 'called_on', CALLED, because or True, rule_id)

    async def mute(self, participant_id: str, muted: bool) -> None:
        """Who is muted ends the line it is speaking, and begins none."""
        await self._settle_floor(participant_id, 'muted', MUTED, muted)

    async def boost(self, participant_id: str, by: float) -> None:
        """Added to the persona's urge to speak; a question to its name weighs 3."""
        if not -MOST_BOOST <= by <= MOST_BOOST:
            raise Refused(f'An urge can be changed by {MOST_BOOST} at most, up or down.')
        await self._settle_floor(participant_id, 'boosted', BOOST, by)

    async def _settle_floor(
        self, participant_id: str, kind: str, name: str, value: float | bool | str, rule_id: str | None = None
    ) -> None:
        record = self._record
        participant = record.participant(participant_id)
        if participant.kind != Kind.PERSONA:
            raise Refused(f'{participant.name} is no persona: people speak when they like.')
        if participant.left_at:
            raise Refused(f'{participant.name} has left the room.')
        async with record.writing:
            settings = {key: kept for key, kept in participant.settings.items() if key != name}
            if value:
                settings[name] = value
            payload = {'participant_id': participant_id, name: value} | ({'rule_id': rule_id} if rule_id else {})
            await record.write(kind, payload, changes=((participant, {'settings': settings}),))
        record.changed.emit()

    async def _settle_room(self, kind: str, on: bool, name: str, *, is_kept: bool) -> None:
        record = self._record
        async with record.writing:  # of two at once the second builds on the first
            settings = {key: kept for key, kept in record.conversation.settings.items() if key != name}
            if is_kept:
                settings[name] = True
            await record.write(kind, {'on': on}, {'settings': settings} | record.next_epoch())
        record.changed.emit()

    async def rename(self, title: str) -> None:
        title = ' '.join(speakable(title).split())[:200]
        if not title:
            raise Refused('A conversation needs a title.')
        await self._record.command('renamed', {'title': title}, {'title': title})
