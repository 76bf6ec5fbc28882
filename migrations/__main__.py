"""Draft the next revision from what changed in the tables: `python -m migrations add something to message`."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

from app.store.engine import make_sync_engine
from app.store.migrate import alembic_config, known_revisions, migrate


def draft(what: str) -> None:
    number = int((known_revisions() or ['0'])[-1]) + 1
    with TemporaryDirectory() as folder:
        url = f'sqlite:///{folder}/draft.db'
        if number > 1:
            migrate(url, Path(folder))
        engine = make_sync_engine(url)
        with engine.begin() as connection:
            config = alembic_config(connection)
            config.set_main_option('file_template', '%%(rev)s_%%(slug)s')
            command.revision(config, what.capitalize(), autogenerate=True, rev_id=f'{number:04}')
        engine.dispose()


if __name__ == '__main__':
    draft(' '.join(sys.argv[1:]) or 'change the tables')
