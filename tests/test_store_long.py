"""A conversation of ten thousand messages opens as fast as one of fifty: SQLite does the same number of steps."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from app.store import transcripts
from app.store.recent import recent_conversations
from app.store.store import Store
from app.store.tables import Conversation
from tests.cast import People, hold_conversation, move_in
from tests.databases import Files

Asked = list[tuple[str, Any]]


@pytest.fixture
async def store(files: Files) -> AsyncIterator[Store]:
    """SQLite only: it can be asked how it will go about a query."""
    store = Store(files.fresh())
    await store.open()
    yield store
    await store.close()


@pytest.fixture
async def people(store: Store) -> People:
    return await move_in(store)


@pytest.fixture
async def short(store: Store, people: People) -> Conversation:
    return await hold_conversation(store, people.alice, ['word'] * 50)


@pytest.fixture
async def long(store: Store, people: People) -> Conversation:
    return await hold_conversation(store, people.bob, ['word'] * 10_000)


async def test_opening_it_costs_the_same(store: Store, people: People, short: Conversation, long: Conversation) -> None:
    few = await steps(store, transcripts.latest_messages(store, people.alice, short.id))
    many = await steps(store, transcripts.latest_messages(store, people.bob, long.id))
    assert many <= few * 1.02


async def test_its_card_in_the_list_costs_the_same(
    store: Store, people: People, short: Conversation, long: Conversation
) -> None:
    few = await steps(store, recent_conversations(store, people.alice))
    many = await steps(store, recent_conversations(store, people.bob))
    assert many <= few * 1.02


async def test_scrolling_up_costs_the_same_anywhere(store: Store, people: People, long: Conversation) -> None:
    near_the_end = await steps(store, transcripts.earlier_messages(store, people.bob, long.id, before=9_950))
    near_the_start = await steps(store, transcripts.earlier_messages(store, people.bob, long.id, before=51))
    assert near_the_start == pytest.approx(near_the_end, rel=0.02)


async def test_the_end_is_found_by_the_index_and_not_sorted(store: Store, people: People, long: Conversation) -> None:
    with listening() as asked:
        await transcripts.latest_messages(store, people.bob, long.id)
    [(statement, parameters)] = asked
    with closing(sqlite3.connect(store.url.database or '')) as connection:
        plan = str(connection.execute(f'EXPLAIN QUERY PLAN {statement}', parameters).fetchall())
    assert 'SEARCH message USING INDEX sqlite_autoindex_message_2 (conversation_id=?)' in plan
    assert 'TEMP B-TREE' not in plan


async def steps(store: Store, asking: Awaitable[object]) -> int:
    """How many steps of its virtual machine SQLite needs for what is asked: the same every time, unlike seconds."""
    with listening() as asked:
        await asking
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    with closing(sqlite3.connect(store.url.database or '')) as connection:
        connection.set_progress_handler(step, 1)
        for statement, parameters in asked:
            connection.execute(statement, parameters).fetchall()
    return count


@contextmanager
def listening() -> Iterator[Asked]:
    asked: Asked = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith('SELECT'):
            asked.append((statement, parameters))

    event.listen(Engine, 'before_cursor_execute', note)
    yield asked
    event.remove(Engine, 'before_cursor_execute', note)
