"""Runs SQLAlchemy's statements on SQLite's own driver. What SQLAlchemy does around each of them (results, contexts,
events) takes longer than SQLite does, and a vendor is asked only when a turn's beginning has been written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement

_DIALECT = sqlite.dialect()
Adapt = Callable[[Any], Any]


def execute(driver: sqlite3.Connection, statement: ClauseElement, values: Mapping[str, Any]) -> sqlite3.Cursor:
    """`values` are the statement's parameters; for an INSERT its columns, the same ones each time for one statement."""
    sql, parameters, constants = _compiled(statement, tuple(values))
    given = {**constants, **values}
    return driver.execute(sql, [adapt(given[name]) if adapt else given[name] for name, adapt in parameters])


@lru_cache(maxsize=256)
def _compiled(
    statement: ClauseElement, names: tuple[str, ...]
) -> tuple[str, list[tuple[str, Adapt | None]], dict[str, Any]]:
    """The SQL; by position the name of each parameter with what makes its value one that SQLite takes; and the values
    that stand in the statement itself."""
    compiled: Any = statement.compile(dialect=_DIALECT, column_keys=names)
    types = {name: compiled.binds[name].type.dialect_impl(_DIALECT) for name in compiled.positiontup}
    parameters = [(name, types[name].bind_processor(_DIALECT)) for name in compiled.positiontup]
    constants = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
    return str(compiled), parameters, constants
