"""Where what was written is told to whoever listens. Listeners come and go; a conversation never knows of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog

from app.store.entry import Row


@dataclass(frozen=True, slots=True)
class Words:
    """A segment that is safely in the database. `number` counts from 1 without gaps within its message."""

    message_id: str
    number: int
    text: str
    reasoning: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """An event that is safely in the database. `number` counts from 1 without gaps within its conversation; `rows`
    are what it added or changed, as they stand now."""

    number: int
    kind: str
    payload: dict[str, Any]
    rows: tuple[Row, ...] = ()


log = structlog.get_logger()

Item = Words | Happening
Listener = Callable[[list[Item]], None]


class Channels:
    """One channel a conversation: `listen` returns the function that leaves it."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, list[Listener]] = defaultdict(list)

    def listen(self, conversation_id: str, listener: Listener) -> Callable[[], None]:
        self._listeners[conversation_id].append(listener)

        def leave() -> None:
            listeners = self._listeners.get(conversation_id, [])
            if listener in listeners:
                listeners.remove(listener)
            if not listeners:
                self._listeners.pop(conversation_id, None)

        return leave

    def publish(self, conversation_id: str, items: list[Item]) -> None:
        for listener in tuple(self._listeners.get(conversation_id, ())):
            try:
                listener(items)
            except Exception:
                # What is written must be told to the others, and the next words must be written.
                log.exception('a listener broke', conversation=conversation_id)
