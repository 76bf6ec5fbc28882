"""What can be wrong with a database, in sentences for the person who has to do something about it."""

from __future__ import annotations

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class DatabaseFault(Exception):
    """The database cannot be used as it is. The sentence says which one, why, and what to do."""


class NewerDatabase(DatabaseFault):
    """It was written by a later Chimera: this one would not understand it and leaves it alone."""


# What SQLite says, and what it means to somebody who only wanted to start a program.
_SQLITE = {
    'file is not a database': 'is not a database. Move it away, or set CHIMERA_DATABASE_URL to another file',
    'malformed': 'is damaged. Stop Chimera and put the newest good backup in its place',
    'unable to open': 'cannot be opened. Check that its folder exists and that you may write there',
    'readonly': 'is read-only. Give the user who runs Chimera the right to write it and its folder',
    'disk is full': 'cannot grow: the disk is full. Make room and try again',
    'disk i/o error': 'cannot be read: the disk reports an error. Check the disk, then the newest backup',
    'locked': 'is locked by another program. Close that program and try again',
}


def in_plain_words(error: Exception, url: URL) -> str:
    """One sentence for a failure of the database at `url`; passwords never appear in it."""
    if isinstance(error, (TimeoutError, PoolTimeout)):
        return f'The database {place(url)} did not answer in time.'
    cause = str(error.orig if isinstance(error, DBAPIError) else error).strip() or type(error).__name__
    if url.get_backend_name() == 'sqlite':
        meaning = next((meaning for sign, meaning in _SQLITE.items() if sign in cause.lower()), f'fails: {cause}')
        return f'The database file {url.database} {meaning}.'
    if 'connection' in cause or 'resolve' in cause:
        cause = f'cannot be reached: {cause.splitlines()[-1].strip()}'
        return f'The PostgreSQL database {place(url)} {cause}. Check CHIMERA_DATABASE_URL and that the server runs.'
    return f'The PostgreSQL database {place(url)} fails: {cause.splitlines()[0]}.'


def place(url: URL) -> str:
    """Where a database is, without who may open it."""
    if url.get_backend_name() == 'sqlite':
        return str(url.database)
    host = url.host or url.query.get('host', 'localhost')
    return f'{url.database} at {host}{f":{url.port}" if url.port else ""}'
