"""A person lends a persona their words: who may be spoken for, and whose line it then is."""

from __future__ import annotations

from typing import Any

from app.conversation.record import Record
from app.conversation.refused import Refused
from app.store.tables import Kind, Message, Participant, State, now


def played(record: Record, participant_id: str) -> Participant:
    """The persona that a person may speak for. Raises Refused for anybody else, and for who is gone."""
    participant = record.participant(participant_id)
    if participant.kind != Kind.PERSONA:
        raise Refused(f'{participant.name} is no persona: you can speak as yourself, or for a persona.')
    if participant.left_at:
        raise Refused(f'{participant.name} has left the room: bring {participant.name} back in first.')
    return participant


def line_for(record: Record, participant: Participant, text: str, by: str, heard_by: dict[str, Any]) -> Message:
    """It is the persona's own line for everybody who is told of it, and takes no turn."""
    if any(m.state == State.SPEAKING and m.participant_id == participant.id for m in record.transcript[-3:]):
        raise Refused(f'{participant.name} is speaking just now: wait for the end, or interrupt first.')
    note = f'Spoken by {by} for {participant.name}.'
    return record.new_message(participant, state=State.COMPLETE, text=text, note=note, ended_at=now(), **heard_by)
