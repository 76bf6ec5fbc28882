"""The notes a director has given in a conversation."""

from __future__ import annotations

from sqlmodel import col

from app.store.owned import owned
from app.store.scope import Scope
from app.store.store import Store
from app.store.tables import Note


async def latest_notes(store: Store, scope: Scope, conversation_id: str, limit: int = 200) -> list[Note]:
    """Oldest first, also those that are over: their effect is still looked at."""
    given = owned(Note, scope).where(col(Note.conversation_id) == conversation_id)
    async with store.session() as session:
        return list(await session.exec(given.order_by(col(Note.created_at).desc()).limit(limit)))[::-1]
