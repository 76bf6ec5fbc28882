"""The door to the database: short sessions, either reading or writing."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from app.store.engine import make_engines, make_url
from app.store.faults import in_plain_words

SCARCE = 32 * 1024 * 1024
"""Bytes left on the disk below which the store calls itself unwell: words would soon be refused."""


class Store:
    """Rows outlive the session they came from. A session is never held while waiting for a model or a person."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == 'sqlite'
        self._engines: tuple[AsyncEngine, AsyncEngine] | None = None

    async def open(self) -> None:
        self._engines = make_engines(self.url)

    async def close(self) -> None:
        for engine in self._engines or ():
            await engine.dispose()
        self._engines = None

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """For reading: one moment of the database, and no lock that a writer would wait for."""
        reader, _ = self._opened()
        async with AsyncSession(reader, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """For writing: committed at the end, or not at all. Not to be nested."""
        _, writer = self._opened()
        async with AsyncSession(writer, expire_on_commit=False) as session, session.begin():
            yield session

    async def check(self) -> str | None:
        """None when all is well, else a sentence saying what is wrong."""
        try:
            async with asyncio.timeout(2), self.session() as session:
                await (await session.connection()).execute(text('SELECT version_num FROM alembic_version'))
        except (SQLAlchemyError, OSError) as error:
            return in_plain_words(error, self.url)
        return self._check_file() if self.is_sqlite else None

    def _check_file(self) -> str | None:
        file = Path(self.url.database or '')
        if not file.exists():  # SQLite goes on writing into a file that was deleted
            return f'The database file {file} is gone: restart Chimera, or put a backup in its place first.'
        if shutil.disk_usage(file.parent).free < SCARCE:
            return f'The disk of the database file {file} is full. Make room, or words will be lost.'
        return None

    def _opened(self) -> tuple[AsyncEngine, AsyncEngine]:
        if self._engines is None:
            raise RuntimeError('the store is not open')
        return self._engines
