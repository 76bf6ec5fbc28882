"""Writes what all live conversations said since the last flush, in one commit, on a thread of its own.

A thread and a plain connection, not the async session: a flush happens up to thirty times a second for as long as
anybody speaks, and costs a fifth of what it would through the async driver. A little into SQLite does not even go to
the thread: the way there and back costs more than the database does (`python -m bench live_path`).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.store import journal_statements as statements
from app.store.engine import make_sync_engine
from app.store.entry import CannotWrite, Entry, Fenced, NotWritten
from app.store.straight_sqlite import execute
from app.store.tables import Event, now

log = structlog.get_logger()

PATIENCE = (0.05, 0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds between two tries."""
FEW = 500
"""Segments, a few milliseconds of them. A thread would take a hundred times as long beside a busy event loop: SQLite's
driver lets go of the interpreter at each row, and has to wait for it again."""
FEW_EVENTS = 16
"""Events: each costs as much as some dozens of segments."""
TIDIED_EVERY = 256
"""Flushes, after which the thread lets SQLite take its time to move its log into the file, beside everything else."""

_AWAY = (OperationalError, InterfaceError, PoolTimeout)
"""The database is locked, full or gone: trying again may help."""
_UNWRITABLE = (SQLAlchemyError, ValueError, TypeError, OverflowError)
"""Whatever else a database or its driver says: the row itself is at fault."""


@dataclass(frozen=True, slots=True)
class Written:
    """`outcomes` has for each entry its event's number, or why it changed nothing; of the conversations in `refused`
    no word was kept."""

    outcomes: Sequence[int | NotWritten]
    refused: frozenset[str] = frozenset()


class JournalWriter:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix='journal')
        self._connection: Connection | None = None
        self._flushes = 0
        self._at_once = _AtOnce(engine) if engine.dialect.name == 'sqlite' else None

    def write_at_once(self, segments: list[dict[str, Any]], entries: list[Entry]) -> Written | None:
        """A little, where nobody has to wait for it. None: nothing was written, it is for `write`."""
        if self._at_once is None or len(segments) > FEW or len(entries) > FEW_EVENTS:
            return None
        self._flushes += 1
        if self._flushes % TIDIED_EVERY == 0:
            self._thread.submit(self._tidy)
        return self._at_once.write(segments, entries)

    async def write(self, segments: list[dict[str, Any]], entries: list[Entry]) -> Written:
        """One transaction, tried for some seconds. Raises CannotWrite: nothing was written."""
        loop = asyncio.get_running_loop()
        for pause in (*PATIENCE, None):
            try:
                return await loop.run_in_executor(self._thread, self._write, segments, entries)
            except _AWAY as error:
                log.warning('flush failed', error=str(error)[:300], segments=len(segments), entries=len(entries))
                if pause is None:
                    raise CannotWrite('The database could not keep what was said: is the disk full?') from error
                await asyncio.sleep(pause)
        raise AssertionError

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown()
        self._engine.dispose()
        if self._at_once:
            self._at_once.close()

    def _write(self, segments: list[dict[str, Any]], entries: list[Entry]) -> Written:
        try:
            return self._write_together(segments, entries)
        except _AWAY:
            raise
        except _UNWRITABLE:
            # One conversation's row is gone, doubled or not to be written: the others shall not lose their words.
            return self._write_apart(segments, entries)

    def _write_together(self, segments: list[dict[str, Any]], entries: list[Entry]) -> Written:
        connection = self._connection = self._connection or self._engine.connect()
        try:
            if segments:
                connection.execute(statements.ADD_SEGMENTS, segments)
            outcomes = [_take(connection.execute, entry) or Fenced() for entry in entries]
            connection.commit()
        except BaseException:
            # A connection that failed once is not trusted again: the next flush opens a new one.
            self._disconnect()
            raise
        return Written(outcomes)

    def _write_apart(self, segments: list[dict[str, Any]], entries: list[Entry]) -> Written:
        outcomes: dict[int, int | NotWritten] = {}
        refused: set[str] = set()
        for conversation_id in {s['conversation_id'] for s in segments} | {e.conversation_id for e in entries}:
            mine = [entry for entry in entries if entry.conversation_id == conversation_id]
            words = [segment for segment in segments if segment['conversation_id'] == conversation_id]
            try:
                taken = self._write_together(words, mine).outcomes
            except _AWAY:
                raise
            except _UNWRITABLE as error:
                log.warning('refused by the database', conversation=conversation_id, error=str(error)[:300])
                refused.add(conversation_id)
                taken = [_refusal(error)] * len(mine)
            outcomes.update(zip(map(id, mine), taken, strict=True))
        return Written([outcomes[id(entry)] for entry in entries], frozenset(refused))

    def _tidy(self) -> None:
        connection = self._connection = self._connection or self._engine.connect()
        try:
            _driver(connection).execute('PRAGMA wal_checkpoint(PASSIVE)').close()
        except sqlite3.Error as error:
            log.warning('the log could not be tidied', error=str(error))

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
        self._connection = None


class _AtOnce:
    """Writes on the event loop, so it waits for nobody: not for another writer, and not for the disk, which SQLite in
    its WAL mode only needs when it moves the log into the file. That is left to the thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = make_sync_engine(engine.url, patience=0)
        self._connection: Connection | None = None

    def write(self, segments: list[dict[str, Any]], entries: list[Entry]) -> Written | None:
        try:
            connection = self._connection = self._connection or self._connect()
            driver = _driver(connection)
            driver.execute('BEGIN IMMEDIATE')
            if segments:
                driver.executemany(statements.ADD_SEGMENT, segments)
            outcomes = [_take(partial(execute, driver), entry) or Fenced() for entry in entries]
            driver.execute('COMMIT')
        except (sqlite3.Error, LookupError, AttributeError, *_UNWRITABLE):
            # Whatever it is, the thread can wait for it, or say what it is.
            self.disconnect()
            return None
        except BaseException:
            self.disconnect()  # or the lock would stay taken
            raise
        return Written(outcomes)

    def close(self) -> None:
        self.disconnect()
        self._engine.dispose()

    def disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()  # which rolls back
        self._connection = None

    def _connect(self) -> Connection:
        connection = self._engine.connect()
        _driver(connection).execute('PRAGMA wal_autocheckpoint=0')
        return connection


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _refusal(error: Exception) -> NotWritten:
    if isinstance(error, IntegrityError):
        return Fenced()
    return CannotWrite('The database cannot keep this: there is something in it that it does not know.')


def _take(execute: Callable[[Any, statements.Values], Any], entry: Entry) -> int | None:
    claimed = execute(*statements.claim(entry)).fetchone()
    if claimed is None:
        return None
    number: int = claimed[0]
    for row in entry.removes:  # first: what comes anew may stand where it stood
        execute(*statements.remove(row))
    for row in entry.adds:
        execute(statements.add(type(row)), row.model_dump())
    for row, values in entry.changes:
        execute(*statements.change(row, values))
    if entry.folds:
        execute(*statements.fold(entry.folds.id))
    event = {
        'conversation_id': entry.conversation_id,
        'number': number,
        'workspace_id': entry.workspace_id,
        'kind': entry.kind,
        'payload': entry.payload,
        'created_at': now(),
    }
    execute(statements.add(Event), event)
    return number
