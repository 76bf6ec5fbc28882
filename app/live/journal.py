"""Gathers what all live conversations say and writes it in one commit per flush; only then is it published.

Nobody ever sees a word that a crash could lose. The first words of a message and every event are flushed at once, then
words at most every 33 ms: with the first that come when it is time, so that no timer has to wake anybody for them.
When many speak at once and a flush grows dear, the pause grows with it, never beyond 100 ms.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from time import monotonic

import structlog

from app.live.channel import Channels, Happening, Item, Words
from app.store.entry import CannotWrite, Entry, NotWritten
from app.store.journal_writer import JournalWriter, Written
from app.store.tables import Message

QUICKEST = 1 / 30
SLOWEST = 0.1
BREATH = 0.002
NEARLY = 0.002
"""Seconds before its time that a flush is as good as due: clocks tick in milliseconds."""
LENIENCE = 0.012
"""Seconds that words wait for the next ones beyond their time, at most."""

_Segments = list[tuple[Message, Words]]
_Entries = list[tuple[Entry, asyncio.Future[int]]]

log = structlog.get_logger()


class Journal:
    def __init__(self, writer: JournalWriter, channels: Channels) -> None:
        self._writer = writer
        self._channels = channels
        self._pages: dict[str, _Page] = {}
        self._spoken: dict[str, _Page] = {}
        self._entries: _Entries = []
        self._urgent = False
        self._is_due = False
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None
        self._next_flush = 0.0
        self._closing = False

    async def open(self) -> None:
        self._loop = asyncio.get_running_loop()

    async def close(self) -> None:
        """Write what is still to be written, then stop."""
        self._closing = True
        while self._spoken or self._entries or self._writing:
            if self._writing is None:
                self._urgent = True
                self._arrange()
            await (self._writing or asyncio.sleep(0))
        await self._writer.close()

    def say(self, message: Message, words: str, *, reasoning: bool = False) -> None:
        """Words of a message, in order. Returns at once; they are shown as soon as they are safe."""
        page = self._pages.get(message.id)
        if page is None:
            page = self._pages[message.id] = _Page(message)
            self._urgent = True
        page.add(words, reasoning)
        self._spoken[message.id] = page
        if self._writing is None:
            self._arrange()

    async def rest(self) -> None:
        """Returns when words would be written at once: whoever brings some may let them gather until then. Never long,
        even while the database is away: a vendor is not kept waiting for that."""
        if self._is_due:
            await asyncio.sleep(0)  # the flush stands before us
        if self._writing:
            await asyncio.wait({self._writing}, timeout=SLOWEST)
        if (wait := self._next_flush - monotonic()) > NEARLY:
            await asyncio.sleep(min(wait, SLOWEST))

    async def record(self, entry: Entry) -> int:
        """An event and what it changes, after all words said before it. Its number, when it is safe and published.

        Raises Fenced when the conversation has moved on, CannotWrite when the database keeps failing.
        """
        kept: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._entries.append((entry, kept))
        self._urgent = True
        if self._writing is None:
            self._arrange()
        return await asyncio.shield(kept)

    def tell(self, conversation_id: str, happening: Happening) -> None:
        """Of an event that was written with more than an entry can hold; nobody may write to the conversation since."""
        self._channels.publish(conversation_id, [happening])

    def _arrange(self) -> None:
        """A flush now if it is time or cannot wait; else by the next words after that time, or by a timer."""
        if self._is_due:
            return
        if self._urgent or (wait := self._next_flush - monotonic()) <= NEARLY:
            self._is_due = True
            self._loop.call_soon(self._flush)
        elif self._timer is None:
            self._timer = self._loop.call_later(wait + LENIENCE, self._flush)

    def _flush(self) -> None:
        self._is_due = False
        if self._writing:
            return  # the timer was quicker by a moment; what is left follows when that is written
        self._urgent = False
        if self._timer:
            self._timer.cancel()
            self._timer = None
        began = monotonic()
        spoken, self._spoken = self._spoken, {}
        entries, self._entries = self._entries, []
        segments = [segment for page in spoken.values() for segment in page.turn_over()]
        rows = [_row(message, words) for message, words in segments]
        if written := self._writer.write_at_once(rows, [entry for entry, _ in entries]):
            self._publish(segments, entries, written)
            self._rest_after(began)
        else:
            flush = self._flush_in_thread(segments, rows, entries)
            self._writing = asyncio.create_task(flush, name='journal')

    async def _flush_in_thread(self, segments: _Segments, rows: list[dict[str, object]], entries: _Entries) -> None:
        began = monotonic()
        try:
            written = await self._writer.write(rows, [entry for entry, _ in entries])
            self._publish(segments, entries, written)
        except Exception as error:
            # The top of a task: who waits for an entry must hear of it, and the next flush must come.
            if isinstance(error, CannotWrite):
                self._keep_for_later(segments)
            else:
                log.exception('a flush broke')
            for _, kept in entries:
                _fail(kept, error)
        finally:
            self._rest_after(began)
            self._writing = None
            if self._spoken or self._entries:
                self._arrange()

    def _rest_after(self, began: float) -> None:
        ended = monotonic()
        pause = min(max(QUICKEST, 2 * (ended - began)), SLOWEST)
        self._next_flush = max(began + pause, ended + BREATH)

    def _keep_for_later(self, segments: _Segments) -> None:
        """The database may come back: what was said while it was away is not lost."""
        if self._closing:
            return
        for message, words in reversed(segments):
            page = self._spoken[message.id] = self._pages.setdefault(message.id, _Page(message))
            page.take_back(words)

    def _publish(self, segments: _Segments, entries: _Entries, written: Written) -> None:
        told: defaultdict[str, list[Item]] = defaultdict(list)
        for message, words in segments:
            if message.conversation_id not in written.refused:
                told[message.conversation_id].append(words)
        for (entry, kept), number in zip(entries, written.outcomes, strict=True):
            if entry.folds:
                self._pages.pop(entry.folds.id, None)
            if isinstance(number, NotWritten):
                _fail(kept, number)
                continue
            told[entry.conversation_id].append(_happened(entry, number))
            if not kept.done():
                kept.set_result(number)  # who waits for it goes on after this function: when all have been told
        for conversation_id, items in told.items():
            self._channels.publish(conversation_id, items)


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

    def take_back(self, last: Words) -> None:
        self.number -= 1
        self._runs.insert(0, (last.reasoning, [last.text]))


def _row(message: Message, words: Words) -> dict[str, object]:
    return {
        'message_id': message.id,
        'number': words.number,
        'workspace_id': message.workspace_id,
        'conversation_id': message.conversation_id,
        'text': words.text,
        'reasoning': words.reasoning,
    }


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
