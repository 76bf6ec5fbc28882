"""How a database is opened: SQLite set up for one writer and many readers, or PostgreSQL by its URL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

import sqlalchemy
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.store.faults import DatabaseFault

PATIENCE = 5.0
"""Seconds to wait for whoever writes just now; a write takes milliseconds."""

_POSTGRES = {'pool_pre_ping': True, 'pool_recycle': 1800}


def make_url(url: str) -> URL:
    """The URL as SQLAlchemy wants it, for use without asyncio. Raises DatabaseFault."""
    try:
        parsed = sqlalchemy.make_url(url)
    except ArgumentError:
        raise DatabaseFault(
            'The database URL cannot be read. A right one: postgresql://user:password@host/name'
        ) from None
    backend = parsed.get_backend_name()
    if backend == 'sqlite' and parsed.database and parsed.database != ':memory:':
        return parsed.set(drivername='sqlite')
    if backend in {'postgres', 'postgresql'} and parsed.database:
        return parsed.set(drivername='postgresql+psycopg')
    raise DatabaseFault(
        f'A database URL beginning with {parsed.drivername}:// cannot be used. '
        'Right ones: sqlite:///data/chimera.db or postgresql://user:password@host/name'
    )


def make_sync_engine(url: str | URL, *, foreign_keys: bool = True, patience: float = PATIENCE) -> Engine:
    """One connection that writes, for a thread of its own. `foreign_keys` off is for migrations that rebuild tables."""
    address = make_url(url) if isinstance(url, str) else url
    if address.get_backend_name() != 'sqlite':
        return create_engine(address, pool_size=1, connect_args=_to_postgres(), **_POSTGRES)
    engine = create_engine(address, pool_size=1, connect_args=_to_sqlite(patience))
    event.listen(engine, 'connect', _switch_to_wal)
    _set_up_sqlite(engine, _begin_writing, foreign_keys=foreign_keys)
    return engine


def make_engines(url: URL) -> tuple[AsyncEngine, AsyncEngine]:
    """One engine for reading, one for writing.

    A read sees one moment of the database from its first query to its last, and cannot write. On SQLite there is
    one connection that writes: writers of this process queue for it in order instead of fighting for the file's lock.
    """
    if url.get_backend_name() != 'sqlite':
        both = create_async_engine(url, pool_size=5, max_overflow=5, connect_args=_to_postgres(), **_POSTGRES)
        return both.execution_options(isolation_level='REPEATABLE READ', postgresql_readonly=True), both
    url = url.set(drivername='sqlite+aiosqlite')
    readers = create_async_engine(url, pool_size=3, max_overflow=0, connect_args=_to_sqlite(PATIENCE))
    _set_up_sqlite(readers.sync_engine, _begin_reading, query_only=True)
    writer = create_async_engine(url, pool_size=1, max_overflow=0, connect_args=_to_sqlite(PATIENCE))
    _set_up_sqlite(writer.sync_engine, _begin_writing)
    return readers, writer


def _to_postgres() -> dict[str, Any]:
    return {'connect_timeout': int(PATIENCE), 'application_name': 'chimera'}


def _to_sqlite(patience: float) -> dict[str, Any]:
    # isolation_level None: Python's driver begins nothing by itself, the two functions below do.
    return {'isolation_level': None, 'timeout': patience}


def _set_up_sqlite(engine: Engine, begin: Callable[[Connection], None], **pragmas: bool) -> None:
    # NORMAL keeps every commit when Chimera is killed; a power cut may take the last ones, but never the file.
    wanted = {'synchronous': 'NORMAL', 'foreign_keys': 'ON', 'journal_size_limit': '67108864'}
    wanted |= {name: 'ON' if on else 'OFF' for name, on in pragmas.items()}

    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for name, value in wanted.items():
            cursor.execute(f'PRAGMA {name}={value}')
        cursor.close()
        connection.create_function('contains_folded', 2, _contains_folded, deterministic=True)

    event.listen(engine, 'connect', prepare)
    event.listen(engine, 'begin', begin)


def _switch_to_wal(connection: sqlite3.Connection, _record: object) -> None:
    """The file remembers it, so it happens once; SQLite does not wait by itself when two try at once."""
    deadline = monotonic() + PATIENCE
    while True:
        try:
            connection.execute('PRAGMA journal_mode=WAL')
            return
        except sqlite3.OperationalError as error:
            if 'locked' not in str(error) or monotonic() > deadline:
                raise
            sleep(0.01)


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql('BEGIN')


def _begin_writing(connection: Connection) -> None:
    # Taken at once: a read lock that becomes a write lock later fails without waiting when somebody else writes.
    connection.exec_driver_sql('BEGIN IMMEDIATE')


def _contains_folded(text: str | None, words: str) -> bool:
    """SQLite ignores the case of the English alphabet only; this does it for all. `words` come folded."""
    return text is not None and words in text.casefold()
