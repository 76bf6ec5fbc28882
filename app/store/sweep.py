"""After a crash: what was cut off is marked so, with every word that was shown, and nothing runs by itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.store.scope import Scope
from app.store.store import Store
from app.store.tables import Conversation, Event, Message, Segment, State, Status, now

CUT_OFF = 'Chimera was stopped in mid-sentence'
RESTARTED = 'Chimera was restarted; press Resume to go on.'


async def interrupt_cut_turns(store: Store, scope: Scope | None) -> list[str]:
    """The conversations that were left running or speaking, now paused. None is for the start: all workspaces.

    To be called while nobody speaks. Being killed in it or calling it twice does no harm: each conversation is
    mended in one transaction.
    """
    speaking = select(Message.conversation_id).where(col(Message.state) == State.SPEAKING)
    cut = select(Conversation.id).where(
        or_(col(Conversation.status) == Status.RUNNING, col(Conversation.id).in_(speaking))
    )
    if scope:
        cut = cut.where(col(Conversation.workspace_id) == scope.workspace_id)
    async with store.session() as session:
        conversation_ids = list(await session.exec(cut))
    for conversation_id in conversation_ids:
        async with store.writing() as session:
            await _mend(session, conversation_id)
    return conversation_ids


async def _mend(session: AsyncSession, conversation_id: str) -> None:
    mine = select(Conversation).where(col(Conversation.id) == conversation_id).with_for_update()
    conversation = (await session.exec(mine)).first()
    if conversation is None:
        return
    events = [await _interrupt(session, message) for message in await _speaking(session, conversation_id)]
    changes: dict[str, Any] = {}
    if conversation.status == Status.RUNNING:
        # A new epoch: should the process that was thought dead only have been frozen, it can commit no more turns.
        changes = {'status': Status.PAUSED, 'stop_reason': RESTARTED, 'epoch': col(Conversation.epoch) + 1}
        events.append(('status', {'status': Status.PAUSED, 'because': RESTARTED}))
    if events:
        await _record(session, conversation, events, changes)


async def _speaking(session: AsyncSession, conversation_id: str) -> list[Message]:
    cut = select(Message).where(col(Message.conversation_id) == conversation_id, col(Message.state) == State.SPEAKING)
    return list(await session.exec(cut.order_by(col(Message.number))))


async def _interrupt(session: AsyncSession, message: Message) -> tuple[str, dict[str, Any]]:
    heard = select(Segment).where(col(Segment.message_id) == message.id).order_by(col(Segment.number))
    for segment in list(await session.exec(heard)):
        if segment.reasoning:
            message.reasoning += segment.text
        else:
            message.text += segment.text
    message.state = State.INTERRUPTED
    message.note = CUT_OFF
    message.ended_at = now()
    await session.exec(delete(Segment).where(col(Segment.message_id) == message.id))
    return 'turn_ended', {'message_id': message.id, 'state': State.INTERRUPTED}


async def _record(
    session: AsyncSession,
    conversation: Conversation,
    events: list[tuple[str, dict[str, Any]]],
    changes: dict[str, Any],
) -> None:
    claim = (
        update(Conversation)
        .where(col(Conversation.id) == conversation.id)
        .values(event_number=col(Conversation.event_number) + len(events), **changes)
        .returning(col(Conversation.event_number))
        .execution_options(synchronize_session=False)
    )
    last = (await session.exec(claim)).scalar_one()
    for number, (kind, payload) in enumerate(events, last - len(events) + 1):
        event = Event(
            conversation_id=conversation.id,
            number=number,
            workspace_id=conversation.workspace_id,
            kind=kind,
            payload=payload,
        )
        await session.exec(insert(Event).values(event.model_dump()))
