"""The processes of a benchmark: started together, heard of when they answer, and gone afterwards whatever happened."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Self

import aiohttp

ROOT = Path(__file__).parent.parent


class Process:
    """A process of ours; `cpu()` is all the CPU time it ever used, in seconds, with every thread of it."""

    def __init__(self, popen: subprocess.Popen[str], port: int = 0) -> None:
        self.popen = popen
        self.port = port

    @property
    def url(self) -> str:
        return f'http://127.0.0.1:{self.port}'

    def cpu(self) -> float:
        return time.clock_gettime(((~self.popen.pid) << 3) | 2)

    async def idle_rate(self, seconds: float) -> float:
        before = self.cpu()
        await asyncio.sleep(seconds)
        return (self.cpu() - before) / seconds

    def memory(self) -> dict[str, float]:
        """In MB: `rss`, and `pss` where the kernel tells it."""
        kept = {}
        for file, name in (('status', 'VmRSS:'), ('smaps_rollup', 'Pss:')):
            try:
                lines = Path(f'/proc/{self.popen.pid}/{file}').read_text().splitlines()
            except OSError:
                continue
            kept[name] = next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0)
        return {'rss': kept['VmRSS:'], 'pss': kept.get('Pss:', 0)}


class Processes:
    """`async with Processes() as processes:`; everything started from it is killed at its end."""

    async def __aenter__(self) -> Self:
        self._stack = AsyncExitStack()
        if whole := asyncio.current_task():  # who ends the benchmark ends its processes too
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, whole.cancel)
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix='chimera-bench-')))
        self.http = await self._stack.enter_async_context(aiohttp.ClientSession())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def folder(self, name: str) -> Path:
        (self._folder / name).mkdir(exist_ok=True)
        return self._folder / name

    async def vendor(self) -> Process:
        port = free_port()
        return await self._answers(self.start('bench.clocked_vendor', '--port', str(port), port=port), '/v1/models')

    async def relay(self, vendor: Process, hz: float = 0) -> Process:
        port = free_port()
        arguments = ('--port', str(port), '--vendor', f'{vendor.url}/v1', '--hz', str(hz))
        return await self._answers(self.start('bench.relay', *arguments, port=port), '/')

    async def chimera(
        self, vendor: Process | None = None, *, folder: Path | None = None, side_door: bool = True
    ) -> Process:
        port = free_port()
        settings = environment(port, folder or Path(tempfile.mkdtemp(dir=self._folder)))
        if vendor:
            settings |= {
                'CHIMERA_COMPATIBLE_URL': f'{vendor.url}/v1',
                'CHIMERA_DEFAULT_MODEL': 'compatible/paced-100-50',
            }
        else:
            settings['CHIMERA_DEMO'] = 'true'
        started = self.start('bench.served' if side_door else 'main', port=port, settings=settings)
        return await self._answers(started, '/health')

    def start(self, module: str, *arguments: str, port: int = 0, settings: dict[str, str] | None = None) -> Process:
        popen = subprocess.Popen(
            [sys.executable, '-m', module, *arguments], cwd=ROOT, env=settings, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr, start_new_session=True,
        )  # fmt: skip
        self._stack.callback(end, popen)
        return Process(popen, port)

    def end(self, process: Process) -> None:
        end(process.popen)

    async def _answers(self, process: Process, path: str) -> Process:
        async with asyncio.timeout(30):
            while True:
                if process.popen.poll() is not None:
                    raise RuntimeError(f'{process.popen.args} ended with {process.popen.returncode}')
                try:
                    async with self.http.get(process.url + path) as response:
                        await response.read()
                        return process
                except aiohttp.ClientError:
                    await asyncio.sleep(0.02)


def environment(port: int, folder: Path) -> dict[str, str]:
    """No key and no setting of whoever runs the benchmark comes along, and nothing says that a test is running."""
    kept = {name: value for name, value in os.environ.items() if name in {'PATH', 'HOME', 'LANG', 'TMPDIR'}}
    return kept | {
        'CHIMERA_PORT': str(port), 'CHIMERA_DATA_DIR': str(folder), 'CHIMERA_LOG_LEVEL': 'warning',
        'CHIMERA_DISCOVER_LOCAL': 'false',
    }  # fmt: skip


def end(popen: subprocess.Popen[str]) -> None:
    popen.kill()
    popen.wait()
    for stream in (popen.stdin, popen.stdout):
        if stream:
            with suppress(BrokenPipeError):
                stream.close()


def free_port() -> int:
    while True:
        port = random.randint(18000, 18999)  # noqa: S311
        with socket.socket() as probe:
            if probe.connect_ex(('127.0.0.1', port)):
                return port
