"""Who comes in, who leaves, and as whom somebody sits there: each is an event; what the others see of it, a scene."""

from __future__ import annotations

from app.casting.persona import Persona
from app.conversation.floor import CALLED, MUTED
from app.conversation.formats.company import ROLE
from app.conversation.formats.dealing import role_for_newcomer
from app.conversation.narrator import narrate
from app.conversation.record import Record
from app.conversation.refused import Refused
from app.store.tables import Kind, Participant, now

MOST_PRESENT = 6


class Seating:
    def __init__(self, record: Record) -> None:
        self._record = record

    async def bring_in(self, persona: Persona, version_id: str) -> None:
        """Who was here before comes back to the same seat, as who they were then."""
        record = self._record
        async with record.writing:
            seat = self._seat_of(persona)
            self._check_room_for(persona, seat)
            if seat:
                text, adds = f'{seat.name} comes back in.', ()
                # Who was muted before, and would now stand there in silence, may speak again.
                settings = {name: value for name, value in seat.settings.items() if name != MUTED}
                changes = ((seat, {'left_at': None, 'settings': settings}),)
            else:
                seat = self._new_seat(persona, version_id)
                text, adds, changes = f'{seat.name} comes in: {_sentence(persona.tagline)}', (seat,), ()
                # Known before it is written: screens are told of the newcomer in the same moment.
                record.personas[seat.id] = persona
            payload = {'participant_id': seat.id, 'persona_version_id': seat.persona_version_id}
            try:
                epoch = record.next_epoch()
                await narrate(record, 'came_in', payload, text, values=epoch, adds=adds, changes=changes)
            except Refused:
                if adds:
                    del record.personas[seat.id]
                raise
        record.changed.emit()

    async def see_off(self, participant_id: str) -> Participant:
        """The seat is kept. A line in progress is the caller's to cut."""
        record = self._record
        async with record.writing:
            leaver = record.participant(participant_id)
            if leaver.kind != Kind.PERSONA:
                raise Refused(f'{leaver.name} is no persona: people come and go as they like.')
            if leaver.left_at:
                raise Refused(f'{leaver.name} has left already.')
            if len(self._personas_present) < 2:
                raise Refused(f'Without {leaver.name} nobody would be left to speak: bring somebody else in first.')
            settings = {name: value for name, value in leaver.settings.items() if name != CALLED}
            changes = ((leaver, {'left_at': now(), 'settings': settings}),)
            payload = {'participant_id': leaver.id}
            await narrate(
                record, 'left', payload, f'{leaver.name} leaves the room.', values=record.next_epoch(), changes=changes
            )
        record.changed.emit()
        return leaver

    async def recast(self, participant_id: str, persona: Persona, version_id: str) -> None:
        """Another version of the same character has the seat from its next turn on."""
        record = self._record
        async with record.writing:
            seat = record.participant(participant_id)
            before = record.personas.get(seat.id)
            if before is None or before.id != persona.id:
                raise Refused(f'{seat.name} can only become another version of the same persona.')
            if seat.persona_version_id == version_id:
                raise Refused(f'{seat.name} speaks as this version already.')
            self._check_name(persona, seat)
            payload = {'participant_id': seat.id, 'persona_version_id': version_id, 'name': persona.name}
            changes = ((seat, {'persona_version_id': version_id, 'name': persona.name}),)
            await record.write('recast', payload, record.next_epoch(), changes=changes)
            record.personas[seat.id] = persona
        record.changed.emit()

    @property
    def _personas_present(self) -> list[Participant]:
        return [participant for participant in self._record.present if participant.kind == Kind.PERSONA]

    def _seat_of(self, persona: Persona) -> Participant | None:
        personas = self._record.personas
        mine = (p for p in self._record.participants if p.id in personas and personas[p.id].id == persona.id)
        return next(mine, None)

    def _check_room_for(self, persona: Persona, seat: Participant | None) -> None:
        if seat and seat.left_at is None:
            raise Refused(f'{seat.name} is here already.')
        if len(self._personas_present) >= MOST_PRESENT:
            raise Refused(f'The stage holds {MOST_PRESENT} personas: let one of them leave first.')
        self._check_name(persona, seat)

    def _check_name(self, persona: Persona, seat: Participant | None) -> None:
        """Lines are labelled with names: two of one would be one."""
        taken = {p.name.casefold() for p in self._record.present if p is not seat}
        if persona.name.casefold() in taken:
            raise Refused(f'Somebody called {persona.name} is in the room already.')

    def _new_seat(self, persona: Persona, version_id: str) -> Participant:
        record, programme = self._record, self._record.programme
        role = role_for_newcomer(programme.format, programme.company.roles) if programme.format else None
        return Participant(
            workspace_id=record.conversation.workspace_id,
            conversation_id=record.conversation.id,
            seat=max((p.seat for p in record.participants), default=0) + 1,
            name=persona.name,
            persona_version_id=version_id,
            settings={ROLE: role} if role else {},
        )


def _sentence(words: str) -> str:
    words = words.strip()
    return words if words.endswith(('.', '!', '?')) else f'{words}.'
