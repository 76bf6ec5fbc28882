"""Alice's list of conversations: what it shows, what its search finds, what is gone when she deletes one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import func, select

from app.store import conversations
from app.store.conversations import recent_conversations
from app.store.recent import EXCERPT
from app.store.store import Store
from app.store.tables import Conversation, Event, Message, Participant, Segment, Status, now
from tests.cast import ADA, BERT, People, hold_conversation, message_of


async def test_a_card_shows_the_cast_the_last_words_and_how_much_was_said(store: Store, people: People) -> None:
    await hold_conversation(store, people.alice, ['How would one know?', 'One would *feel* it.\n\nSurely.'])

    [card] = await recent_conversations(store, people.alice)

    assert [(seat.name, seat.slug, seat.look) for seat in card.cast] == [
        ('Ada', 'ada', ADA.look),
        ('Bert', 'bert', BERT.look),
        ('Alice', None, None),
    ]
    assert (card.speaker, card.excerpt, card.message_count) == ('Bert', 'One would *feel* it. Surely.', 2)


async def test_a_conversation_in_which_nobody_has_spoken_has_a_card_too(store: Store, people: People) -> None:
    await hold_conversation(store, people.alice)
    [card] = await recent_conversations(store, people.alice)
    assert (card.speaker, card.excerpt, card.message_count) == (None, '', 0)


async def test_a_message_still_without_words_does_not_hide_the_last_ones(store: Store, people: People) -> None:
    conversation = await hold_conversation(store, people.alice, ['Well, well.'])
    [ada, *_] = await conversations.participants(store, people.alice, conversation.id)
    async with store.writing() as session:
        session.add(message_of(ada, 2))
    [card] = await recent_conversations(store, people.alice)
    assert (card.excerpt, card.message_count) == ('Well, well.', 2)


async def test_long_last_words_are_cut(store: Store, people: People) -> None:
    await hold_conversation(store, people.alice, ['ü' * 10_000])
    [card] = await recent_conversations(store, people.alice)
    assert card.excerpt == 'ü' * (EXCERPT - 1) + '…'


async def test_the_latest_comes_first_and_the_list_goes_on_where_it_ended(store: Store, people: People) -> None:
    for age in range(5):
        await hold_conversation(store, people.alice, title=f'{age} days old', updated_at=now() - timedelta(days=age))
    first = await recent_conversations(store, people.alice, limit=2)
    rest = await recent_conversations(store, people.alice, before=first[-1].conversation.updated_at)
    assert [card.conversation.title[0] for card in first + rest] == ['0', '1', '2', '3', '4']


async def test_search_takes_what_is_typed_literally_in_any_case(store: Store, people: People) -> None:
    said = ['Алиса и Кролик', 'the HARE is 100% sure', 'an under_score and a back\\slash', 'strasse']
    await hold_conversation(store, people.alice, said, title='A title')

    async def found(*searches: str) -> list[str]:
        return [search for search in searches if await recent_conversations(store, people.alice, search)]

    in_titles_topics_and_names = ['TITLE', 'can everything be', 'bert']
    in_what_was_said = ['АЛИСА', 'алиса и кролик', 'STRASSE', '  hare ', '100%', 'under_score', 'back\\slash', '%', '_']
    typed_by_nobody = ['', ' ', '\x00', '\ud800']
    everything = in_titles_topics_and_names + in_what_was_said + typed_by_nobody
    assert await found(*everything) == everything
    assert await found('0% w', '10%said', 'under score', 'Алиса%Кролик', 'a/b', '[a-z]', 'nobody said this') == []


async def test_a_wildcard_finds_only_itself(store: Store, people: People) -> None:
    await hold_conversation(store, people.alice, ['plain words'])
    for wildcard in '%_/\\*':
        assert await recent_conversations(store, people.alice, wildcard) == []


async def test_a_title_can_be_changed(store: Store, people: People) -> None:
    conversation = await hold_conversation(store, people.alice)
    assert await conversations.rename_conversation(store, people.alice, conversation.id, 'Ünmeasured')
    renamed = await conversations.conversation(store, people.alice, conversation.id)
    assert renamed
    assert renamed.title == 'Ünmeasured'


async def test_deleting_takes_everything_that_was_said_and_nothing_else(store: Store, people: People) -> None:
    doomed = await hold_conversation(store, people.alice, ['one', 'two'])
    await hold_conversation(store, people.alice, ['three'])
    [ada, *_] = await conversations.participants(store, people.alice, doomed.id)
    here: dict[str, Any] = {'workspace_id': doomed.workspace_id, 'conversation_id': doomed.id}
    async with store.writing() as session:
        session.add(speaking := message_of(ada, 3))
        await session.flush()
        session.add(Segment(**here, message_id=speaking.id, number=1, text='thr'))
        session.add(Event(**here, number=1, kind='created'))

    assert await conversations.delete_conversation(store, people.alice, doomed.id)

    assert not await conversations.delete_conversation(store, people.alice, doomed.id)
    assert await _counts(store) == {Conversation: 1, Participant: 3, Message: 1, Event: 0, Segment: 0}


async def test_the_running_ones_are_found(store: Store, people: People) -> None:
    await hold_conversation(store, people.alice)
    running = await hold_conversation(store, people.alice, status=Status.RUNNING)
    assert [c.id for c in await conversations.running_conversations(store, people.alice)] == [running.id]


async def test_rows_of_another_conversation_are_refused(store: Store, people: People) -> None:
    first = await hold_conversation(store, people.alice)
    seated = await conversations.participants(store, people.alice, first.id)
    second = Conversation.model_validate({**first.model_dump(), 'id': 'second'})
    with pytest.raises(ValueError, match='another conversation'):
        await conversations.create_conversation(store, people.alice, second, seated)


async def _counts(store: Store) -> dict[type, int]:
    async with store.session() as session:
        return {
            table: (await session.exec(select(func.count()).select_from(table))).one()
            for table in (Conversation, Participant, Message, Event, Segment)
        }
