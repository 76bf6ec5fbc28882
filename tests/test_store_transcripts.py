"""Reading a transcript: its end first, the rest on the way up, and what was missed while one was away."""

from __future__ import annotations

from app.store import conversations, transcripts
from app.store.store import Store
from app.store.tables import Conversation, Event, Segment, State
from tests.cast import People, hold_conversation, message_of
from tests.records import being_said, events_since, whole_transcript


async def test_the_end_comes_first_and_the_rest_on_the_way_up(store: Store, people: People) -> None:
    long = await hold_conversation(store, people.alice, [f'line {number}' for number in range(1, 121)])
    here = (store, people.alice, long.id)

    end = await transcripts.latest_messages(*here)
    middle = await transcripts.earlier_messages(*here, before=end[0].number)
    beginning = await transcripts.earlier_messages(*here, before=middle[0].number)

    assert [message.text for message in beginning + middle + end] == [f'line {number}' for number in range(1, 121)]
    assert len(end) == len(middle) == 50
    assert await transcripts.earlier_messages(*here, before=1) == []
    assert [message.number for message in await whole_transcript(*here)] == list(range(1, 121))


async def test_a_message_in_the_making_reads_as_its_segments_in_order(store: Store, people: People) -> None:
    conversation = await hold_conversation(store, people.alice, ['Well?'])
    pieces = [(1, 'hm, ', True), (2, 'Half a ', False), (3, 'so', True), (4, 'sentence 🎭', False)]
    speaking = await speak(store, people, conversation, pieces)

    [open_message] = await being_said(store, people.alice, conversation.id)

    assert open_message.message.id == speaking
    assert (open_message.text, open_message.reasoning) == ('Half a sentence 🎭', 'hm, so')
    assert open_message.segment_number == 4


async def test_a_message_before_its_first_word_is_open_too(store: Store, people: People) -> None:
    conversation = await hold_conversation(store, people.alice)
    await speak(store, people, conversation, [])
    [open_message] = await being_said(store, people.alice, conversation.id)
    assert (open_message.text, open_message.segment_number) == ('', 0)


async def test_nothing_is_open_when_everybody_has_finished(store: Store, people: People) -> None:
    conversation = await hold_conversation(store, people.alice, ['Well.'])
    assert await being_said(store, people.alice, conversation.id) == []


async def test_who_was_away_asks_by_number_and_gets_what_was_missed(store: Store, people: People) -> None:
    conversation = await hold_conversation(store, people.alice, ['one', 'two', 'three'])
    one, two, three = await whole_transcript(store, people.alice, conversation.id)
    await happen(store, conversation, {'message_id': one.id}, {}, {'message_id': three.id}, {'message_id': two.id})
    here = (store, people.alice, conversation.id)

    assert [event.number for event in await events_since(*here, 1)] == [2, 3, 4]
    assert [message.text for message in await transcripts.messages_touched_since(*here, 1)] == ['two', 'three']
    assert await events_since(*here, 4) == []
    assert await transcripts.messages_touched_since(*here, 4) == []


async def speak(store: Store, people: People, conversation: Conversation, pieces: list[tuple[int, str, bool]]) -> str:
    """The first of the cast speaks and has not finished."""
    [speaker, *_] = await conversations.participants(store, people.alice, conversation.id)
    message = message_of(speaker, 2, state=State.SPEAKING)
    async with store.writing() as session:
        session.add(message)
        await session.flush()
        session.add_all(
            Segment(
                message_id=message.id,
                workspace_id=message.workspace_id,
                conversation_id=message.conversation_id,
                number=number,
                text=text,
                reasoning=reasoning,
            )
            for number, text, reasoning in pieces
        )
    return message.id


async def happen(store: Store, conversation: Conversation, *payloads: dict[str, str]) -> None:
    async with store.writing() as session:
        session.add_all(
            Event(
                conversation_id=conversation.id,
                workspace_id=conversation.workspace_id,
                number=number,
                kind='turn_ended',
                payload=payload,
            )
            for number, payload in enumerate(payloads, 1)
        )
