"""A person's line, as themselves or for a persona, and all that comes into the conversation with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.conversation.hearing import speakable
from app.conversation.lines import LONGEST_LINE
from app.conversation.playing import line_for, played
from app.conversation.record import Record
from app.conversation.refused import Refused
from app.store.entry import Row
from app.store.scope import Scope
from app.store.tables import Message, Participant, State, now


@dataclass(frozen=True, slots=True)
class Said:
    """`newcomer` is the seat of a person who had none."""

    message: Message
    newcomer: Participant | None
    payload: dict[str, Any]

    @property
    def adds(self) -> tuple[Row, ...]:
        return (self.newcomer, self.message) if self.newcomer else (self.message,)

    def enter(self, record: Record) -> None:
        record.remember(self.message)
        if self.newcomer:
            record.participants.append(self.newcomer)


def worded(text: str) -> str:
    """The words as they are said. Raises Refused for none and for too many."""
    text = speakable(text).strip()
    if not text:
        raise Refused('There is nothing to say yet: type something first.')
    if len(text) > LONGEST_LINE:
        raise Refused(f'That is {len(text):,} characters; a line can have {LONGEST_LINE:,}.')
    return text


def said_by(record: Record, scope: Scope, name: str, text: str, participant_id: str | None) -> Said:
    """`name` is the person's, used where they have no seat yet. Nothing is changed by it; hold the record until it is
    written."""
    seat = record.seat_of(scope)
    human = seat or record.new_human(scope, name)
    newcomer = None if seat else human
    heard_by = record.programme.heard_by(participant_id or human.id)
    if participant_id and participant_id != human.id:
        message = line_for(record, played(record, participant_id), text, human.name, heard_by)
        # Who lends their words needs no seat for it.
        return Said(message, None, {'message_id': message.id, 'participant_id': participant_id, 'by': human.name})
    message = record.new_message(human, state=State.COMPLETE, text=text, ended_at=now(), **heard_by)
    return Said(message, newcomer, {'message_id': message.id})
