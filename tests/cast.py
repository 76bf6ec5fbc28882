"""The people and personas of the tests: Alice, and Bob and Charlie, who are strangers to her.

Each owns a workspace. Bob will be invited to Alice's when there are invitations; Charlie never is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from app.casting.persona import Look, Persona
from app.store import conversations, people, personas
from app.store.scope import Scope
from app.store.store import Store
from app.store.tables import Conversation, Kind, Message, Participant, Person, State, Workspace, new_id

ADA = Persona(
    id='ada',
    name='Ada',
    tagline='Counts before she speaks',
    family='scientist',
    look=Look(colour='#336699', glyph='A'),
    voice='Short sentences. Numbers where others use adjectives. Never raises her voice.',
    values=('evidence', 'patience'),
    goals=('find out',),
    habits=('asks how one would know',),
    speech=('at most three sentences',),
    interests=('measuring', 'machines', 'weather'),
)
BERT = ADA.model_copy(update={'id': 'bert', 'name': 'Bert', 'look': Look(colour='#aa5522', glyph='B')})


@dataclass(frozen=True, slots=True)
class People:
    alice: Scope
    bob: Scope
    charlie: Scope


async def move_in(store: Store) -> People:
    alice = await people.home(store)
    await people.rename_person(store, alice, 'Alice')
    return People(alice, await _move_in(store, 'Bob'), await _move_in(store, 'Charlie'))


async def hold_conversation(
    store: Store,
    scope: Scope,
    said: Sequence[str] = (),
    *,
    cast: Sequence[Persona] = (ADA, BERT),
    **columns: Any,
) -> Conversation:
    """A conversation of the cast and a human in the last seat; the cast said the lines in turn."""
    conversation = Conversation(
        **{
            'workspace_id': scope.workspace_id,
            'created_by': scope.person_id,
            'title': 'On measuring',
            'topic': 'Can everything be measured?',
            **columns,
        }
    )
    seats = [await _seat(store, scope, conversation, number, persona) for number, persona in enumerate(cast)]
    human = Participant(
        workspace_id=scope.workspace_id,
        conversation_id=conversation.id,
        seat=len(seats),
        kind=Kind.HUMAN,
        name='Alice',
        person_id=scope.person_id,
    )
    await conversations.create_conversation(store, scope, conversation, [*seats, human])
    if said:
        likes = [message_of(seat, 0, state=State.COMPLETE).model_dump() for seat in seats]
        lines = [
            {**likes[i % len(likes)], 'id': new_id(), 'number': i + 1, 'turn': i + 1, 'text': text}
            for i, text in enumerate(said)
        ]
        async with store.writing() as session:
            await session.exec(insert(Message), params=lines)
    return conversation


def message_of(participant: Participant, number: int, **columns: Any) -> Message:
    return Message(
        **{
            'workspace_id': participant.workspace_id,
            'conversation_id': participant.conversation_id,
            'number': number,
            'turn': number,
            'participant_id': participant.id,
            'persona_version_id': participant.persona_version_id,
            'speaker': participant.name,
            **columns,
        }
    )


async def _move_in(store: Store, name: str) -> Scope:
    workspace = Workspace(name=f"{name}'s")
    person = Person(workspace_id=workspace.id, name=name)
    async with store.writing() as session:
        session.add(workspace)
        await session.flush()
        session.add(person)
    return Scope(workspace.id, person.id)


async def _seat(store: Store, scope: Scope, conversation: Conversation, seat: int, persona: Persona) -> Participant:
    version = await personas.remember_version(store, scope, persona)
    return Participant(
        workspace_id=scope.workspace_id,
        conversation_id=conversation.id,
        seat=seat,
        name=persona.name,
        persona_version_id=version.id,
    )
