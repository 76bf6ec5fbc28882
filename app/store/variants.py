"""What the engine does not keep in memory of a conversation: lines from long ago, and the variants of a line."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col

from app.store.owned import owned
from app.store.scope import Scope
from app.store.store import Store
from app.store.tables import Message, Variant


class Archive:
    """Of one workspace. Each row it gives is a fresh one: whoever changes it has it to themselves."""

    def __init__(self, store: Store, scope: Scope) -> None:
        self._store = store
        self._scope = scope

    async def message(self, conversation_id: str, message_id: str) -> Message | None:
        wanted = owned(Message, self._scope).where(
            col(Message.id) == message_id, col(Message.conversation_id) == conversation_id
        )
        async with self._store.session() as session:
            return (await session.exec(wanted)).first()

    async def variants(self, message: Message) -> Sequence[Variant]:
        """Those that are not shown now, by their numbers."""
        kept = owned(Variant, self._scope).where(col(Variant.message_id) == message.id)
        async with self._store.session() as session:
            return list(await session.exec(kept.order_by(col(Variant.number))))
