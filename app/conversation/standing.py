"""How a conversation stands, why, and for how long it has run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.conversation.clock import Clock
from app.conversation.proceedings import opening
from app.conversation.record import Record
from app.store.tables import Status


class Standing:
    def __init__(self, record: Record, clock: Clock) -> None:
        self._record = record
        self._clock = clock
        self._counted_from: float | None = None

    async def settle(
        self, status: Status, because: str | None, *, if_still: Callable[[], object] = lambda: True
    ) -> None:
        """One event; `if_still` is asked when nothing else can come between any more. Raises Refused."""
        record, values = self._record, {'status': status, 'stop_reason': because}
        async with record.writing:
            if not if_still():
                return
            values['seconds'] = record.conversation.seconds + self.seconds_since()
            payload: dict[str, Any] = {'status': status, 'because': because}
            if status == Status.ENDED:
                payload |= opening(record)
            await record.write('status', payload, values | record.next_epoch())
            self.count_time(status == Status.RUNNING)
        record.changed.emit()

    def stand_still(self, because: str) -> None:
        """In memory only: the database could not be told."""
        self._record.conversation.status = Status.PAUSED
        self._record.conversation.stop_reason = because
        self._record.changed.emit()

    def count_time(self, is_running: bool) -> None:
        self._counted_from = self._clock.monotonic() if is_running else None

    def seconds_since(self) -> float:
        """That it ran since they were asked for last, to be added to what the conversation's row says."""
        if self._counted_from is None:
            return 0.0
        counted_from, self._counted_from = self._counted_from, self._clock.monotonic()
        return self._counted_from - counted_from
