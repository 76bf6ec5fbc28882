"""What was said, in pieces small enough to show at once, and what happened since somebody last looked."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_
from sqlmodel import col

from app.store.owned import owned
from app.store.scope import Scope
from app.store.store import Store
from app.store.tables import OPENED, Conversation, Event, Message, Segment, State

OPENING = ('phase', 'status')
"""The kinds of events after which lines that were sealed may be read."""


@dataclass(frozen=True, slots=True)
class OpenMessage:
    """A message whose words still arrive: what there is of it so far, up to and including `segment_number`."""

    message: Message
    text: str
    reasoning: str
    segment_number: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A conversation as one moment of the database has it: all that happened up to and including `event_number`, and
    what was being said then."""

    event_number: int
    speaking: list[OpenMessage]


async def latest_messages(store: Store, scope: Scope, conversation_id: str, limit: int = 50) -> list[Message]:
    """The end of the transcript, oldest first."""
    said = owned(Message, scope).where(col(Message.conversation_id) == conversation_id)
    async with store.session() as session:
        return list(await session.exec(said.order_by(col(Message.number).desc()).limit(limit)))[::-1]


async def earlier_messages(
    store: Store, scope: Scope, conversation_id: str, before: int, limit: int = 50
) -> list[Message]:
    """What was said just before message number `before`, oldest first."""
    said = owned(Message, scope).where(col(Message.conversation_id) == conversation_id, col(Message.number) < before)
    async with store.session() as session:
        return list(await session.exec(said.order_by(col(Message.number).desc()).limit(limit)))[::-1]


async def later_messages(
    store: Store, scope: Scope, conversation_id: str, after: int, limit: int = 50
) -> list[Message]:
    """What was said just after message number `after`, oldest first."""
    said = owned(Message, scope).where(col(Message.conversation_id) == conversation_id, col(Message.number) > after)
    async with store.session() as session:
        return list(await session.exec(said.order_by(col(Message.number)).limit(limit)))


async def this_moment(store: Store, scope: Scope, conversation_id: str) -> Moment | None:
    """With every word that anybody may have seen."""
    counted = owned(Conversation, scope).where(col(Conversation.id) == conversation_id)
    growing = owned(Message, scope).where(
        col(Message.conversation_id) == conversation_id, col(Message.state) == State.SPEAKING
    )
    async with store.session() as session:
        conversation = (await session.exec(counted)).first()
        messages = list(await session.exec(growing.order_by(col(Message.number))))
        heard = owned(Segment, scope).where(col(Segment.message_id).in_([message.id for message in messages]))
        segments = list(await session.exec(heard.order_by(col(Segment.number)))) if messages else []
    if conversation is None:
        return None
    speaking = [_so_far(message, [s for s in segments if s.message_id == message.id]) for message in messages]
    return Moment(conversation.event_number, speaking)


async def messages_touched_since(
    store: Store, scope: Scope, conversation_id: str, event_number: int, limit: int = 50
) -> list[Message]:
    """The first messages, as they are now, that any event after `event_number` names in its `message_id`, or lets
    people read."""
    named = (
        owned(Event, scope)
        .where(col(Event.conversation_id) == conversation_id, col(Event.number) > event_number)
        .with_only_columns(col(Event.payload)['message_id'].as_string())
    )
    here = owned(Message, scope).where(col(Message.conversation_id) == conversation_id)
    opening = (
        owned(Event, scope)
        .where(col(Event.conversation_id) == conversation_id, col(Event.number) > event_number)
        .where(col(Event.kind).in_(OPENING))
    )
    async with store.session() as session:
        opened = {id for event in await session.exec(opening) for id in event.payload.get(OPENED, ())}
        touched = here.where(or_(col(Message.id).in_(named), col(Message.id).in_(opened)))
        return list(await session.exec(touched.order_by(col(Message.number)).limit(limit)))


def _so_far(message: Message, segments: list[Segment]) -> OpenMessage:
    return OpenMessage(
        message,
        text=message.text + ''.join(segment.text for segment in segments if not segment.reasoning),
        reasoning=message.reasoning + ''.join(segment.text for segment in segments if segment.reasoning),
        segment_number=segments[-1].number if segments else 0,
    )
