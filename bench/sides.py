"""The two that are compared, Chimera and the bare relay: how each is made to speak, and what it spends on it."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod

import aiohttp
from playwright.async_api import Page

from bench.processes import Process

SETTLED = 0.5
"""Seconds after the last word until everything that follows from it has been done."""


class Side(ABC):
    page: Page

    def __init__(self, process: Process, http: aiohttp.ClientSession) -> None:
        self.process = process
        self.idle = 0.0
        """CPU seconds a second, when nobody speaks and all who watch are there."""
        self._http = http

    @abstractmethod
    async def prepare(self, model: str) -> None:
        """From now on `speak` is answered by this model."""

    @abstractmethod
    async def speak(self) -> None:
        """Let the model answer once; returns when it has been asked to."""

    async def rest(self, seconds: float) -> None:
        self.idle = await self.process.idle_rate(seconds)

    async def spend(self, seconds: float) -> float:
        """CPU seconds of one answer that takes so many seconds, beyond those of idling."""
        before, begun = self.process.cpu(), time.monotonic()
        await self.speak()
        await asyncio.sleep(seconds + SETTLED)
        return self.process.cpu() - before - self.idle * (time.monotonic() - begun)

    async def get(self, path: str) -> dict[str, list[float]]:
        async with self._http.get(f'{self.process.url}{path}') as response:
            return await response.json()

    async def post(self, path: str, **asked: str) -> list[str]:
        async with self._http.post(f'{self.process.url}{path}', params=asked) as response:
            assert response.ok, f'{path}: {await response.text()}'
            return await response.json()


class Relay(Side):
    async def prepare(self, model: str) -> None:
        self._model = model

    async def speak(self) -> None:
        await self.post('/ask', model=self._model)


class Chimera(Side):
    """Speaks in a conversation that rests between two turns; each `prepare` begins a new one."""

    conversation_id: str

    @property
    def conversation(self) -> str:
        return f'{self.process.url}/conversation/{self.conversation_id}'

    async def prepare(self, model: str) -> None:
        (self.conversation_id,) = await self.post('/bench/begin', model=f'compatible/{model}', at_rest='yes')

    async def speak(self) -> None:
        await self.post('/bench/step', id=self.conversation_id)

    async def interrupt(self) -> None:
        await self.post('/bench/interrupt', id=self.conversation_id)

    async def hush(self) -> None:
        await self.post('/bench/hush')
