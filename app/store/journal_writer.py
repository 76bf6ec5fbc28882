"""Writes what all live conversations said since the last flush, in one commit, on a thread of its own.

A thread and a plain connection, not the async session: a flush happens up to thirty times a second for as long as
anybody speaks, and costs a fifth of what it would through the async driver (`python -m bench live_path`).
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, delete, insert, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.store.entry import Entry
from app.store.tables import Conversation, Event, Segment, now

log = structlog.get_logger()

# Plain SQL where it runs per flush: SQLAlchemy's expression compiler would cost more than the database does.
_ADD_SEGMENT = text(
    'INSERT INTO segment (message_id, number, workspace_id, conversation_id, text, reasoning) '
    'VALUES (:message_id, :number, :workspace_id, :conversation_id, :text, :reasoning)'
)


class JournalWriter:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix='journal')
        self._connection: Connection | None = None

    async def write(self, segments: list[dict[str, Any]], entries: list[Entry]) -> list[int | None]:
        """One transaction; the event number of each entry, or None where its fence refused it.

        Raises SQLAlchemyError when nothing was written: the same call may be made again.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._write, segments, entries)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown()
        self._engine.dispose()

    def _write(self, segments: list[dict[str, Any]], entries: list[Entry]) -> list[int | None]:
        try:
            return self._write_together(segments, entries)
        except IntegrityError:
            # One conversation's row is gone or doubled: the others shall not lose their words for it.
            return self._write_apart(segments, entries)

    def _write_together(self, segments: list[dict[str, Any]], entries: list[Entry]) -> list[int | None]:
        connection = self._connection = self._connection or self._engine.connect()
        try:
            if segments:
                connection.execute(_ADD_SEGMENT, segments)
            numbers = [_take(connection, entry) for entry in entries]
            connection.commit()
        except BaseException:
            # A connection that failed once is not trusted again: the next flush opens a new one.
            self._disconnect()
            raise
        return numbers

    def _write_apart(self, segments: list[dict[str, Any]], entries: list[Entry]) -> list[int | None]:
        numbers: dict[int, int | None] = {}
        for conversation_id in {s['conversation_id'] for s in segments} | {e.conversation_id for e in entries}:
            mine = [entry for entry in entries if entry.conversation_id == conversation_id]
            words = [segment for segment in segments if segment['conversation_id'] == conversation_id]
            try:
                taken = self._write_together(words, mine)
            except IntegrityError as error:
                log.warning('refused by the database', conversation=conversation_id, error=str(error.orig))
                taken = [None] * len(mine)
            numbers.update(zip(map(id, mine), taken, strict=True))
        return [numbers[id(entry)] for entry in entries]

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
        self._connection = None


def _take(connection: Connection, entry: Entry) -> int | None:
    number = _next_number(connection, entry)
    if number is None:
        return None
    for row in entry.adds:
        connection.execute(insert(type(row)), row.model_dump())
    for row, values in entry.changes:
        table = type(row)
        connection.execute(update(table).where(col(table.id) == row.id).values(values))
    if entry.folds:
        connection.execute(delete(Segment).where(col(Segment.message_id) == entry.folds.id))
    event = Event(
        conversation_id=entry.conversation_id,
        number=number,
        workspace_id=entry.workspace_id,
        kind=entry.kind,
        payload=entry.payload,
    )
    connection.execute(insert(Event), event.model_dump())
    return number


def _next_number(connection: Connection, entry: Entry) -> int | None:
    """The counter in the row is the fence: only who still knows the row's epoch and turn may move it."""
    claim = (
        update(Conversation)
        .where(col(Conversation.id) == entry.conversation_id, col(Conversation.workspace_id) == entry.workspace_id)
        .values(event_number=Conversation.event_number + 1, updated_at=now(), **entry.conversation)
        .returning(col(Conversation.event_number))
    )
    if entry.fence:
        claim = claim.where(col(Conversation.epoch) == entry.fence.epoch)
        if entry.fence.turns is not None:
            claim = claim.where(col(Conversation.turns) == entry.fence.turns)
    return connection.execute(claim).scalar_one_or_none()
