"""The cable between a browser and Chimera, which a test may cut and mend."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Self


class Cable:
    """Carries bytes both ways to `port`. While it is cut nothing passes, and nobody is told why."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._is_cut = False
        self._lines: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        assert self._server
        return f'http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}'

    def cut(self) -> None:
        self._is_cut = True
        for line in self._lines:
            line.transport.abort()

    def mend(self) -> None:
        self._is_cut = False

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connect, '127.0.0.1', 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()
        self.cut()
        if self._lines:
            await asyncio.wait(self._lines.values())
        await self._server.wait_closed()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        if self._is_cut:
            writer.transport.abort()
            return
        self._lines[writer] = task
        far_reader, far_writer = await asyncio.open_connection('127.0.0.1', self._to)
        try:
            await asyncio.gather(carry(reader, far_writer), carry(far_reader, writer))
        finally:
            del self._lines[writer]
            for end in (writer, far_writer):
                end.close()


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    # One end has hung up: the other shall hear of it.
    writer.close()
