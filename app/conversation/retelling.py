"""Tells a line anew: who may, whether there is room for it, and how the line that stood there becomes a variant."""

from __future__ import annotations

from app.conversation import limits
from app.conversation.budget import NoRoom
from app.conversation.knowledge import may_know
from app.conversation.plan import World, plan
from app.conversation.record import Record
from app.conversation.redo import Redo, blanked, taken_back
from app.conversation.refused import Refused
from app.conversation.turn import Turn
from app.store.tables import Message, State


def wanted_anew(record: Record, message_id: str, participant_id: str | None, model: str | None) -> Redo:
    """Raises Refused for a line that nobody can tell again, and for a teller who cannot."""
    message = record.message(message_id)
    if message.state == State.SPEAKING:
        raise Refused(f'{message.speaker} is still speaking: wait, or interrupt first.')
    if message.turn is None or message.deleted_at:
        raise Refused('Only what a persona said can be told anew.')
    if fault := limits.model_fault(model):
        raise Refused(fault)
    participant = record.participant(participant_id or message.participant_id)
    if participant.id not in record.personas:
        raise Refused(f'{participant.name} is no persona: nobody can speak for them.')
    if participant.left_at:
        raise Refused(f'{participant.name} has left the room: let somebody who is here tell it.')
    if not may_know(message, participant.id):
        raise Refused(f'{participant.name} was not to hear this: let somebody tell it who was.')
    return Redo(message, participant, model)


def no_room_for(record: Record, world: World, redo: Redo) -> str | None:
    try:
        turn = plan_anew(record, world, redo)
    except NoRoom as no_room:
        return str(no_room)
    assert turn.allowance
    turn.allowance.drop()
    return None


def plan_anew(record: Record, world: World, redo: Redo) -> Turn:
    """Before the line is taken back: it stays as it is where there is no room for another."""
    draft = Message(**(redo.message.model_dump() | blanked(redo, world.voices.default_model)))
    return plan(record, world, draft, record.before(redo.message))


async def take_back(record: Record, world: World, redo: Redo, turn: Turn) -> None:
    """One event, written with the record held; then the turn speaks in the line's place. Raises NotWritten."""
    message = redo.message
    old, blank = taken_back(message, redo, world.voices.default_model)
    payload = {name: blank[name] for name in ('variant', 'participant_id', 'model')}
    payload['message_id'] = message.id
    await record.write('retold', payload, adds=(old,), changes=((message, blank),), turn=True)
    record.revisions += 1
    turn.message = message
