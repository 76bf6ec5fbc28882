"""Which conversations grew from which. A parent may have been deleted: its id is then all that is left of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, literal
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from app.store.recent import ConversationCard, conversation_cards
from app.store.scope import Scope
from app.store.store import Store
from app.store.tables import Conversation

DEEPEST = 1_000
"""Branches of branches that are followed."""


@dataclass(frozen=True, slots=True)
class Kin:
    """What a conversation says of its family: `parent` is the title of what it grew from, None where that was deleted
    or there was nothing; `branches` are its own."""

    parent_id: str | None
    parent: str | None
    branched_at: int | None
    difference: str | None
    branches: int


async def kin(store: Store, scope: Scope, conversation_id: str) -> Kin | None:
    """None where there is no such conversation."""
    parent, child = aliased(Conversation), aliased(Conversation)
    grown = select(func.count()).where(
        col(child.parent_id) == conversation_id, col(child.workspace_id) == scope.workspace_id
    )
    found = (
        select(Conversation, parent.title, grown.scalar_subquery())
        .outerjoin(
            parent,
            (col(parent.id) == col(Conversation.parent_id)) & (col(parent.workspace_id) == scope.workspace_id),
        )
        .where(col(Conversation.id) == conversation_id, col(Conversation.workspace_id) == scope.workspace_id)
    )
    async with store.session() as session:
        row = (await session.exec(found)).first()
    if row is None:
        return None
    mine, title, branches = row
    return Kin(mine.parent_id, title, mine.branched_at, mine.difference, branches)


async def lineage(store: Store, scope: Scope, conversation_id: str) -> list[tuple[str, int]]:
    """From the conversation up to the first of its family: each with the number of the last line it shares with the
    next one, 0 for the first. A parent that was deleted is the first. Empty where there is no such conversation."""
    here = (col(Conversation.id), col(Conversation.parent_id), col(Conversation.branched_at))
    up = (
        select(*here, literal(0).label('steps'))
        .where(col(Conversation.id) == conversation_id, col(Conversation.workspace_id) == scope.workspace_id)
        .cte('up', recursive=True)
    )
    parent = aliased(Conversation)
    older = select(col(parent.id), col(parent.parent_id), col(parent.branched_at), up.c.steps + 1).where(
        col(parent.id) == up.c.parent_id,
        col(parent.workspace_id) == scope.workspace_id,
        up.c.steps < DEEPEST,
    )
    whole = up.union_all(older)
    async with store.session() as session:
        chosen = select(whole.c.id, whole.c.parent_id, whole.c.branched_at).order_by(whole.c.steps)
        found = (await session.exec(chosen)).all()
    line = [(str(id), int(at or 0)) for id, _, at in found]
    if found and found[-1][1]:
        line.append((str(found[-1][1]), 0))
    return line


async def family(store: Store, scope: Scope, conversation_id: str) -> list[ConversationCard]:
    """All that has the same beginning, the oldest first. Empty where there is no such conversation."""
    line = await lineage(store, scope, conversation_id)
    if not line:
        return []
    first = line[-1][0]
    mine = col(Conversation.workspace_id) == scope.workspace_id
    down = select(col(Conversation.id)).where(col(Conversation.parent_id) == first, mine).cte('down', recursive=True)
    child = aliased(Conversation)
    younger = select(col(child.id)).where(
        col(child.parent_id) == down.c.id, col(child.workspace_id) == scope.workspace_id
    )
    whole = down.union(younger)
    async with store.session() as session:
        grown = [str(id) for id in await session.exec(select(whole.c.id))]
    return await conversation_cards(store, scope, [first, *grown])


def in_common(left: Sequence[tuple[str, int]], right: Sequence[tuple[str, int]]) -> int:
    """How many first lines two conversations share, by their lineages; 0 for strangers."""
    known = {id for id, _ in right}
    meeting = next((id for id, _ in left if id in known), None)
    if meeting is None:
        return 0
    shared = [at for line in (left, right) for at in _down_to(meeting, line)]
    return min(shared, default=0)


def _down_to(meeting: str, line: Sequence[tuple[str, int]]) -> list[int]:
    ids = [id for id, _ in line]
    return [at for _, at in line[: ids.index(meeting)]]
