"""Where every query begins."""

from __future__ import annotations

from typing import TypeVar

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.store.scope import Scope
from app.store.tables import (
    Conversation,
    Event,
    Message,
    Note,
    Participant,
    Person,
    PersonaRow,
    PersonaVersion,
    Segment,
    Variant,
)

Owned = TypeVar(
    'Owned', Person, PersonaRow, PersonaVersion, Conversation, Participant, Message, Variant, Note, Event, Segment
)


def owned(table: type[Owned], scope: Scope) -> SelectOfScalar[Owned]:
    """The rows of a table that belong to the workspace asking."""
    return select(table).where(col(table.workspace_id) == scope.workspace_id)
