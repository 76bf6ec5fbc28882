"""Keeps what can be measured of a conversation current while somebody looks at it. Derived, never stored: it is built
from the transcript when the first one looks, fed at each turn's end, and forgotten when nobody looks any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog
from nicegui import Event

from app.casting.persona import Persona
from app.conversation.orchestrator import Orchestrator
from app.live.channel import Channels, Happening, Item
from app.live.ear import Ear, Moment, ServedBy
from app.measures.live import Reading
from app.store import transcripts
from app.store.scope import Scope
from app.store.store import Store
from app.store.tables import OPENED, Message, Participant, State

PAGE = 100
"""Messages asked of the database at once."""
BATCH = 20
"""Lines heard in the thread before the words of live conversations get a breath."""
BREATH = 0.004
RESEATED = ('came_in', 'recast')
"""The events after which the personas of the room are others."""

log = structlog.get_logger()


class Insights:
    """One insight for each conversation somebody looks at."""

    def __init__(self, store: Store, channels: Channels) -> None:
        self._store = store
        self._channels = channels
        self._kept: dict[str, Insight] = {}

    def of(self, scope: Scope, orchestrator: Orchestrator) -> Insight:
        """Subscribe to its `changed` before anything is awaited: what nobody looks at is forgotten."""
        self._forget_the_unseen()
        id = orchestrator.conversation.id
        if id not in self._kept:
            self._kept[id] = Insight(self._store, scope, self._channels, orchestrator, over=self._forget)
        return self._kept[id]

    def close(self) -> None:
        for insight in list(self._kept.values()):
            insight.leave()

    def _forget_the_unseen(self) -> None:
        """A conversation at rest has no line at which its insight could see that everybody went."""
        for insight in list(self._kept.values()):
            if not insight.is_seen:
                insight.leave()

    def _forget(self, insight: Insight) -> None:
        self._kept.pop(insight.conversation_id, None)


class Insight:
    """`moments` are the lines heard so far, `reading` what stands after the last of them. The lines are heard in the
    order of their numbers, whatever order they ended in: a human's line may end before the one it came after. When
    one that was heard is changed, all is heard anew."""

    def __init__(
        self, store: Store, scope: Scope, channels: Channels, orchestrator: Orchestrator,
        over: Callable[[Insight], None],
    ) -> None:  # fmt: skip
        self.conversation_id = orchestrator.conversation.id
        self.changed: Event[[]] = Event()
        self.moments: list[Moment] = []
        self.reading = Reading()
        self.served: dict[str, ServedBy] = {}
        self.is_reading = True
        """The transcript is still being read: the moments are not all yet."""
        self.fault = ''
        self._store = store
        self._scope = scope
        self._over = over
        self._programme = orchestrator.record.programme
        self._opened: set[str] = set()
        self._orchestrator = orchestrator
        self._ear: Ear | None = None
        self._ended: dict[int, Message] = {}
        self._heard = 0
        self._is_stale = False
        # First the channel, then the transcript: what ends in between is in both, and heard once.
        self._leave_channel = channels.listen(self.conversation_id, self._hear)
        self._following: asyncio.Task[None] | None = asyncio.create_task(self._follow(), name='insight')

    @property
    def is_seen(self) -> bool:
        return bool(self.changed.callbacks)

    async def settle(self, patience: float | None = None) -> None:
        """Until all that has ended was heard, or patience is at its end."""
        if following := self._following:
            await asyncio.wait({following}, timeout=patience)

    def leave(self) -> None:
        self._leave_channel()
        if self._following:
            self._following.cancel()
        self._over(self)

    def _hear(self, items: list[Item]) -> None:
        happenings = [item for item in items if isinstance(item, Happening)]
        opened = [id for item in happenings for id in item.payload.get(OPENED, ())]
        self._opened.update(opened)
        rows = [row for item in happenings for row in item.rows]
        # Whoever comes in, or comes as another version, is somebody to be told apart from the others.
        self._is_stale = self._is_stale or any(item.kind in RESEATED for item in happenings)
        ended = [row for row in rows if isinstance(row, Message) and row.state != State.SPEAKING]
        if not ended and not opened and not self._is_stale:
            return
        if not self.is_seen:
            self.leave()
            return
        self._keep(ended)
        # A line that is being told anew stays as it was heard until it has been told.
        self._is_stale = self._is_stale or any(message.number <= self._heard for message in ended)
        if self._following is None:
            self._following = asyncio.create_task(self._follow(), name='insight')

    def _keep(self, ended: list[Message]) -> None:
        for message in ended:
            if message.number > self._heard:
                self._ended[message.number] = message

    async def _follow(self) -> None:
        try:
            is_anew = False
            while True:
                if self.is_reading:
                    await self._read(quietly=is_anew)
                    self.is_reading = False
                await self._take_all()
                if not self._is_stale:
                    break
                self._forget()
                is_anew = True
            self.changed.emit()
        except Exception:
            # The top of a task: who looks must hear of it, and nobody else may be given half a reading.
            log.exception('the measures broke down', conversation=self.conversation_id)
            self.fault = 'The measures could not be taken. Load this page again to try once more.'
            self.changed.emit()
            self.leave()
        finally:
            self._following = None

    @property
    def _seats(self) -> list[tuple[Participant, Persona]]:
        """Who has a persona, as they sit now."""
        seats, personas = self._orchestrator.participants, self._orchestrator.personas
        return [(seat, personas[seat.id]) for seat in sorted(seats, key=lambda p: p.seat) if seat.id in personas]

    def _forget(self) -> None:
        self._is_stale, self.is_reading = False, True
        self._ear, self._heard, self._ended = None, 0, {}
        self.moments, self.reading, self.served = [], Reading(), {}

    async def _read(self, *, quietly: bool) -> None:
        last = 0
        while page := await transcripts.later_messages(self._store, self._scope, self.conversation_id, last, PAGE):
            last = page[-1].number
            for message in page:
                if message.state != State.SPEAKING or message.variant > 1:  # it may take long to be told anew
                    self._ended.setdefault(message.number, message)  # what the channel told is newer
            await self._take_all()
            if len(page) < PAGE:
                break
            if not quietly:
                self.changed.emit()

    async def _take_all(self) -> None:
        while batch := self._next():
            self._ear = self._ear or await asyncio.to_thread(Ear, self._seats)
            self._heard = batch[-1].number  # whatever is changed of these from now on is heard anew
            heard = await asyncio.to_thread(self._ear.hear, batch)
            self.moments.extend(heard.moments)
            self.reading = heard.reading
            self.served = dict(heard.served)
            if len(batch) == BATCH:
                await asyncio.sleep(BREATH)

    def _next(self) -> list[Message]:
        """The next lines without a gap: behind one that is still being spoken or is sealed, everything waits."""
        batch: list[Message] = []
        while len(batch) < BATCH and (message := self._ended.get(number := self._heard + len(batch) + 1)):
            if message.id not in self._opened and self._programme.is_sealed(message):
                break
            batch.append(self._ended.pop(number))
        return batch
