"""The least that could do the job, as a reference: a vendor's stream read with aiohttp, put on raw websockets, appended
to a page. No store, no Markdown, no personas, no page framework.

`python -m bench.relay --port 18002 --vendor http://127.0.0.1:18001/v1`; `--hz 30` joins words into that many frames a
second.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

PAGE = """<!doctype html><title>Relay</title><input aria-label="Ask" autofocus><p id="text"></p><script>
const socket = new WebSocket(`ws://${location.host}/watch`), text = document.getElementById("text");
socket.onmessage = ({data}) => text.append(data);
socket.onopen = () => document.body.dataset.ready = true;
document.querySelector("input").onkeydown = (e) => e.key === "Enter" && socket.send(e.target.value);
</script>"""


class Relay:
    def __init__(self, vendor: str, hz: float) -> None:
        self._vendor = vendor
        self._hz = hz
        self._watching: set[WebSocket] = set()
        self._asking: set[asyncio.Task[None]] = set()

    async def page(self, _: Request) -> Response:
        return HTMLResponse(PAGE)

    async def ask(self, request: Request) -> Response:
        self._begin(request.query_params['model'])
        return Response('{}', media_type='application/json')

    async def watch(self, socket: WebSocket) -> None:
        await socket.accept()
        self._watching.add(socket)
        try:
            while True:
                self._begin(await socket.receive_text())
        except WebSocketDisconnect:
            self._watching.discard(socket)

    @asynccontextmanager
    async def open(self, _: Starlette) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as self._session:
            yield

    def _begin(self, model: str) -> None:
        task = asyncio.create_task(self._stream(model))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _stream(self, model: str) -> None:
        body = {'model': model, 'stream': True, 'messages': [{'role': 'user', 'content': 'Speak.'}]}
        gathered: list[str] = []
        next_frame = 0.0
        async with self._session.post(f'{self._vendor}/chat/completions', json=body) as response:
            async for words in read(response.content):
                gathered.append(words)
                if not self._hz or time.monotonic() >= next_frame:
                    next_frame = time.monotonic() + 1 / self._hz if self._hz else 0
                    await self._show(''.join(gathered))
                    gathered.clear()
        if gathered:
            await self._show(''.join(gathered))

    async def _show(self, words: str) -> None:
        for socket in tuple(self._watching):
            await socket.send_text(words)


async def read(content: aiohttp.StreamReader) -> AsyncIterator[str]:
    rest = b''
    async for chunk in content.iter_any():
        *lines, rest = (rest + chunk).split(b'\n')
        words = ''
        for line in lines:
            if line.startswith(b'data: {'):
                for choice in orjson.loads(line[6:])['choices']:
                    words += choice['delta'].get('content') or ''
        if words:
            yield words


def build(vendor: str, hz: float) -> Starlette:
    relay = Relay(vendor, hz)
    routes = [Route('/', relay.page), Route('/ask', relay.ask, methods=['POST']), WebSocketRoute('/watch', relay.watch)]
    return Starlette(routes=routes, lifespan=relay.open)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(prog='python -m bench.relay')
    parser.add_argument('--port', type=int, required=True)
    parser.add_argument('--vendor', required=True)
    parser.add_argument('--hz', type=float, default=0, help='frames a second; 0 sends every word by itself')
    chosen = parser.parse_args()
    # Compression is left out, as it is in Chimera: the leanest relay is the reference.
    app = build(chosen.vendor, chosen.hz)
    uvicorn.run(app, port=chosen.port, log_level='warning', access_log=False, ws_per_message_deflate=False)
