"""Chimera itself, started as it always is, with a side door for the benchmarks: begin a conversation without a browser,
let one more turn be spoken, and look at the event loop from within.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

import main
from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from app.conversation.pacing import BETWEEN
from app.live.channel import Item, Words
from app.live.runner import Draft
from app.store import conversations

CAST = ['philosopher', 'comedian']
SENT = re.compile(r'word(\d+\.\d)')
LOOK_EVERY = 0.01


class SideDoor:
    def __init__(self, chimera: Chimera) -> None:
        self._chimera = chimera
        self._publish = chimera.channels.publish
        self._watching: asyncio.Task[None] | None = None
        self._lags: list[float] = []
        self._ages: list[float] = []

    async def begin(self, request: Request) -> JSONResponse:
        """As many as asked, running at once; `at_rest` has had one short turn and waits for `step`."""
        asked = request.query_params
        ids = [await self._begin(asked['model'], at_rest='at_rest' in asked) for _ in range(int(asked.get('count', 1)))]
        return JSONResponse(ids)

    async def step(self, request: Request) -> JSONResponse:
        """One more turn of a conversation at rest."""
        orchestrator = await self._open(request.query_params['id'])
        await orchestrator.step()
        return JSONResponse({})

    async def interrupt(self, request: Request) -> JSONResponse:
        await (await self._open(request.query_params['id'])).interrupt()
        return JSONResponse({})

    async def hush(self, _: Request) -> JSONResponse:
        """Nobody speaks any more."""
        for conversation in await conversations.running_conversations(self._chimera.store, self._chimera.scope):
            await (await self._open(conversation.id)).stop()
        return JSONResponse({})

    async def state(self, request: Request) -> JSONResponse:
        orchestrator = await self._open(request.query_params['id'])
        last = orchestrator.transcript[-1] if orchestrator.transcript else None
        said = {'words': last.text.count('word'), 'state': last.state} if last else {}
        return JSONResponse({'status': orchestrator.status, 'because': orchestrator.conversation.stop_reason, **said})

    async def look(self, _: Request) -> JSONResponse:
        """From now on note how late the loop is and how old words are when they are published."""
        self._lags, self._ages = [], []
        self._chimera.channels.publish = self._timed_publish
        self._watching = asyncio.create_task(self._note_lags())
        return JSONResponse({})

    async def seen(self, _: Request) -> JSONResponse:
        assert self._watching
        self._watching.cancel()
        self._chimera.channels.publish = self._publish
        return JSONResponse({'lags': self._lags, 'ages': self._ages})

    async def _begin(self, model: str, *, at_rest: bool) -> str:
        first = 'compatible/paced-0-5' if at_rest else model
        draft = Draft('How long is a word?', CAST, dict.fromkeys(CAST, first), max_turns=1000, pace=int(at_rest))
        conversation = await self._chimera.runner.begin(self._chimera.scope, draft)
        if at_rest:
            orchestrator = await self._open(conversation.id)
            while orchestrator.speaking or not orchestrator.conversation.turns:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            await orchestrator.pause()  # in the rest between two turns
            await asyncio.sleep(BETWEEN)
            # From here on words are not typed: the way is measured, not the typist.
            await orchestrator.steering.set_pace(0)
            for participant in orchestrator.participants:
                await orchestrator.steering.set_model(participant.id, model)
        return conversation.id

    async def _open(self, conversation_id: str) -> Orchestrator:
        orchestrator = await self._chimera.runner.open(self._chimera.scope, conversation_id)
        assert orchestrator
        return orchestrator

    async def _note_lags(self) -> None:
        while True:
            due = time.perf_counter() + LOOK_EVERY
            await asyncio.sleep(LOOK_EVERY)
            self._lags.append(time.perf_counter() - due)

    def _timed_publish(self, conversation_id: str, items: list[Item]) -> None:
        self._publish(conversation_id, items)
        now = time.time()
        for item in items:
            if isinstance(item, Words) and (oldest := SENT.search(item.text)):
                self._ages.append(now - float(oldest[1]) / 1000)


def build_with_side_door(chimera: Chimera) -> FastAPI:
    web = build(chimera)
    door = SideDoor(chimera)
    # Before everything else: NiceGUI's mount at the end takes every other address.
    routes: list[Any] = [
        Route('/bench/begin', door.begin, methods=['POST']),
        Route('/bench/step', door.step, methods=['POST']),
        Route('/bench/interrupt', door.interrupt, methods=['POST']),
        Route('/bench/hush', door.hush, methods=['POST']),
        Route('/bench/state', door.state),
        Route('/bench/look', door.look, methods=['POST']),
        Route('/bench/seen', door.seen),
    ]
    web.router.routes[:0] = routes
    return web


build = main.build

if __name__ == '__main__':
    main.build = build_with_side_door
    sys.exit(main.main())
