"""The statements of the journal, each built once: to build one anew costs more than SQLite takes to execute it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Delete, Insert, Update, bindparam, delete, insert, text, update
from sqlmodel import col

from app.store.entry import Entry
from app.store.tables import Conversation, Segment, now

Values = dict[str, Any]

# Plain SQL, because it runs with every flush.
ADD_SEGMENT = (
    'INSERT INTO segment (message_id, number, workspace_id, conversation_id, text, reasoning) '
    'VALUES (:message_id, :number, :workspace_id, :conversation_id, :text, :reasoning)'
)
ADD_SEGMENTS = text(ADD_SEGMENT)


def add(table: Any) -> Insert:
    return _add(table)


def change(row: Any, values: Values) -> tuple[Update, Values]:
    return _change(type(row), tuple(values)), {'of': row.id, **_new(values)}


def remove(row: Any) -> tuple[Delete, Values]:
    return _remove(type(row)), {'of': row.id}


def fold(message_id: str) -> tuple[Delete, Values]:
    return _FOLD, {'of': message_id}


def claim(entry: Entry) -> tuple[Update, Values]:
    """The conversation's changes, and its next event number. The counter in the row is the fence: only who still knows
    the row's epoch and turn may move it."""
    values: Values = {'of': entry.conversation_id, 'owner': entry.workspace_id, 'at': now(), **_new(entry.conversation)}
    epoch = turns = None
    if entry.fence:
        values['known_epoch'] = epoch = entry.fence.epoch
        if entry.fence.turns is not None:
            values['known_turns'] = turns = entry.fence.turns
    return _claim(tuple(entry.conversation), epoch is not None, turns is not None), values


@lru_cache
def _add(table: Any) -> Insert:
    return insert(table)


@lru_cache
def _claim(names: tuple[str, ...], by_epoch: bool, by_turns: bool) -> Update:
    counted = col(Conversation.event_number)
    statement = (
        update(Conversation)
        .where(col(Conversation.id) == bindparam('of'), col(Conversation.workspace_id) == bindparam('owner'))
        .values(event_number=counted + 1, updated_at=bindparam('at'), **_placeholders(names))
        .returning(counted)
    )
    if by_epoch:
        statement = statement.where(col(Conversation.epoch) == bindparam('known_epoch'))
    if by_turns:
        statement = statement.where(col(Conversation.turns) == bindparam('known_turns'))
    return statement


@lru_cache
def _change(table: Any, names: tuple[str, ...]) -> Update:
    return update(table).where(col(table.id) == bindparam('of')).values(**_placeholders(names))


@lru_cache
def _remove(table: Any) -> Delete:
    return delete(table).where(col(table.id) == bindparam('of'))


_FOLD = delete(Segment).where(col(Segment.message_id) == bindparam('of'))


def _placeholders(names: tuple[str, ...]) -> Values:
    return {name: bindparam(f'new_{name}') for name in names}


def _new(values: Values) -> Values:
    """A parameter may not be called as a column that is being changed."""
    return {f'new_{name}': value for name, value in values.items()}
