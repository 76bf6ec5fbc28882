"""Could Charlie, who should not be here, walk in? Every query of the store is asked on his behalf for what is Alice's.

A new query without an entry in ATTEMPTS fails here: write what Charlie would try.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

import app.store
from app.store import (
    branches,
    capsules,
    conversations,
    kin,
    notes,
    people,
    personas,
    recent,
    spending,
    sweep,
    transcripts,
)
from app.store.scope import Scope
from app.store.store import Store
from app.store.tables import Conversation, Note, Participant, SQLModel, Status
from tests.cast import ADA, People, hold_conversation
from tests.test_store_transcripts import happen, speak

Query = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Alices:
    """What Charlie would like to have, and knows the ids of."""

    id: str
    by: str
    participants: list[Participant]


Attempt = Callable[[Store, Scope, Alices], Awaitable[Any]]

ATTEMPTS: dict[Query, Attempt] = {
    people.person: lambda store, charlie, hers: people.person(store, Scope(charlie.workspace_id, hers.by)),
    people.rename_person: lambda store, charlie, hers: people.rename_person(
        store, Scope(charlie.workspace_id, hers.by), 'Charlie'
    ),
    personas.versions: lambda store, charlie, hers: personas.versions(
        store, charlie, [p.persona_version_id for p in hers.participants]
    ),
    personas.history: lambda store, charlie, hers: personas.history(
        store, charlie, hers.participants[0].persona_version_id or ''
    ),
    notes.latest_notes: lambda store, charlie, hers: notes.latest_notes(store, charlie, hers.id),
    conversations.conversation: lambda store, charlie, hers: conversations.conversation(store, charlie, hers.id),
    conversations.participants: lambda store, charlie, hers: conversations.participants(store, charlie, hers.id),
    conversations.running_conversations: lambda store, charlie, hers: conversations.running_conversations(
        store, charlie
    ),
    conversations.rename_conversation: lambda store, charlie, hers: conversations.rename_conversation(
        store, charlie, hers.id, 'Mine'
    ),
    conversations.delete_conversation: lambda store, charlie, hers: conversations.delete_conversation(
        store, charlie, hers.id
    ),
    recent.recent_conversations: lambda store, charlie, hers: recent.recent_conversations(store, charlie, 'measur'),
    recent.conversation_cards: lambda store, charlie, hers: recent.conversation_cards(store, charlie, [hers.id]),
    kin.kin: lambda store, charlie, hers: kin.kin(store, charlie, hers.id),
    kin.lineage: lambda store, charlie, hers: kin.lineage(store, charlie, hers.id),
    kin.family: lambda store, charlie, hers: kin.family(store, charlie, hers.id),
    capsules.everything_of: lambda store, charlie, hers: capsules.everything_of(store, charlie, hers.id),
    branches.stem: lambda store, charlie, hers: branches.stem(store, charlie, hers.id, 1),
    transcripts.later_messages: lambda store, charlie, hers: transcripts.later_messages(store, charlie, hers.id, 0),
    transcripts.latest_messages: lambda store, charlie, hers: transcripts.latest_messages(store, charlie, hers.id),
    transcripts.earlier_messages: lambda store, charlie, hers: transcripts.earlier_messages(
        store, charlie, hers.id, before=9
    ),
    transcripts.this_moment: lambda store, charlie, hers: transcripts.this_moment(store, charlie, hers.id),
    transcripts.messages_touched_since: lambda store, charlie, hers: transcripts.messages_touched_since(
        store, charlie, hers.id, 0
    ),
    sweep.interrupt_cut_turns: lambda store, charlie, hers: sweep.interrupt_cut_turns(store, charlie),
}
# The purse of the house is everybody's: a sum, and nothing of what it was spent on.
WITHOUT_SCOPE: set[Query] = {people.home, spending.money_since, spending.money_today}
TESTED_BELOW: set[Query] = {branches.plant, conversations.create_conversation, personas.remember_version}


def queries() -> list[Query]:
    """Every public coroutine function of the store's modules."""
    modules = [
        importlib.import_module(f'app.store.{module.name}') for module in pkgutil.iter_modules(app.store.__path__)
    ]
    return [
        member
        for module in modules
        for name, member in inspect.getmembers(module, inspect.iscoroutinefunction)
        if member.__module__ == module.__name__ and not name.startswith('_')
    ]


