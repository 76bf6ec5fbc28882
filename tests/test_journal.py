"""Persist, then publish: what a listener hears is in the database, once, in order, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from app.live.channel import Channels, Happening, Item, Words
from app.live.journal import Journal
from app.store import conversations, journal_writer
from app.store.engine import make_sync_engine
from app.store.entry import CannotWrite, Entry, Fence, Fenced
from app.store.journal_writer import JournalWriter
from app.store.store import Store
from app.store.tables import Conversation, Message, Participant, State, Status
from tests.cast import People, hold_conversation, message_of
from tests.records import being_said, events_since, whole_transcript

PATIENCE = 10


@dataclass
class Room:
    """A conversation of Ada and Bert, and all that was published of it."""

    conversation: Conversation
    ada: Participant
    heard: list[Item] = field(default_factory=list)

    @property
    def words(self) -> list[Words]:
        return [item for item in self.heard if isinstance(item, Words)]

    @property
    def happenings(self) -> list[Happening]:
        return [item for item in self.heard if isinstance(item, Happening)]

    def entry(self, kind: str = 'note', **columns: Any) -> Entry:
        return Entry(self.conversation.workspace_id, self.conversation.id, kind, **columns)


@dataclass
class Desk:
    store: Store
    people: People
    channels: Channels
    engine: Engine
    journal: Journal

    async def room(self) -> Room:
        conversation = await hold_conversation(self.store, self.people.alice)
        seats = await conversations.participants(self.store, self.people.alice, conversation.id)
        room = Room(conversation, seats[0])
        self.channels.listen(conversation.id, room.heard.extend)
        return room

    async def begin_message(self, room: Room, number: int = 1) -> Message:
        message = message_of(room.ada, number, text='', state=State.SPEAKING)
        await self.journal.record(room.entry('turn_started', payload={'message_id': message.id}, adds=(message,)))
        return message

    async def until(self, room: Room, text: str) -> None:
        """Until so much was published of the room's words."""
        came = asyncio.Event()
        leave = self.channels.listen(room.conversation.id, lambda _items: came.set())
        async with asyncio.timeout(PATIENCE):
            while ''.join(words.text for words in room.words) != text:
                came.clear()
                await came.wait()
        leave()

    async def kept(self, room: Room) -> tuple[str, str, int]:
        """Speech, reasoning and last segment of the message being spoken, as the database holds them."""
        [opened] = await being_said(self.store, self.people.alice, room.conversation.id)
        return opened.text, opened.reasoning, opened.segment_number

    async def row(self, room: Room) -> Conversation:
        row = await conversations.conversation(self.store, self.people.alice, room.conversation.id)
        assert row
        return row


@pytest.fixture
async def desk(store: Store, people: People) -> AsyncIterator[Desk]:
    channels = Channels()
    engine = make_sync_engine(store.url, patience=0.02)
    journal = Journal(JournalWriter(engine), channels)
    await journal.open()
    yield Desk(store, people, channels, engine, journal)
    await journal.close()


async def test_nothing_is_published_before_it_is_committed(desk: Desk) -> None:
    """Each time something is heard, another connection reads the database at once."""
    room = await desk.room()
    reader = make_sync_engine(desk.store.url)
    seen: list[bool] = []

    def look(items: list[Item]) -> None:
        with reader.connect() as connection:
            for item in items:
                table, key = ('segment', item.number) if isinstance(item, Words) else ('event', item.number)
                found = connection.execute(
                    text(f'SELECT count(*) FROM {table} WHERE conversation_id = :c AND number = :n'),
                    {'c': room.conversation.id, 'n': key},
                ).scalar_one()
                seen.append(found == 1)

    desk.channels.listen(room.conversation.id, look)
    message = await desk.begin_message(room)
    for word in ('Time ', 'is ', 'a ', 'river.'):
        desk.journal.say(message, word)
        await asyncio.sleep(0)
    await desk.until(room, 'Time is a river.')
    await desk.journal.record(room.entry())
    reader.dispose()
    assert len(seen) >= 3
    assert all(seen)


