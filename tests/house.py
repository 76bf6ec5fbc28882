"""A Chimera with rooms in it, for whoever wants to do anything in any of them at any moment."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.live.channel import Item
from app.providers.port import Price
from app.store import conversations
from app.store.capsules import Everything, everything_of
from app.store.tables import Conversation, Status
from tests.deeds import DEEDS, FOLLIES, At, is_done
from tests.fixtures_conversation import PATIENCE, begin, forget, make_chimera
from tests.ration import RationedClock, RationedVoice
from tests.witness import Witness, without_ids

Result = TypeVar('Result')
MOST_ROOMS = 3
QUIET = 8
"""Rounds of the event loop in which nothing happened, after which nothing will."""
PLENTY = 1_000_000
DEAR, DEARER, DEAREST = (
    Price(400_000, 2_000_000),
    Price(10_000_000, 40_000_000),
    Price(2_000_000, 9_000_000, thinks=True),
)


class AtOnce(ThreadPoolExecutor):
    """What is left to a thread is done here and now, so that a run is the same each time."""

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        done: Future[Result] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - as a thread does
            done.set_exception(error)
        return done


class House:
    """`rooms` are those who watch, one in each room; `done` counts what was done and not refused."""

    def __init__(self, url: str, folder: Path) -> None:
        self.voice, self.clock = RationedVoice(), RationedClock()
        self.voice.prices = {'demo/dear': DEARER, 'demo/thinker': DEAREST, 'demo/unpriced': None}
        self.voice.usual_price = DEAR
        self.chimera = make_chimera(url, folder, self.voice, self.clock)
        self.rooms: list[Witness] = []
        self.done: Counter[str] = Counter()
        self._loop = asyncio.Runner()
        self._loop.get_loop().set_default_executor(AtOnce())
        self._here = 0
        self._drafts: set[asyncio.Task[None]] = set()

    def run(self, doing: Coroutine[Any, Any, Result]) -> Result:
        """Until it is done; everything else stands still in between."""
        return self._loop.run(doing)

    def close(self) -> None:
        self.run(self.chimera.stop())
        self._loop.close()

    @property
    def watching(self) -> Witness:
        return self.rooms[self._here % len(self.rooms)]

    @property
    def room(self) -> Orchestrator:
        return self.watching.room

    async def begin(self, **wanted: object) -> None:
        self._here = 0
        self.chimera.library.load()
        stage = await begin(self.chimera, **wanted)
        await self.settle()
        await self._watch(stage.id)

    async def settle(self) -> None:
        """Until everybody waits for a vendor, for the clock or for people."""
        quiet, before = 0, None
        async with asyncio.timeout(PATIENCE):
            while quiet < QUIET:
                if is_writing := self.chimera.journal._writing:
                    await asyncio.wait({is_writing})
                await asyncio.sleep(0)
                now = (self.voice.words.taken, self.clock.moments.taken, *(witness.number for witness in self.rooms))
                quiet = 0 if is_writing or self.chimera.journal._is_due or now != before else quiet + 1
                before = now
        for witness in self.rooms:
            if not witness.room._world.budget._open:
                witness.take_stock()

    async def words_come(self, words: int, moments: int = 0) -> None:
        self.voice.words.give(words)
        self.clock.moments.give(moments)
        await self.settle()
        self.voice.words.end()
        self.clock.moments.end()

    async def do(self, name: str, one: int, other: int) -> None:
        """While nothing else happens: what is refused has changed nothing."""
        at, before = At(self.chimera, self.room, one, other), self._remembered()
        row = await self._row() if name in FOLLIES else None
        is_done = await self._obey(name, at)
        await self.settle()
        if name in FOLLIES:
            assert not is_done, f'{name} was not refused'
            assert await self._row() == row, f'{name} was refused, and there is a trace of it in the database'
        if not is_done:
            assert self._remembered() == before, f'{name} was refused and has changed something'
        elif name.startswith('branch'):
            event_number = at.room.conversation.event_number
            assert event_number > before[0].pop('event_number')
            now = self._remembered()
            now[0].pop('event_number')
            assert now == before, 'who was branched from is another now'
        await self._watch_branches()

    async def do_at_once(self, names: list[tuple[str, int, int]], words: int, moments: list[int]) -> None:
        """While words come; each after so many rounds of the event loop."""
        room = self.room

        async def do(name: str, one: int, other: int, moments: int) -> None:
            for _ in range(moments):
                await asyncio.sleep(0)
            await self._obey(name, At(self.chimera, room, one, other))

        self.voice.words.give(words)
        await asyncio.gather(*(do(*name, each) for name, each in zip(names, moments, strict=True)))
        await self.settle()
        self.voice.words.end()
        await self._watch_branches()

    async def _obey(self, name: str, at: At) -> bool:
        async with asyncio.timeout(PATIENCE):  # nobody's command waits for a vendor
            obeyed = await is_done((DEEDS | FOLLIES)[name](at))
        self.done[name] += obeyed
        return obeyed

    async def ghost_write(self, one: int, other: int, begun: str) -> None:
        room, at = self.room, At(self.chimera, self.room, one, other)
        drafts = len(room._ghost._writing)

        async def write() -> None:
            with suppress(Refused):
                await room.ghost_write(self.chimera.scope, lambda _: None, at.another, begun)

        draft = asyncio.get_running_loop().create_task(write())
        self._drafts.add(draft)
        draft.add_done_callback(self._drafts.discard)
        while len(room._ghost._writing) == drafts and not draft.done():  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0)
        await self.settle()

    async def look_elsewhere(self, where: int) -> None:
        self._here = where

    async def time_goes(self, on: bool) -> None:
        self.clock.goes(on)
        await self.settle()

    async def dismiss_ghost_writers(self) -> None:
        for draft in tuple(self._drafts):
            draft.cancel()
        await asyncio.gather(*self._drafts, return_exceptions=True)
        await self.settle()

    async def restart(self) -> None:
        self.clock.goes(on=True)  # whoever rests between two lines is not waited for
        async with asyncio.timeout(PATIENCE):
            await self.chimera.runner.close()
        await self.settle()
        before, self.rooms = self.rooms, []
        for witness in before:
            witness.look()
            await witness.ask_the_database()
            witness.leave()
        self._nothing_is_open(before)
        forget(self.chimera)
        for witness in before:
            anew = await self._watch(witness.room.conversation.id)
            assert anew.told == witness.told
            assert anew.born_with == witness.born_with
            assert anew.room is not witness.room

    async def look(self) -> None:
        for witness in self.rooms:
            witness.look()
            room = witness.room
            is_at_it = room._running.task is not None
            assert is_at_it or room.status != Status.RUNNING, 'it runs, and nobody runs it'
            assert is_at_it or room.speaking is None, 'somebody speaks, and nobody hears it out'
        held = sum(each.reserved.money for witness in self.rooms for each in witness.room._world.budget._open)
        assert self.chimera.purse.held == held

    async def ask_the_database(self) -> None:
        for witness in self.rooms:
            await witness.ask_the_database()

    async def end(self) -> None:
        """Whatever was done, each room comes to rest by itself, and to its end when it is told to."""
        await self.look()
        await self.ask_the_database()
        self.clock.goes(on=True)
        for witness in self.rooms:
            room = witness.room
            await room.steering.set_limits(max_turns=room.conversation.turns + 2)
            with suppress(Refused):
                await room.resume()
        self.voice.words.give(PLENTY)
        await self.settle()
        await asyncio.gather(*self._drafts)
        await self.settle()
        for witness in self.rooms:
            assert witness.room.status != Status.RUNNING, 'it never ends'
            assert witness.room._running.task is None
        await self.look()
        self._nothing_is_open(self.rooms)
        await self.ask_the_database()
        self.voice.words.end()
        await self.leave()

    async def leave(self) -> None:
        """For the next one who comes: every room is deleted, and nothing of it stays."""
        await self.dismiss_ghost_writers()
        self.clock.goes(on=True)
        self.voice._script.clear()
        rooms, self.rooms = self.rooms, []
        for witness in rooms:
            witness.leave()
            await self.chimera.runner.delete(self.chimera.scope, witness.room.conversation.id)
            assert await self._everything(witness.room) is None

    def _nothing_is_open(self, rooms: list[Witness]) -> None:
        for witness in rooms:
            budget = witness.room._world.budget
            assert not budget._open
            assert not budget.bill

    async def _watch(self, conversation_id: str, since_birth: list[Item] | None = None) -> Witness:
        room = await self.chimera.runner.open(self.chimera.scope, conversation_id)
        assert room
        before = await self._everything(room)
        assert before
        witness = Witness(self.chimera, room, before, since_birth)
        self.rooms.append(witness)
        return witness

    async def _watch_branches(self) -> None:
        for parent in tuple(self.rooms):
            grown, parent.grown = parent.grown, {}
            for branch_id, happened in grown.items():
                if len(self.rooms) >= MOST_ROOMS:
                    await self.chimera.runner.delete(self.chimera.scope, branch_id)
                    continue
                branch = await self._watch(branch_id, happened)
                await self._is_like(branch, parent)

    async def _is_like(self, branch: Witness, parent: Witness) -> None:
        if branch.number > 1:
            return  # it has gone on already
        kept = await self._everything(branch.room)
        assert kept
        assert without_ids(kept.messages) == without_ids(parent.room.transcript[: kept.conversation.branched_at])
        paid = sum(row.money for row in (*kept.messages, *kept.variants))
        assert branch.born_with == (max((m.turn or 0 for m in kept.messages), default=0), paid)

    def _remembered(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        record = self.room.record
        rows = (*record.participants, *record.transcript, *record.notes)
        return record.conversation.model_dump(), [row.model_dump() for row in rows]

    async def _row(self) -> Conversation | None:
        """Whatever is written to a conversation changes it, if only the number of its last event."""
        chimera = self.chimera
        return await conversations.conversation(chimera.store, chimera.scope, self.room.conversation.id)

    async def _everything(self, room: Orchestrator) -> Everything | None:
        return await everything_of(self.chimera.store, self.chimera.scope, room.conversation.id)


MEANWHILE: dict[str, Callable[[House, int, int], Coroutine[Any, Any, None]]] = {
    'time stands still': lambda house, one, other: house.time_goes(on=False),
    'time goes on': lambda house, one, other: house.time_goes(on=True),
    'a ghost writes': lambda house, one, other: house.ghost_write(one, other, 'I think' if one % 2 else ''),
    'ghosts are dismissed': lambda house, one, other: house.dismiss_ghost_writers(),
    'people look elsewhere': lambda house, one, other: house.look_elsewhere(one),
    'Chimera is restarted': lambda house, one, other: house.restart(),
    'the database is asked': lambda house, one, other: house.ask_the_database(),
}
