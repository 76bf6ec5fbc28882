"""Ends a silent stream without a task or a timer for every read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal


class Watch:
    """Calls `end` when a wait lasts longer than `idle`, or all waits together longer than until `until`.

    The reader only notes when it began to wait; one timer looks at that note about once per `idle` seconds and is set
    again for the rest. So a thousand deltas cost a thousand notes and no timer. Time that the consumer takes between
    two reads (a pause in mid-sentence may last an hour) is not held against the vendor.
    """

    def __init__(self, idle: float, until: float, end: Callable[[Literal['idle', 'total']], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._idle = idle
        self._until = until
        self._end = end
        self._waits = True
        self._since = self._loop.time()
        self._timer = self._loop.call_at(min(until, self._since + idle), self._look)

    def end_wait(self) -> None:
        self._waits = False
        self._since = self._loop.time()

    def begin_wait(self) -> None:
        now = self._loop.time()
        self._until += now - self._since
        self._waits = True
        self._since = now

    def hurry(self, idle: float) -> None:
        """From now on wait less, counted from the first time this is said."""
        if idle < self._idle:
            self._idle = idle
            self._since = self._loop.time()
            self._timer.cancel()
            self._look()

    def close(self) -> None:
        self._timer.cancel()

    def _look(self) -> None:
        now = self._loop.time()
        due = self._since + self._idle
        if not self._waits:
            self._timer = self._loop.call_later(self._idle, self._look)
        elif now >= self._until:
            self._end('total')
        elif now >= due:
            self._end('idle')
        else:
            self._timer = self._loop.call_at(min(due, self._until), self._look)
