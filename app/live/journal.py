"""Gathers what all live conversations say and writes it in one commit per flush; only then is it published.

Nobody ever sees a word that a crash could lose. A flush happens at once when the room was quiet, and then at most
every 33 ms; when many speak at once and a flush grows dear, the pause grows with it, never beyond 100 ms.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import suppress
from time import monotonic

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.live.channel import Channels, Happening, Item, Words
from app.store.entry import CannotWrite, Entry, Fenced
from app.store.journal_writer import JournalWriter
from app.store.tables import Message

QUICKEST = 1 / 30
SLOWEST = 0.1
BREATH = 0.002
PATIENCE = (0.05, 0.2, 0.5, 1.0, 2.0, 4.0)

log = structlog.get_logger()


class Journal:
    def __init__(self, writer: JournalWriter, channels: Channels) -> None:
        self._writer = writer
        self._channels = channels
        self._pages: dict[str, _Page] = {}
        self._spoken: dict[str, _Page] = {}
        self._entries: list[tuple[Entry, asyncio.Future[int]]] = []
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._next_flush = 0.0

    async def open(self) -> None:
        self._task = asyncio.create_task(self._flush_forever(), name='journal')

    async def close(self) -> None:
        """Write what is still to be written, then stop."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._spoken or self._entries:
            await self._flush()
        await self._writer.close()

    def say(self, message: Message, words: str, *, reasoning: bool = False) -> None:
        """Words of a message, in order. Returns at once; they are shown as soon as they are safe."""
        page = self._pages.get(message.id)
        if page is None:
            page = self._pages[message.id] = _Page(message)
        page.add(words, reasoning)
        self._spoken[message.id] = page
        self._woken.set()

    async def record(self, entry: Entry) -> int:
        """An event and what it changes, after all words said before it. Its number, when it is safe and published.

        Raises Fenced when the conversation has moved on, CannotWrite when the database keeps failing.
        """
        kept: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._entries.append((entry, kept))
        self._woken.set()
        return await asyncio.shield(kept)

    async def _flush_forever(self) -> None:
        while True:
            await self._woken.wait()
            wait = self._next_flush - monotonic()
            if wait > 0:
                # An event (a click, a turn's end) does not wait for the rhythm of the words.
                await asyncio.sleep(min(wait, BREATH) if self._entries else wait)
            self._woken.clear()
            began = monotonic()
            await self._flush()
            ended = monotonic()
            pause = min(max(QUICKEST, 2 * (ended - began)), SLOWEST)
            self._next_flush = max(began + pause, ended + BREATH)

    async def _flush(self) -> None:
        spoken, self._spoken = self._spoken, {}
        entries, self._entries = self._entries, []
        segments = [segment for page in spoken.values() for segment in page.turn_over()]
        rows = [
            {
                'message_id': message.id,
                'number': words.number,
                'workspace_id': message.workspace_id,
                'conversation_id': message.conversation_id,
                'text': words.text,
                'reasoning': words.reasoning,
            }
            for message, words in segments
        ]
        try:
            numbers = await self._write(rows, [entry for entry, _ in entries])
        except CannotWrite as error:
            for _, kept in entries:
                _fail(kept, error)
            return
        self._publish(segments, entries, numbers)

    async def _write(self, rows: list[dict[str, object]], entries: list[Entry]) -> list[int | None]:
        for pause in (*PATIENCE, None):
            try:
                return await self._writer.write(rows, entries)
            except SQLAlchemyError as error:
                log.warning('flush failed', error=str(error)[:300], segments=len(rows), entries=len(entries))
                if pause is None:
                    raise CannotWrite('The database could not keep what was said: is the disk full?') from error
                await asyncio.sleep(pause)
        raise AssertionError

    def _publish(
        self,
        segments: list[tuple[Message, Words]],
        entries: list[tuple[Entry, asyncio.Future[int]]],
        numbers: list[int | None],
    ) -> None:
        told: defaultdict[str, list[Item]] = defaultdict(list)
        for message, words in segments:
            told[message.conversation_id].append(words)
        for (entry, _), number in zip(entries, numbers, strict=True):
            if number is not None:
                told[entry.conversation_id].append(_happened(entry, number))
            if entry.folds:
                self._pages.pop(entry.folds.id, None)
        for conversation_id, items in told.items():
            self._channels.publish(conversation_id, items)
        for (_, kept), number in zip(entries, numbers, strict=True):
            if number is None:
                _fail(kept, Fenced())
            elif not kept.done():
                kept.set_result(number)


class _Page:
    """What one message has said since the last flush, as runs of speech and of reasoning."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self.number = 0
        self._runs: list[tuple[bool, list[str]]] = []

    def add(self, words: str, reasoning: bool) -> None:
        if not self._runs or self._runs[-1][0] is not reasoning:
            self._runs.append((reasoning, []))
        self._runs[-1][1].append(words)

    def turn_over(self) -> list[tuple[Message, Words]]:
        runs, self._runs = self._runs, []
        segments = []
        for reasoning, pieces in runs:
            self.number += 1
            segments.append((self.message, Words(self.message.id, self.number, ''.join(pieces), reasoning)))
        return segments


def _happened(entry: Entry, number: int) -> Happening:
    """The rows in memory change when the database has taken the change, and before anybody is told."""
    for row, values in entry.changes:
        for name, value in values.items():
            setattr(row, name, value)
    rows = (*entry.adds, *(row for row, _ in entry.changes))
    return Happening(number, entry.kind, entry.payload, rows)


def _fail(kept: asyncio.Future[int], error: Exception) -> None:
    if not kept.done():
        kept.set_exception(error)
        kept.exception()  # its author may have been cancelled meanwhile: then nobody is left to hear it