@pytest.mark.parametrize('query', queries(), ids=lambda query: query.__name__)
def test_every_query_says_on_whose_behalf_it_asks(query: Query) -> None:
    names = list(inspect.signature(query).parameters)
    assert names[:2] == ['store', 'scope'] or query in WITHOUT_SCOPE
    assert query in {*ATTEMPTS, *WITHOUT_SCOPE, *TESTED_BELOW}, f'{query.__name__}: write down what Charlie would try'


@pytest.mark.parametrize('query', ATTEMPTS, ids=lambda query: query.__name__)
async def test_charlie_sees_and_changes_nothing_of_alices(store: Store, people: People, query: Query) -> None:
    hers = await alices(store, people)
    before = await everything_of(store, people.alice)

    seen = await ATTEMPTS[query](store, people.charlie, hers)

    assert not seen
    assert await everything_of(store, people.alice) == before


@pytest.mark.parametrize('query', ATTEMPTS, ids=lambda query: query.__name__)
async def test_alice_herself_is_answered(store: Store, people: People, query: Query) -> None:
    """Or the test above would prove nothing."""
    hers = await alices(store, people)
    before = await everything_of(store, people.alice)
    seen = await ATTEMPTS[query](store, people.alice, hers)
    assert seen or await everything_of(store, people.alice) != before


async def test_charlie_cannot_put_a_conversation_into_alices_workspace(store: Store, people: People) -> None:
    before = await everything_of(store, people.alice)
    planted = Conversation(
        workspace_id=people.alice.workspace_id, created_by=people.charlie.person_id, title='Planted', topic='Trust me'
    )
    with pytest.raises(ValueError, match='another workspace'):
        await conversations.create_conversation(store, people.charlie, planted, [])
    assert await everything_of(store, people.alice) == before


async def test_charlie_cannot_grow_a_branch_of_alices_conversation(store: Store, people: People) -> None:
    hers = await hold_conversation(store, people.alice, ['Measure!'])
    stem = await branches.stem(store, people.alice, hers.id, 1)
    assert stem
    before = await everything_of(store, people.alice)
    for workspace_id in (people.alice.workspace_id, people.charlie.workspace_id):
        stolen = Conversation(
            workspace_id=workspace_id,
            created_by=people.charlie.person_id,
            title='Mine',
            topic='Hers',
            parent_id=hers.id,
        )
        assert await branches.plant(store, people.charlie, stem, branches.Branch(stolen, [], [], {}, {})) is None
    assert await everything_of(store, people.alice) == before


async def test_what_charlie_remembers_of_a_persona_is_his_own(store: Store, people: People) -> None:
    await alices(store, people)
    before = await everything_of(store, people.alice)
    version = await personas.remember_version(store, people.charlie, ADA.model_copy(update={'name': 'Adah'}))
    assert (version.workspace_id, version.number) == (people.charlie.workspace_id, 1)
    assert await everything_of(store, people.alice) == before


async def alices(store: Store, people: People) -> Alices:
    """Running, with somebody in mid-sentence: every query has something to find."""
    conversation = await hold_conversation(store, people.alice, ['Measure!'], status=Status.RUNNING, event_number=1)
    speaking = await speak(store, people, conversation, [(1, 'But how', False)])
    await happen(store, conversation, {'message_id': speaking})
    note = Note(workspace_id=conversation.workspace_id, conversation_id=conversation.id, text='Doubt it.', given_at=1)
    async with store.writing() as session:
        session.add(note)
    seated = await conversations.participants(store, people.alice, conversation.id)
    return Alices(conversation.id, people.alice.person_id, seated)


async def everything_of(store: Store, scope: Scope) -> dict[str, list[Any]]:
    async with store.session() as session:
        connection = await session.connection()
        return {
            table.name: sorted(map(str, await connection.execute(select(table).where(owner == scope.workspace_id))))
            for table in SQLModel.metadata.sorted_tables
            if (owner := table.c.get('workspace_id')) is not None
        }
