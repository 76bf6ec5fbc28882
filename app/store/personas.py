"""What personas were when they spoke."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import func
from sqlalchemy.dialects import sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from app.casting.persona import Persona
from app.store.owned import owned
from app.store.scope import Scope
from app.store.store import Store
from app.store.tables import PersonaRow, PersonaVersion

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


async def remember_version(store: Store, scope: Scope, persona: Persona) -> PersonaVersion:
    """The version that says exactly what this persona is now; written down when it is new, once, whoever asks."""
    async with store.session() as session:
        known = (await session.exec(_version(scope, persona))).first()
    if known:
        return known
    async with store.writing() as session:
        row = await _persona_row(store, session, scope, persona)
        known = (await session.exec(_version(scope, persona))).first()
        return known or await _add_version(session, row, persona)


async def versions(store: Store, scope: Scope, ids: Iterable[str | None]) -> dict[str, PersonaVersion]:
    """By their ids; None, a participant who is no persona, is passed over."""
    async with store.session() as session:
        found = await session.exec(owned(PersonaVersion, scope).where(col(PersonaVersion.id).in_(set(ids) - {None})))
        return {version.id: version for version in found}


async def history(store: Store, scope: Scope, version_id: str) -> list[PersonaVersion]:
    """All versions of the persona that this is one of, the newest first."""
    same = owned(PersonaVersion, scope).where(col(PersonaVersion.id) == version_id)
    persona = same.with_only_columns(col(PersonaVersion.persona_id))
    async with store.session() as session:
        found = owned(PersonaVersion, scope).where(col(PersonaVersion.persona_id).in_(persona))
        return list(await session.exec(found.order_by(col(PersonaVersion.number).desc())))


def _version(scope: Scope, persona: Persona) -> SelectOfScalar[PersonaVersion]:
    return (
        owned(PersonaVersion, scope)
        .join(PersonaRow, col(PersonaRow.id) == col(PersonaVersion.persona_id))
        .where(col(PersonaRow.slug) == persona.id, col(PersonaVersion.digest) == persona.digest)
    )


async def _persona_row(store: Store, session: AsyncSession, scope: Scope, persona: Persona) -> PersonaRow:
    """The persona's row, made if need be, and held until the session ends: versions are numbered one after another."""
    born = PersonaRow(workspace_id=scope.workspace_id, slug=persona.id, name=persona.name)
    insert = sqlite.insert(PersonaRow) if store.is_sqlite else _postgresql_insert()
    await session.exec(insert.values(born.model_dump()).on_conflict_do_nothing())
    row = (
        await session.exec(owned(PersonaRow, scope).where(col(PersonaRow.slug) == persona.id).with_for_update())
    ).one()
    row.name = persona.name
    return row


def _postgresql_insert() -> postgresql.Insert:
    from sqlalchemy.dialects import postgresql  # most hosts never need it

    return postgresql.insert(PersonaRow)


async def _add_version(session: AsyncSession, row: PersonaRow, persona: Persona) -> PersonaVersion:
    highest = select(func.max(PersonaVersion.number)).where(col(PersonaVersion.persona_id) == row.id)
    version = PersonaVersion(
        workspace_id=row.workspace_id,
        persona_id=row.id,
        number=((await session.exec(highest)).one() or 0) + 1,
        digest=persona.digest,
        definition=persona.model_dump(mode='json'),
    )
    session.add(version)
    await session.flush()
    return version
