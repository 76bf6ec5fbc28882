"""Everything that is known of one conversation, at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlmodel import col

from app.store.owned import owned
from app.store.scope import Scope
from app.store.store import Store
from app.store.tables import Conversation, Event, Message, Note, Participant, PersonaVersion, Variant

Part = TypeVar('Part', Participant, Message, Variant, Note, Event)


@dataclass(frozen=True, slots=True)
class Everything:
    """All rows of one conversation; `definitions` are the personas as they were, by version id."""

    conversation: Conversation
    participants: Sequence[Participant]
    definitions: dict[str, dict[str, Any]]
    messages: Sequence[Message]
    variants: Sequence[Variant]
    notes: Sequence[Note]
    events: Sequence[Event]


async def everything_of(store: Store, scope: Scope, conversation_id: str) -> Everything | None:
    """None where the scope has no such conversation."""
    async with store.session() as session:

        async def parts(table: type[Part]) -> list[Part]:
            return list(await session.exec(owned(table, scope).where(col(table.conversation_id) == conversation_id)))

        found = await session.exec(owned(Conversation, scope).where(col(Conversation.id) == conversation_id))
        if (conversation := found.first()) is None:
            return None
        participants = sorted(await parts(Participant), key=lambda participant: participant.seat)
        messages = sorted(await parts(Message), key=lambda message: message.number)
        variants, notes = await parts(Variant), await parts(Note)
        events = sorted(await parts(Event), key=lambda event: event.number)
        spoke = {row.persona_version_id for row in (*participants, *messages, *variants)} - {None}
        versions = await session.exec(owned(PersonaVersion, scope).where(col(PersonaVersion.id).in_(spoke)))
        definitions = {version.id: version.definition for version in versions}
    return Everything(conversation, participants, definitions, messages, variants, notes, events)
