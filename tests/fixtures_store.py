"""A store on SQLite and on PostgreSQL: whoever asks for `store` is tested on both."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from app.store.store import Store
from tests.cast import People, move_in
from tests.databases import Cluster, Files


@pytest.fixture(scope='session')
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp('databases'))


@pytest.fixture(scope='session')
def cluster() -> Iterator[Cluster]:
    # Set by pytest-xdist in its workers, who share one server.
    run = os.environ.get('PYTEST_XDIST_TESTRUNUID', str(os.getpid()))
    cluster = Cluster(run, os.environ.get('PYTEST_XDIST_WORKER', 'alone'))
    yield cluster
    cluster.close()


@pytest.fixture(params=['sqlite', 'postgresql'])
def databases(request: pytest.FixtureRequest) -> Files | Cluster:
    return request.getfixturevalue('files' if request.param == 'sqlite' else 'cluster')


@pytest.fixture
def database_url(databases: Files | Cluster) -> Iterator[str]:
    """Migrated and without a row."""
    url = databases.fresh()
    yield url
    databases.drop(url)


@pytest.fixture
def empty_database_url(databases: Files | Cluster) -> Iterator[str]:
    """Without a table."""
    url = databases.empty()
    yield url
    databases.drop(url)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    store = Store(database_url)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
async def people(store: Store) -> People:
    return await move_in(store)
