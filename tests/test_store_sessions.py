"""Many read and write at the same time: nobody waits long, nothing is lost, and /health says what is wrong."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select, update

from app.store.engine import make_sync_engine
from app.store.store import Store
from app.store.tables import Conversation, Person
from tests.cast import People, hold_conversation
from tests.databases import Cluster, Files


async def test_sixty_writers_and_a_journal_lose_nothing(store: Store, people: People) -> None:
    conversation = await hold_conversation(store, people.alice)
    count = update(Conversation).values(event_number=Conversation.event_number + 1)

    async def write() -> None:
        async with store.writing() as session:
            await session.exec(count)

    def keep_a_journal() -> None:
        engine = make_sync_engine(store.url)
        for _ in range(60):
            with engine.begin() as connection:
                connection.execute(count)
        engine.dispose()

    await asyncio.gather(asyncio.to_thread(keep_a_journal), *(write() for _ in range(60)))

    assert await event_number(store, conversation) == 120


async def test_a_reader_neither_waits_for_a_writer_nor_sees_half_of_it(store: Store, people: People) -> None:
    conversation = await hold_conversation(store, people.alice)
    async with store.writing() as session:
        session.add(conversation)
        conversation.event_number = 7
        await session.flush()
        assert await event_number(store, conversation) == 0
    assert await event_number(store, conversation) == 7


async def test_a_reader_sees_one_moment_from_its_first_query_to_its_last(store: Store, people: People) -> None:
    conversation = await hold_conversation(store, people.alice)
    number = select(Conversation.event_number)
    async with store.session() as reading:
        assert (await reading.exec(number)).one() == 0
        async with store.writing() as writing:
            await writing.exec(update(Conversation).values(event_number=1))
        assert (await reading.exec(number)).one() == 0
    assert await event_number(store, conversation) == 1


async def test_a_session_for_reading_cannot_write(store: Store, people: People) -> None:
    async with store.session() as session:
        with pytest.raises(DBAPIError, match='read'):
            await session.exec(update(Person).values(name='Mallory'))


async def test_a_writer_that_fails_leaves_nothing_behind(store: Store, people: People) -> None:
    async def fail() -> None:
        async with store.writing() as session:
            await session.exec(update(Person).values(name='Mallory'))
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await fail()
    async with store.session() as session:
        assert 'Mallory' not in (await session.exec(select(Person.name))).all()


async def test_a_writer_that_is_cancelled_lets_the_next_one_write(store: Store, people: People) -> None:
    entered = asyncio.Event()

    async def dawdle() -> None:
        async with store.writing() as session:
            await session.exec(update(Person).values(name='Mallory'))
            entered.set()
            await asyncio.Event().wait()

    dawdling = asyncio.create_task(dawdle())
    await entered.wait()
    dawdling.cancel()
    async with store.writing() as session:
        assert 'Mallory' not in (await session.exec(select(Person.name))).all()


async def test_all_is_well(store: Store) -> None:
    assert await store.check() is None


async def test_a_database_that_was_never_migrated_is_not_well(empty_database_url: str) -> None:
    store = Store(empty_database_url)
    await store.open()
    assert 'alembic_version' in str(await store.check())
    await store.close()


async def test_a_file_that_was_deleted_under_us_is_not_well(files: Files) -> None:
    store = Store(files.fresh())
    await store.open()
    assert await store.check() is None
    files.drop(str(store.url))
    assert 'is gone' in str(await store.check())
    await store.close()


async def test_a_postgresql_that_went_away_is_not_well_and_comes_back(cluster: Cluster) -> None:
    store = Store(cluster.fresh())
    await store.open()
    assert await store.check() is None
    cluster.disconnect_all(str(store.url.database))
    assert await store.check() is None
    cluster.drop(store.url.render_as_string())
    assert 'does not exist' in str(await store.check())
    await store.close()


async def event_number(store: Store, conversation: Conversation) -> int:
    async with store.session() as session:
        return (
            await session.exec(select(Conversation.event_number).where(col(Conversation.id) == conversation.id))
        ).one()


async def test_sqlite_is_set_up_as_it_should_be(files: Files) -> None:
    store = Store(files.fresh())
    await store.open()
    for door in (store.session, store.writing):
        async with door() as session:
            connection = await session.connection()
            pragmas = ('journal_mode', 'foreign_keys', 'busy_timeout', 'synchronous')
            found = [(await connection.execute(text(f'PRAGMA {pragma}'))).scalar() for pragma in pragmas]
            assert found == ['wal', 1, 5000, 1]
    await store.close()
