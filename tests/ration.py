"""A vendor and a clock that go on only as far as they are let: whatever a test does is then done in mid-sentence, at
the same word each time, however fast the machine and its database are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

from app.conversation.clock import Clock
from app.providers.port import Delta, ModelSettings, Prompt
from tests.fixtures_conversation import Voice


class Ration:
    """So many pieces are let through; whoever wants one more waits."""

    def __init__(self) -> None:
        self.left = 0
        self.taken = 0
        self._more = asyncio.Event()

    def give(self, pieces: int) -> None:
        self.left += pieces
        self._more.set()

    def end(self) -> None:
        self.left = 0

    async def take(self) -> None:
        while self.left <= 0:
            self._more.clear()
            await self._more.wait()
        self.left -= 1
        self.taken += 1


class RationedVoice(Voice):
    """Each delta, the last one with its usage too, is one of `words`. Whoever is asked waits for the first of them."""

    def __init__(self) -> None:
        super().__init__()
        self.words = Ration()

    async def stream(self, prompt: Prompt, settings: ModelSettings) -> AsyncIterator[Delta]:
        async with aclosing(super().stream(prompt, settings)) as deltas:  # type: ignore[type-var]
            async for delta in deltas:
                await self.words.take()
                yield delta


class RationedClock(Clock):
    """Time passes at once, except while `stands`: then each wait takes one of `moments`."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.stands = False
        self.moments = Ration()

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        if self.stands:
            await self.moments.take()
        else:
            self.moments.taken += 1
        self.now += seconds
        await asyncio.sleep(0)

    def goes(self, on: bool) -> None:
        self.stands = not on
        if on:
            self.moments.give(1_000)
        else:
            self.moments.end()
