"""A database grows up with Chimera: backed up before, whole afterwards, never touched by one it is too new for."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from app.store.backups import KEPT
from app.store.engine import make_sync_engine
from app.store.faults import DatabaseFault, NewerDatabase
from app.store.migrate import MIGRATIONS, alembic_config, known_revisions, migrate, revision_of
from app.store.tables import SQLModel
from tests.databases import Cluster, Files

HEAD = known_revisions()[-1]
NEXT = f'{int(HEAD) + 1:04}'
ROOT = MIGRATIONS.parent


def test_the_revisions_known_without_alembic_are_alembics_own() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert scripts.get_heads() == [HEAD]
    assert sorted(script.revision for script in scripts.walk_revisions()) == known_revisions()


def test_up_down_and_up_again_ends_as_the_tables_say(empty_database_url: str, tmp_path: Path) -> None:
    migrate(empty_database_url, tmp_path)
    with opened(empty_database_url) as connection:
        command.downgrade(alembic_config(connection), 'base')
        assert inspect(connection).get_table_names() == ['alembic_version']
    migrate(empty_database_url, tmp_path)
    with opened(empty_database_url) as connection:
        options = {'compare_type': True, 'compare_server_default': True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), SQLModel.metadata) == []


def test_the_second_start_does_not_even_import_alembic(empty_database_url: str, tmp_path: Path) -> None:
    migrate(empty_database_url, tmp_path)
    start = (
        'import sys; from pathlib import Path; from app.store.migrate import migrate; '
        'migrate(sys.argv[1], Path(sys.argv[2])); assert "alembic" not in sys.modules'
    )
    subprocess.run([sys.executable, '-c', start, empty_database_url, str(tmp_path)], cwd=ROOT, check=True)


def test_an_older_database_is_backed_up_and_then_migrated(database_url: str, tomorrows: Path, tmp_path: Path) -> None:
    add_workspace(database_url, 'Home')

    migrate(database_url, tmp_path / 'backups', tomorrows)

    with opened(database_url) as connection:
        assert revision_of(connection) == NEXT
        assert connection.execute(text('SELECT name, motto FROM workspace')).all() == [('Home', 'as ever')]


def test_the_backup_is_the_database_as_it_was(files_url: str, tomorrows: Path, tmp_path: Path) -> None:
    add_workspace(files_url, 'Home')

    migrate(files_url, tmp_path / 'backups', tomorrows)

    [backup] = (tmp_path / 'backups').iterdir()
    assert f'-{HEAD}.db' in backup.name
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with opened(f'sqlite:///{backup}') as connection:
        assert revision_of(connection) == HEAD
        assert connection.execute(text('SELECT name FROM workspace')).all() == [('Home',)]


def test_only_the_newest_backups_are_kept(files_url: str, tomorrows: Path, tmp_path: Path) -> None:
    old = [tmp_path / f'chimera-2025010{day}T000000Z-0000.db' for day in range(1, 8)]
    for backup in old:
        backup.touch()
    migrate(files_url, tmp_path, tomorrows)
    kept = sorted(tmp_path.glob('chimera-*'))
    assert len(kept) == KEPT
    assert kept[: KEPT - 1] == old[-(KEPT - 1) :]


def test_a_postgresql_database_is_dumped_where_its_tool_is_found(
    cluster: Cluster, tomorrows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('PATH', f'{cluster.programs}{os.pathsep}{os.environ["PATH"]}')
    url = cluster.fresh()
    migrate(url, tmp_path, tomorrows)
    [backup] = tmp_path.glob('chimera-*')
    assert backup.read_bytes().startswith(b'PGDMP')
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_a_newer_database_is_refused_and_left_alone(database_url: str, tomorrows: Path, tmp_path: Path) -> None:
    migrate(database_url, tmp_path, tomorrows)
    with pytest.raises(NewerDatabase, match=f'written by a newer Chimera .revision {NEXT}'):
        migrate(database_url, tmp_path)
    with opened(database_url) as connection:
        assert revision_of(connection) == NEXT


def test_a_migration_that_fails_half_way_leaves_everything_as_it_was(
    database_url: str, tomorrows: Path, tmp_path: Path
) -> None:
    add_workspace(database_url, 'Home')
    revision = next((tomorrows / 'versions').glob(f'{NEXT}_*'))
    right = revision.read_text()
    revision.write_text(right.replace('# and done', "raise OSError('the power went')"))

    with pytest.raises(DatabaseFault):
        migrate(database_url, tmp_path, tomorrows)

    with opened(database_url) as connection:
        assert revision_of(connection) == HEAD
        assert 'motto' not in [column['name'] for column in inspect(connection).get_columns('workspace')]
        assert connection.execute(text('SELECT name FROM workspace')).all() == [('Home',)]
    revision.write_text(right)
    migrate(database_url, tmp_path, tomorrows)


@pytest.mark.parametrize('is_new', [True, False])
def test_two_that_start_at_once_both_end_up_right(
    databases: Files | Cluster, is_new: bool, tomorrows: Path, tmp_path: Path
) -> None:
    url = databases.empty() if is_new else databases.fresh()
    start = (
        'import sys; from pathlib import Path; from app.store.migrate import migrate; '
        'migrate(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))'
    )
    orders = [sys.executable, '-c', start, url, str(tmp_path / 'backups'), str(tomorrows)]
    starting = [subprocess.Popen(orders, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate()[1] for process in starting] == ['', '']
    with opened(url) as connection:
        assert connection.execute(text('SELECT version_num FROM alembic_version')).scalars().all() == [NEXT]
    databases.drop(url)


def test_the_file_is_for_its_owner_alone(files_url: str, tmp_path: Path) -> None:
    url = f'sqlite:///{tmp_path}/data/chimera.db'
    migrate(url, tmp_path)
    assert stat.S_IMODE((tmp_path / 'data' / 'chimera.db').stat().st_mode) == 0o600


def test_another_programs_database_is_left_alone(empty_database_url: str, tmp_path: Path) -> None:
    with opened(empty_database_url) as connection:
        connection.execute(text('CREATE TABLE message (id INTEGER)'))
    with pytest.raises(DatabaseFault, match='belongs to another program: it has a table "message"'):
        migrate(empty_database_url, tmp_path)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / 'holiday.jpg'
    file.write_bytes(b'JFIF' * 1000)
    with pytest.raises(DatabaseFault, match=r'holiday\.jpg is not a database'):
        migrate(f'sqlite:///{file}', tmp_path)
    assert file.read_bytes() == b'JFIF' * 1000


def test_a_damaged_database_is_not_migrated(files_url: str, tomorrows: Path, tmp_path: Path) -> None:
    add_workspace(files_url, *(f'{number}' * 50 for number in range(500)))
    with Path(files_url.removeprefix('sqlite:///')).open('r+b') as file:
        file.seek(-8192, os.SEEK_END)
        file.write(os.urandom(8192))
    with pytest.raises(DatabaseFault, match='is damaged'):
        migrate(files_url, tmp_path, tomorrows)


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseFault, match=f'{tmp_path}'):
        migrate(f'sqlite:///{tmp_path}', tmp_path)


@pytest.mark.parametrize('url', ['mysql://root@localhost/chimera', 'chimera.db', 'sqlite://', 'postgresql://'])
def test_a_url_that_cannot_be_used_says_what_a_right_one_looks_like(url: str, tmp_path: Path) -> None:
    with pytest.raises(DatabaseFault, match='postgresql://user:password@host/name'):
        migrate(url, tmp_path)


def test_a_postgresql_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(DatabaseFault) as refused:
        migrate('postgres://me:hush@127.0.0.1:1/chimera', tmp_path)
    assert 'chimera at 127.0.0.1:1 cannot be reached' in str(refused.value)
    assert 'hush' not in str(refused.value)


@pytest.fixture
def files_url(files: Files) -> str:
    return files.fresh()


@pytest.fixture
def tomorrows(tmp_path: Path) -> Path:
    """The migrations as they will be one day: one more, which rebuilds a table that others refer to."""
    folder = tmp_path / 'tomorrow 100%'
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns('__pycache__'))
    (folder / 'versions' / f'{NEXT}_a_motto.py').write_text(
        'import sqlalchemy as sa\n'
        'from alembic import op\n'
        f'revision, down_revision = {NEXT!r}, {HEAD!r}\n'
        'def upgrade():\n'
        "    with op.batch_alter_table('workspace', recreate='auto') as table:\n"
        "        table.add_column(sa.Column('motto', sa.String(), nullable=False, server_default='as ever'))\n"
        "        table.alter_column('name', type_=sa.Text())\n"
        '    # and done\n'
    )
    return folder


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    engine = make_sync_engine(url, foreign_keys=False)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def add_workspace(url: str, *names: str) -> None:
    rows = [{'name': name, 'at': '2026-01-01'} for name in names]
    with opened(url) as connection:
        connection.execute(text('INSERT INTO workspace (id, name, created_at) VALUES (:name, :name, :at)'), rows)
        connection.execute(
            text('INSERT INTO person (id, workspace_id, name, created_at) VALUES (:name, :name, :name, :at)'), rows
        )