async def test_words_keep_their_order_and_segments_have_no_gap(desk: Desk) -> None:
    room = await desk.room()
    message = await desk.begin_message(room)
    said, thought = '', ''
    for number in range(200):
        desk.journal.say(message, f'{number} ', reasoning=number % 5 == 0)
        if number % 7 == 0:
            await asyncio.sleep(0)
        said, thought = (said, f'{thought}{number} ') if number % 5 == 0 else (f'{said}{number} ', thought)
    await desk.journal.record(room.entry())
    assert [words.number for words in room.words] == list(range(1, len(room.words) + 1))
    assert ''.join(words.text for words in room.words if not words.reasoning) == said
    assert ''.join(words.text for words in room.words if words.reasoning) == thought
    assert await desk.kept(room) == (said, thought, len(room.words))


async def test_who_rests_wakes_when_words_would_be_written_at_once(desk: Desk) -> None:
    room = await desk.room()
    message = await desk.begin_message(room)
    desk.journal.say(message, 'First.')
    await desk.journal.rest()
    assert room.words[-1].text == 'First.'
    desk.journal.say(message, ' Second.')
    assert desk.journal._timer is None, 'nothing has to be waited for any more'
    await desk.until(room, 'First. Second.')


async def test_nobody_rests_for_long_while_the_database_is_away(desk: Desk) -> None:
    never = asyncio.get_running_loop().create_future()
    desk.journal._writing = never  # pyright: ignore[reportAttributeAccessIssue]  # as a flush that is tried and tried
    async with asyncio.timeout(PATIENCE):
        await desk.journal.rest()
    desk.journal._writing = None
    never.cancel()


async def test_nobody_rests_where_nothing_was_said(desk: Desk) -> None:
    async with asyncio.timeout(PATIENCE):
        await desk.journal.rest()


async def test_many_conversations_share_one_commit(desk: Desk) -> None:
    rooms = [await desk.room() for _ in range(30)]
    messages = await asyncio.gather(*(desk.begin_message(room) for room in rooms))
    commits = []
    event.listen(desk.engine, 'commit', commits.append)
    for message in messages:
        desk.journal.say(message, 'All at once.')
    await asyncio.gather(*(desk.journal.record(room.entry()) for room in rooms))
    assert len(commits) <= 2
    assert all([words.text for words in room.words] == ['All at once.'] for room in rooms)
    for room in rooms[:3]:
        assert (await desk.kept(room))[0] == 'All at once.'


async def test_events_are_numbered_without_a_gap_whoever_writes_them(desk: Desk) -> None:
    room = await desk.room()
    numbers = await asyncio.gather(*(desk.journal.record(room.entry()) for _ in range(25)))
    assert sorted(numbers) == list(range(1, 26))
    assert [happening.number for happening in room.happenings] == list(range(1, 26))
    events = await events_since(desk.store, desk.people.alice, room.conversation.id, 0)
    assert [event.number for event in events] == list(range(1, 26))
    assert (await desk.row(room)).event_number == 25


async def test_an_event_comes_after_the_words_said_before_it(desk: Desk) -> None:
    room = await desk.room()
    message = await desk.begin_message(room)
    desk.journal.say(message, 'Last words.')
    change = {'state': State.COMPLETE, 'text': 'Last words.'}
    await desk.journal.record(room.entry('turn_ended', changes=((message, change),), folds=message))
    assert [type(item).__name__ for item in room.heard] == ['Happening', 'Words', 'Happening']
    assert message.text == 'Last words.'
    said = await whole_transcript(desk.store, desk.people.alice, room.conversation.id)
    assert [(m.text, m.state) for m in said] == [('Last words.', State.COMPLETE)]
    assert await being_said(desk.store, desk.people.alice, room.conversation.id) == []
    with desk.engine.connect() as connection:
        assert connection.execute(text('SELECT count(*) FROM segment')).scalar_one() == 0


