"""Who is here: the workspace and its people."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import col, select

from app.store.owned import owned
from app.store.scope import Scope
from app.store.store import Store
from app.store.tables import Person, Workspace


async def home(store: Store) -> Scope:
    """The workspace that was there first and its first person; made on the first run."""
    first = (
        select(Person)
        .join(Workspace, col(Workspace.id) == col(Person.workspace_id))
        .order_by(col(Workspace.created_at), col(Person.created_at))
    )
    async with store.session() as session:
        person = (await session.exec(first)).first()
    if person is None:
        async with store.writing() as session:
            if not store.is_sqlite:  # there a writer is alone anyway; two instances shall not both make a home
                await (await session.connection()).execute(text('LOCK TABLE workspace IN SHARE ROW EXCLUSIVE MODE'))
            person = (await session.exec(first)).first()
            if person is None:
                workspace = Workspace(name='Home')
                session.add(workspace)
                await session.flush()
                person = Person(workspace_id=workspace.id, name='Guest')
                session.add(person)
    return Scope(person.workspace_id, person.id)


async def person(store: Store, scope: Scope) -> Person | None:
    async with store.session() as session:
        return (await session.exec(owned(Person, scope).where(col(Person.id) == scope.person_id))).first()


async def rename_person(store: Store, scope: Scope, name: str) -> bool:
    """False where there is no such person."""
    async with store.writing() as session:
        found = (await session.exec(owned(Person, scope).where(col(Person.id) == scope.person_id))).first()
        if found:
            found.name = name
        return found is not None
