"""The web server: one socket, bound before anything else so that a taken port is said in a sentence."""

from __future__ import annotations

import asyncio
import signal
import socket
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import structlog
import uvicorn
from fastapi import FastAPI
from uvicorn.loops.auto import auto_loop_factory

from app.settings import Settings

log = structlog.get_logger()

GRACE = 5
"""Seconds open requests get when Chimera is told to stop; the conversations are saved after that."""


class CannotListen(Exception):
    """The address is taken or not ours; the sentence says what to do."""


def listen(host: str, port: int) -> closing[socket.socket]:
    family = socket.AF_INET6 if ':' in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host.strip('[]'), port))
        door.listen(2048)
    except OSError as error:
        door.close()
        raise CannotListen(
            f'{host}:{port} cannot be listened on ({error.strerror or error}). '
            f'Is Chimera running there already? Another port: CHIMERA_PORT={port + 1 if port < 65535 else 8081}'
        ) from error
    return closing(door)


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """uvloop where it exists, else Python's own loop."""
    return auto_loop_factory()


async def serve(web: FastAPI, door: socket.socket, settings: Settings) -> None:
    """Until somebody asks it to stop."""
    config = uvicorn.Config(
        web,
        log_config=None,
        # Its lines for each socket name the page's client id, and whoever knows that may click for it.
        log_level='warning',
        access_log=False,
        # Compressing each frame for each viewer costs more than it saves.
        ws='websockets-sansio',
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=GRACE,
    )
    host, port = door.getsockname()[:2]
    shown = 'localhost' if host in ('127.0.0.1', '::1', '0.0.0.0') else host
    address = f'http://{shown}:{port}'
    log.info(f'Chimera is open at {address}')
    if settings.open_browser:
        webbrowser.open(address)
    await _Server(config).serve(sockets=[door])


class _Server(uvicorn.Server):
    """Told to stop, uvicorn would raise the signal again and take Chimera down before it has written its last words."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        signals = (signal.SIGINT, signal.SIGTERM)
        for number in signals:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in signals:
                loop.remove_signal_handler(number)
