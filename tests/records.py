"""Everything that is written of a conversation: no screen asks for so much at once, tests do."""

from __future__ import annotations

from collections import defaultdict

from sqlmodel import col

from app.store.owned import owned
from app.store.scope import Scope
from app.store.store import Store
from app.store.tables import Event, Message
from app.store.transcripts import OpenMessage, this_moment


async def whole_transcript(store: Store, scope: Scope, conversation_id: str) -> list[Message]:
    said = owned(Message, scope).where(col(Message.conversation_id) == conversation_id)
    async with store.session() as session:
        return list(await session.exec(said.order_by(col(Message.number))))


async def all_transcripts(store: Store, scope: Scope) -> dict[str, list[Message]]:
    """Of every conversation, by its id."""
    said: defaultdict[str, list[Message]] = defaultdict(list)
    async with store.session() as session:
        for message in await session.exec(owned(Message, scope).order_by(col(Message.number))):
            said[message.conversation_id].append(message)
    return said


async def events_since(store: Store, scope: Scope, conversation_id: str, number: int) -> list[Event]:
    """What happened after event `number`, in order."""
    happened = owned(Event, scope).where(col(Event.conversation_id) == conversation_id, col(Event.number) > number)
    async with store.session() as session:
        return list(await session.exec(happened.order_by(col(Event.number))))


async def being_said(store: Store, scope: Scope, conversation_id: str) -> list[OpenMessage]:
    moment = await this_moment(store, scope, conversation_id)
    assert moment
    return moment.speaking
