"""Writes to a websocket from where the words are, when nothing stands before them.

engine.io gives each socket a queue and a task that empties it: four switches between tasks for each frame and viewer,
three times the price of writing it. So a frame is written at once when the queue is empty, and queued when it is not or
when the network is slower than the words; a slow viewer slows nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from engineio.async_drivers.asgi import WebSocket
from engineio.async_socket import AsyncSocket
from engineio.packet import Packet
from nicegui import core

FULL = 300
"""Frames that wait for one screen, ten seconds of them, after which it gets no more: when it reads again it sees that
some are missing, and asks for what it missed."""
GONE = (OSError, RuntimeError)


class StraightSocket(WebSocket):
    def __init__(self, handler: Any, server: Any) -> None:
        super().__init__(handler, server)
        self._busy = False
        handler.__self__.straight = self

    async def send(self, message: str | bytes) -> None:
        self._busy = True
        try:
            await super().send(message)
        finally:
            self._busy = False

    def write(self, event: dict[str, Any]) -> bool:
        """False when it would have to wait; then nothing was written."""
        if self._busy or self.asgi_send is None:
            return False
        # Run as far as it goes without a task: to its end, unless the network cannot take more just now.
        sending: Coroutine[Any, Any, None] = self.asgi_send(event)
        try:
            awaited = sending.send(None)
        except StopIteration:
            return True
        except GONE:
            return True  # engine.io finds out by itself and forgets the socket
        self._busy = True
        self._rest = asyncio.create_task(self._finish(sending, awaited), name='slow viewer')
        return True

    async def _finish(self, sending: Coroutine[Any, Any, None], awaited: asyncio.Future[Any]) -> None:
        try:
            while True:
                awaited._asyncio_future_blocking = False  # it is ours to await now
                await asyncio.wait({awaited})
                awaited = sending.send(None)
        except (StopIteration, *GONE):
            pass
        finally:
            self._busy = False


def write_straight() -> None:
    """From now on sockets of NiceGUI are such ones."""
    core.sio.eio._async = {**core.sio.eio._async, 'websocket': StraightSocket}


def write_to(socket: AsyncSocket, packet: Packet, event: dict[str, Any]) -> None:
    """`event` is the packet as the web server takes it."""
    if socket.closed:
        return
    straight: StraightSocket | None = getattr(socket, 'straight', None)
    # A packet taken from the queue counts until engine.io sets about sending it: until then it stands before this one.
    if straight and not socket.queue._unfinished_tasks and straight.write(event):
        return
    if socket.queue.qsize() < FULL:
        socket.queue.put_nowait(packet)
