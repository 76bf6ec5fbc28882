"""How Alembic runs here: on the connection it is given, in the transaction that is already open."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString

from app.store.tables import SQLModel, UtcDateTime


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A revision speaks SQLAlchemy's own words only: it must still run when our types have moved on."""
    if kind == 'type' and isinstance(item, AutoString):
        return 'sa.String()'
    if kind == 'type' and isinstance(item, UtcDateTime):
        return 'sa.DateTime(timezone=True)'
    return False


context.configure(
    connection=context.config.attributes['connection'],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
    compare_server_default=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
