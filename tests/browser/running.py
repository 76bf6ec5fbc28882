"""A real Chimera, in a process of its own, with a data folder of its own and nothing of this machine's settings."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import aiohttp

ROOT = Path(__file__).parents[2]
PATIENCE = 60
OURS = ('PATH', 'HOME', 'LANG', 'TMPDIR')


class Running:
    """`settings` are environment variables. The port stays the same over a restart, as it does for a person."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.log = folder / 'log.txt'
        self.port = free_port()
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        atexit.register(self.kill)

    @property
    def url(self) -> str:
        return f'http://127.0.0.1:{self.port}'

    @property
    def data(self) -> Path:
        return self.folder / 'data'

    @property
    def store_url(self) -> str:
        return f'sqlite:///{self.data / "chimera.db"}'

    async def start(self) -> Running:
        environment = {name: os.environ[name] for name in OURS if name in os.environ} | {
            'CHIMERA_PORT': str(self.port),
            'CHIMERA_DATA_DIR': str(self.data),
            'CHIMERA_DISCOVER_LOCAL': 'false',
            **self._settings,
        }
        with self.log.open('ab') as log:
            self._process = subprocess.Popen(
                [sys.executable, str(ROOT / 'main.py')],
                cwd=self.folder,  # where no .env is
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        await self._until_it_answers()
        return self

    def kill(self) -> None:
        """As when the power goes: nothing is saved, nobody is told."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    async def stop(self) -> None:
        """As when a person presses Ctrl+C."""
        if self._process:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(self._process.wait, 15)
        self.kill()

    def complaints(self) -> str:
        """What the process said of itself when something broke in it."""
        said = self.log.read_text(encoding='utf-8', errors='replace')
        return said if 'Traceback' in said or 'rror ' in said else ''

    async def _until_it_answers(self) -> None:
        until = time.monotonic() + PATIENCE
        async with aiohttp.ClientSession() as session:
            while time.monotonic() < until:
                assert self._process
                assert self._process.poll() is None, self.log.read_text(encoding='utf-8')
                with contextlib.suppress(aiohttp.ClientError, OSError):
                    async with session.get(f'{self.url}/health') as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.05)
        raise AssertionError(f'Chimera did not open its doors: {self.log.read_text(encoding="utf-8")}')


def free_port() -> int:
    with contextlib.closing(socket.socket()) as door:
        door.bind(('127.0.0.1', 0))
        return door.getsockname()[1]
