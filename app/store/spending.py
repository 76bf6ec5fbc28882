"""What turns cost, added up over everybody: from the events, where each payment stands once, whatever became of the
line it was for. A conversation that was deleted took its events along."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func
from sqlmodel import col, select

from app.store.store import Store
from app.store.tables import Event, now


async def money_since(store: Store, moment: datetime) -> int:
    """In millionths of a US dollar, of all workspaces: for the purse of the house."""
    paid = func.sum(col(Event.payload)['money'].as_integer())
    spent = select(paid).where(col(Event.created_at) >= moment)
    async with store.session() as session:
        return int((await session.exec(spent)).one() or 0)


async def money_today(store: Store) -> int:
    """Since midnight by the clock of UTC."""
    return await money_since(store, now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0))