async def test_who_comes_late_is_refused_and_changes_nothing(desk: Desk) -> None:
    room, other = await desk.room(), await desk.room()
    message = await desk.begin_message(room)
    await desk.journal.record(room.entry('status', fence=Fence(0), conversation={'epoch': 1}))
    before = (await desk.row(room)).model_dump()

    change = {'state': State.COMPLETE, 'text': 'I was frozen for an hour.'}
    late = room.entry(
        'turn_ended',
        fence=Fence(0, 0),
        conversation={'turns': 1},
        changes=((message, change),),
        adds=(message_of(room.ada, 2, text='And this.'),),
        folds=message,
    )
    outcomes = await asyncio.gather(
        desk.journal.record(other.entry()),
        desk.journal.record(late),
        desk.journal.record(other.entry()),
        return_exceptions=True,
    )
    assert isinstance(outcomes[1], Fenced)
    assert [outcomes[0], outcomes[2]] == [1, 2], 'the others of the same flush are kept'
    assert (await desk.row(room)).model_dump() == before
    said = await whole_transcript(desk.store, desk.people.alice, room.conversation.id)
    assert [(m.text, m.state) for m in said] == [('', State.SPEAKING)]
    assert message.text == ''
    assert [happening.kind for happening in room.happenings] == ['turn_started', 'status']


async def test_a_turn_is_taken_once(desk: Desk) -> None:
    """Two workers end the same turn: one of them is too late."""
    room = await desk.room()
    ends = [room.entry('turn_ended', fence=Fence(0, 0), conversation={'turns': 1}) for _ in range(5)]
    outcomes = await asyncio.gather(*map(desk.journal.record, ends), return_exceptions=True)
    assert outcomes[0] == 1
    assert all(isinstance(outcome, Fenced) for outcome in outcomes[1:])
    assert (await desk.row(room)).turns == 1


async def test_a_deleted_conversation_hurts_no_other_and_is_told_nothing(desk: Desk) -> None:
    gone, other = await desk.room(), await desk.room()
    lost, message = await desk.begin_message(gone), await desk.begin_message(other)
    await conversations.delete_conversation(desk.store, desk.people.alice, gone.conversation.id)
    gone.heard.clear()

    desk.journal.say(lost, 'To nobody.')
    desk.journal.say(message, 'To you.')
    outcomes = await asyncio.gather(
        desk.journal.record(gone.entry()), desk.journal.record(other.entry()), return_exceptions=True
    )
    assert isinstance(outcomes[0], Fenced)
    assert outcomes[1] == 2
    assert gone.heard == [], 'words that were not kept are not shown'
    assert (await desk.kept(other))[0] == 'To you.'
    desk.journal.say(message, ' Still here.')
    await desk.until(other, 'To you. Still here.')


@pytest.mark.parametrize(
    'poison',
    [{'tokens': 10**30}, {'title': 'a\ud800'}, {'no_such_column': 1}, {'status': object()}],
    ids=['number', 'surrogate', 'column', 'object'],
)
async def test_what_no_database_takes_hurts_nobody_else(desk: Desk, poison: dict[str, Any]) -> None:
    ill, well = await desk.room(), await desk.room()
    message = await desk.begin_message(well)
    desk.journal.say(message, 'Well.')
    async with asyncio.timeout(5):
        outcomes = await asyncio.gather(
            desk.journal.record(ill.entry(conversation=poison)),
            desk.journal.record(well.entry()),
            return_exceptions=True,
        )
    assert isinstance(outcomes[0], CannotWrite)
    assert outcomes[1] == 2
    assert (await desk.kept(well))[0] == 'Well.'
    assert await desk.journal.record(ill.entry()) == 1


async def test_a_listener_that_breaks_stops_nobody(desk: Desk) -> None:
    room = await desk.room()

    def break_down(_items: list[Item]) -> None:
        raise ZeroDivisionError

    desk.channels.listen(room.conversation.id, break_down)
    after: list[Item] = []
    desk.channels.listen(room.conversation.id, after.extend)
    message = await desk.begin_message(room)
    desk.journal.say(message, 'Hello.')
    await desk.until(room, 'Hello.')
    assert await desk.journal.record(room.entry()) == 2
    assert len(after) == len(room.heard) == 3


