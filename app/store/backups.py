"""Copies of an older database, made before it is changed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy import URL

from app.store.faults import DatabaseFault

KEPT = 5

log = structlog.get_logger()


def back_up(url: URL, revision: str, folder: Path) -> Path | None:
    """The copy, or None where PostgreSQL's own tool for it is missing. Raises DatabaseFault for a damaged one."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_sqlite = url.get_backend_name() == 'sqlite'
    moment = datetime.now(UTC).strftime('%Y%m%dT%H%M%SZ')
    copy = folder / f'chimera-{moment}-{revision}.{"db" if is_sqlite else "dump"}'
    partial = folder / f'{copy.name}.partial'  # under its own name only when it is whole
    os.close(os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
    try:
        if is_sqlite:
            _copy_sqlite(Path(url.database or ''), partial, folder)
        elif not _dump_postgres(url, partial):
            return None
        partial.replace(copy)
    finally:
        partial.unlink(missing_ok=True)
    _forget_old_ones(folder)
    return copy


def _copy_sqlite(file: Path, copy: Path, folder: Path) -> None:
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        found = target.execute('PRAGMA quick_check(1)').fetchone()[0]
    if found != 'ok':
        good = max(folder.glob('chimera-*.db'), default=None)
        advice = f'Put the newest backup, {good}, in its place.' if good else f'There is no backup in {folder}.'
        raise DatabaseFault(f'The database file {file} is damaged and was left as it is. {advice}')


def _dump_postgres(url: URL, copy: Path) -> bool:
    program = shutil.which('pg_dump')
    if program is None:
        log.warning('no backup before migrating: pg_dump is not installed', database=url.database)
        return False
    reach = url.set(drivername='postgresql', password=None).render_as_string()
    secret = {'PGPASSWORD': str(url.password)} if url.password else {}
    with copy.open('wb') as target:
        done = subprocess.run(
            [program, '--format=custom', '--no-password', f'--dbname={reach}'],
            stdout=target,
            stderr=subprocess.PIPE,
            env=os.environ | secret,
            check=False,
        )
    if done.returncode:
        # Often an older pg_dump than the server. The migration itself is one transaction: it happens or it does not.
        log.warning('no backup before migrating: pg_dump failed', reason=done.stderr.decode(errors='replace')[:300])
    return done.returncode == 0


def _forget_old_ones(folder: Path) -> None:
    for old in sorted(folder.glob('chimera-*'))[:-KEPT]:
        old.unlink()
