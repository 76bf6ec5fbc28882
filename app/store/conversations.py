"""Conversations and who is seated in them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import col

from app.store.owned import owned
from app.store.recent import ConversationCard, Seat, recent_conversations
from app.store.scope import Scope
from app.store.store import Store
from app.store.tables import Conversation, Event, Message, Note, Participant, Segment, Status, Variant

__all__ = [
    'ConversationCard',
    'Seat',
    'conversation',
    'create_conversation',
    'delete_conversation',
    'participants',
    'recent_conversations',
    'rename_conversation',
    'running_conversations',
]


async def create_conversation(
    store: Store, scope: Scope, conversation: Conversation, participants: Sequence[Participant]
) -> None:
    """Raises ValueError for a row made for another workspace or another conversation."""
    for row in (conversation, *participants):
        if row.workspace_id != scope.workspace_id:
            raise ValueError(f'{type(row).__name__} {row.id} belongs to another workspace')
    if any(participant.conversation_id != conversation.id for participant in participants):
        raise ValueError(f'a participant belongs to another conversation than {conversation.id}')
    async with store.writing() as session:
        session.add(conversation)
        await session.flush()
        session.add_all(participants)


async def conversation(store: Store, scope: Scope, conversation_id: str) -> Conversation | None:
    async with store.session() as session:
        return (await session.exec(owned(Conversation, scope).where(col(Conversation.id) == conversation_id))).first()


async def participants(store: Store, scope: Scope, conversation_id: str) -> list[Participant]:
    """In the order of their seats."""
    seated = owned(Participant, scope).where(col(Participant.conversation_id) == conversation_id)
    async with store.session() as session:
        return list(await session.exec(seated.order_by(col(Participant.seat))))


async def running_conversations(store: Store, scope: Scope) -> list[Conversation]:
    async with store.session() as session:
        return list(await session.exec(owned(Conversation, scope).where(col(Conversation.status) == Status.RUNNING)))


async def rename_conversation(store: Store, scope: Scope, conversation_id: str, title: str) -> bool:
    """False where there is no such conversation."""
    async with store.writing() as session:
        found = (await session.exec(owned(Conversation, scope).where(col(Conversation.id) == conversation_id))).first()
        if found:
            found.title = title
        return found is not None


async def delete_conversation(store: Store, scope: Scope, conversation_id: str) -> bool:
    """With all that was said in it. False where there is no such conversation."""
    async with store.writing() as session:
        mine = owned(Conversation, scope).where(col(Conversation.id) == conversation_id).with_for_update()
        if (await session.exec(mine)).first() is None:
            return False
        for table in (Segment, Event, Variant, Note, Message, Participant):
            await session.exec(delete(table).where(col(table.conversation_id) == conversation_id))
        await session.exec(delete(Conversation).where(col(Conversation.id) == conversation_id))
        return True
