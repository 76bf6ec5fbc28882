"""Chimera was killed in mid-sentence. Every word that was shown is still there, once, and nothing runs by itself."""

from __future__ import annotations

import asyncio

from app.store import conversations, transcripts
from app.store.store import Store
from app.store.sweep import CUT_OFF, RESTARTED, interrupt_cut_turns
from app.store.tables import Conversation, State, Status
from tests.cast import People, hold_conversation
from tests.records import being_said, events_since
from tests.test_store_transcripts import happen, speak

HALF = [(1, 'thinking', True), (2, 'Half a ', False), (3, 'senten', False)]


async def test_a_half_spoken_message_keeps_its_words_and_is_marked(store: Store, people: People) -> None:
    conversation = await cut_conversation(store, people)

    assert await interrupt_cut_turns(store, None) == [conversation.id]

    here = (store, people.alice, conversation.id)
    cut = (await transcripts.latest_messages(*here))[-1]
    assert (cut.state, cut.text, cut.reasoning, cut.note) == (State.INTERRUPTED, 'Half a senten', 'thinking', CUT_OFF)
    assert cut.ended_at
    assert await being_said(*here) == []
    swept = await conversations.conversation(*here)
    assert swept
    assert (swept.status, swept.stop_reason) == (Status.PAUSED, RESTARTED)


async def test_what_happened_is_told_without_a_gap(store: Store, people: People) -> None:
    conversation = await cut_conversation(store, people)

    await interrupt_cut_turns(store, None)

    here = (store, people.alice, conversation.id)
    *_, cut = await transcripts.latest_messages(*here)
    ended, status = await events_since(*here, 2)
    assert (ended.number, ended.kind, ended.payload) == (
        3,
        'turn_ended',
        {'message_id': cut.id, 'state': 'interrupted'},
    )
    assert (status.number, status.kind, status.payload['status']) == (4, 'status', 'paused')
    swept = await conversations.conversation(*here)
    assert swept
    assert swept.event_number == 4


async def test_a_turn_that_began_before_the_restart_can_commit_no_more(store: Store, people: People) -> None:
    conversation = await cut_conversation(store, people)
    await interrupt_cut_turns(store, None)
    swept = await conversations.conversation(store, people.alice, conversation.id)
    assert swept
    assert swept.epoch == conversation.epoch + 1


async def test_sweeping_again_changes_nothing(store: Store, people: People) -> None:
    conversation = await cut_conversation(store, people)
    await asyncio.gather(interrupt_cut_turns(store, None), interrupt_cut_turns(store, None))
    once = await conversations.conversation(store, people.alice, conversation.id)

    assert await interrupt_cut_turns(store, None) == []

    assert await conversations.conversation(store, people.alice, conversation.id) == once
    assert len(await events_since(store, people.alice, conversation.id, 0)) == 4


async def test_what_stood_still_is_left_alone(store: Store, people: People) -> None:
    for status in (Status.READY, Status.PAUSED, Status.ENDED):
        await hold_conversation(store, people.alice, ['Well.'], status=status, stop_reason='as it was')
    assert await interrupt_cut_turns(store, None) == []


async def test_a_conversation_that_ran_between_two_turns_is_only_paused(store: Store, people: People) -> None:
    running = await hold_conversation(store, people.alice, ['Well.'], status=Status.RUNNING)
    assert await interrupt_cut_turns(store, None) == [running.id]
    [event] = await events_since(store, people.alice, running.id, 0)
    assert (event.number, event.kind) == (1, 'status')


async def test_a_paused_conversation_with_a_cut_turn_keeps_its_own_reason(store: Store, people: People) -> None:
    conversation = await cut_conversation(store, people, status=Status.PAUSED, stop_reason='You paused it')
    await interrupt_cut_turns(store, None)
    swept = await conversations.conversation(store, people.alice, conversation.id)
    assert swept
    assert (swept.status, swept.stop_reason, swept.event_number) == (Status.PAUSED, 'You paused it', 3)


async def cut_conversation(store: Store, people: People, **columns: str) -> Conversation:
    conversation = await hold_conversation(
        store, people.alice, ['Well?'], **{'status': Status.RUNNING, 'event_number': 2, **columns}
    )
    await happen(store, conversation, {}, {})
    await speak(store, people, conversation, HALF)
    return conversation
