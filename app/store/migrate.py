"""Brings a database up to what this code expects, before anything else opens it.

Nearly every start finds it so: that is one SELECT, and Alembic is not even imported. Otherwise the whole way up is
one transaction behind one lock, after a backup: killed on the way, or started twice, it ends up right.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy import inspect as look_into
from sqlalchemy.exc import DBAPIError

from app.store.backups import back_up
from app.store.engine import make_sync_engine, make_url
from app.store.faults import DatabaseFault, NewerDatabase, in_plain_words, place
from app.store.tables import SQLModel

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parents[2] / 'migrations'
TURN = 0x43_68_69_6D_65_72_61
"""The number of PostgreSQL's advisory lock that instances starting together queue for."""
LONG = 600.0
"""Seconds to wait for another instance that is migrating: it may have a large backup to write first."""

log = structlog.get_logger()


def migrate(url: str, backups: Path, migrations: Path = MIGRATIONS) -> None:
    """Raises NewerDatabase, or DatabaseFault for a database that cannot be used."""
    address = make_url(url)
    engine = make_sync_engine(address, foreign_keys=False, patience=LONG)
    try:
        if address.get_backend_name() == 'sqlite':
            _make_private(Path(address.database or ''))
        with engine.connect() as connection:
            found = revision_of(connection)
        if found != known_revisions(migrations)[-1]:
            _bring_up(engine, address, backups, migrations)
    except (DBAPIError, OSError) as error:
        raise DatabaseFault(in_plain_words(error, address)) from error
    finally:
        engine.dispose()


def known_revisions(migrations: Path = MIGRATIONS) -> list[str]:
    """First to last. A revision's file is `0001_what_it_does.py` and its id is the number."""
    return sorted(file.name.partition('_')[0] for file in (migrations / 'versions').glob('[0-9]*_*.py'))


def revision_of(connection: Connection) -> str | None:
    """None for a database that has never been migrated."""
    if not look_into(connection).has_table('alembic_version'):
        return None
    return connection.execute(text('SELECT version_num FROM alembic_version')).scalar()


def alembic_config(connection: Connection, migrations: Path = MIGRATIONS) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option('script_location', str(migrations).replace('%', '%%'))
    config.attributes['connection'] = connection
    return config


def _bring_up(engine: Engine, url: URL, backups: Path, migrations: Path) -> None:
    from alembic import command

    known = known_revisions(migrations)
    with engine.begin() as connection:  # on SQLite this takes the lock already
        if connection.dialect.name == 'postgresql':
            connection.execute(text('SELECT pg_advisory_xact_lock(:turn)'), {'turn': TURN})
        found = revision_of(connection)
        if found == known[-1]:
            return  # somebody else brought it up while this one waited
        _refuse_strangers(connection, found, known, url)
        if found:
            kept = back_up(url, found, backups)
            log.info('migrating the database', found=found, wanted=known[-1], backup=str(kept) if kept else None)
        command.upgrade(alembic_config(connection, migrations), 'head')
        _check_references(connection, url)


def _refuse_strangers(connection: Connection, found: str | None, known: list[str], url: URL) -> None:
    if found and found not in known:
        raise NewerDatabase(
            f'This database was written by a newer Chimera (revision {found}; this one knows up to {known[-1]}). '
            f'Start that newer version again, or put a backup made by this one in place of {place(url)}.'
        )
    ours = set(SQLModel.metadata.tables)
    strange = sorted(ours.intersection(look_into(connection).get_table_names())) if not found else []
    if strange:
        raise DatabaseFault(
            f'The database {place(url)} belongs to another program: it has a table "{strange[0]}" that Chimera did '
            'not make. Give Chimera a database of its own with CHIMERA_DATABASE_URL.'
        )


def _check_references(connection: Connection, url: URL) -> None:
    """Tables are rebuilt with SQLite's own watch switched off, so look once before it is final."""
    if connection.dialect.name == 'sqlite' and connection.exec_driver_sql('PRAGMA foreign_key_check').first():
        raise DatabaseFault(f'The database {place(url)} has rows that refer to missing ones: it was left as it was.')


def _make_private(file: Path) -> None:
    """What is said here is nobody else's to read. SQLite gives its journals the mode of the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_RDONLY, 0o600))