async def test_while_somebody_else_locks_the_database_nothing_is_lost_or_doubled(desk: Desk) -> None:
    """SQLite: the file's write lock; PostgreSQL: the tables. Longer than the driver itself would wait."""
    room = await desk.room()
    message = await desk.begin_message(room)
    locked, free = threading.Event(), threading.Event()

    def lock() -> None:
        stranger = make_sync_engine(desk.store.url)
        with stranger.connect() as connection:
            if desk.store.is_sqlite:
                connection.execute(text('UPDATE workspace SET name = name'))
            else:
                connection.execute(text('LOCK TABLE segment, event IN ACCESS EXCLUSIVE MODE'))
            locked.set()
            free.wait(PATIENCE)
        stranger.dispose()

    thread = asyncio.create_task(asyncio.to_thread(lock))
    await asyncio.to_thread(locked.wait)
    for word in ('One ', 'two ', 'three ', 'four.'):
        desk.journal.say(message, word)
        await asyncio.sleep(0)
    waiting = asyncio.create_task(desk.journal.record(room.entry()))
    done, _ = await asyncio.wait({waiting}, timeout=0.4)
    assert not done
    assert room.words == []
    free.set()
    await thread
    assert await asyncio.wait_for(waiting, PATIENCE) == 2
    assert await desk.kept(room) == ('One two three four.', '', len(room.words))
    assert ''.join(words.text for words in room.words) == 'One two three four.'


async def test_what_was_said_while_the_database_was_away_is_kept_when_it_is_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_writer, 'PATIENCE', (0.01,))
    room = await desk.room()
    message = await desk.begin_message(room)
    leave_or_come_back(desk, leave=True)
    desk.journal.say(message, 'Is any')
    with pytest.raises(CannotWrite):
        await desk.journal.record(room.entry())
    leave_or_come_back(desk, leave=False)
    desk.journal.say(message, 'body there?')
    await desk.until(room, 'Is anybody there?')
    assert [words.number for words in room.words] == list(range(1, len(room.words) + 1))
    assert (await desk.kept(room))[0] == 'Is anybody there?'


def leave_or_come_back(desk: Desk, *, leave: bool) -> None:
    """SQLite: its table is gone; PostgreSQL: it lets nobody in and throws everybody out."""
    url = desk.store.url
    if desk.store.is_sqlite:
        engine = make_sync_engine(url)
        with engine.begin() as connection:
            connection.execute(
                text(f'ALTER TABLE {"event" if leave else "away"} RENAME TO {"away" if leave else "event"}')
            )
    else:
        engine = make_sync_engine(url.set(database='postgres'))
        with engine.connect().execution_options(isolation_level='AUTOCOMMIT') as connection:
            connection.execute(text(f'ALTER DATABASE {url.database} ALLOW_CONNECTIONS {not leave}'))
            connection.execute(
                text('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name'),
                {'name': url.database},
            )
    engine.dispose()


async def test_closing_writes_what_is_left(store: Store, people: People) -> None:
    channels = Channels()
    journal = Journal(JournalWriter(make_sync_engine(store.url)), channels)
    await journal.open()
    desk = Desk(store, people, channels, make_sync_engine(store.url), journal)
    room = await desk.room()
    message = await desk.begin_message(room)
    for word in ('The ', 'last ', 'words.'):
        journal.say(message, word)
    recorded = asyncio.create_task(journal.record(room.entry('status', conversation={'status': Status.PAUSED})))
    await asyncio.sleep(0)
    journal.say(message, ' Really.')
    await journal.close()
    assert await recorded == 2
    assert (await desk.kept(room))[0] == 'The last words. Really.'
    assert (await desk.row(room)).status == Status.PAUSED
    desk.engine.dispose()
