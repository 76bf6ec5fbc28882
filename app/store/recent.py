"""The list of conversations a person comes home to, and the search in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from app.casting.persona import Look
from app.store.scope import Scope
from app.store.store import Store
from app.store.tables import (
    DELETED,
    Conversation,
    Kind,
    LineKind,
    Message,
    Participant,
    PersonaRow,
    PersonaVersion,
    Status,
)

EXCERPT = 160


@dataclass(frozen=True, slots=True)
class Seat:
    """A participant as a card shows it; `slug` and `look` are None for a human."""

    name: str
    kind: str
    slug: str | None
    look: Look | None


@dataclass(frozen=True, slots=True)
class ConversationCard:
    """`excerpt` is the beginning of what `speaker` said last, '' and None when nobody has spoken yet. What is deleted
    is neither counted nor shown."""

    conversation: Conversation
    cast: tuple[Seat, ...]
    message_count: int
    speaker: str | None
    excerpt: str


async def recent_conversations(
    store: Store, scope: Scope, search: str = '', limit: int = 30, before: datetime | None = None
) -> list[ConversationCard]:
    """Latest first; `before` is the `updated_at` of the last card already shown.

    `search` is taken literally and looked for in titles, topics, participants' names and all that was said.
    """
    found = _cards(scope).limit(limit)
    if before:
        found = found.where(col(Conversation.updated_at) < before)
    if words := search.replace('\x00', '').encode(errors='ignore').decode().strip():
        found = found.where(_mentions(words, store.is_sqlite))
    return await _fill(store, scope, found)


async def conversation_cards(store: Store, scope: Scope, conversation_ids: Sequence[str]) -> list[ConversationCard]:
    """These, the oldest first; of those that are gone none."""
    found = _cards(scope).where(col(Conversation.id).in_(conversation_ids))
    return await _fill(store, scope, found.order_by(None).order_by(col(Conversation.created_at)))


async def _fill(store: Store, scope: Scope, found: Select[Conversation, int, str, Any]) -> list[ConversationCard]:
    async with store.session() as session:
        cards = (await session.exec(found)).all()
        seats = (await session.exec(_seats(scope, [conversation.id for conversation, *_ in cards]))).all()
    return [
        ConversationCard(
            conversation,
            tuple(_seat(*seat) for seat in seats if seat[0].conversation_id == conversation.id),
            message_count - _deleted(conversation, message_count),
            speaker,
            _excerpt(beginning or ''),
        )
        for conversation, message_count, speaker, beginning in cards
    ]


def _cards(scope: Scope) -> Select[Conversation, int, str, Any]:
    # Both ask the index on (conversation, number) for its last entry: ten thousand messages cost no more than ten.
    here = col(Message.conversation_id) == col(Conversation.id)
    count = select(func.max(col(Message.number))).where(here).correlate(Conversation).scalar_subquery()
    is_speech = and_(
        ~_is_sealed(), col(Message.text) != '', col(Message.deleted_at).is_(None), col(Message.kind) == LineKind.SPEECH
    )
    spoken = select(Message.id).where(here, is_speech).order_by(col(Message.number).desc()).limit(1)
    last = aliased(Message)
    return (
        select(Conversation, func.coalesce(count, 0), last.speaker, func.substr(last.text, 1, 2 * EXCERPT))
        .outerjoin(last, col(last.id) == spoken.correlate(Conversation).scalar_subquery())
        .where(col(Conversation.workspace_id) == scope.workspace_id)
        .order_by(col(Conversation.updated_at).desc())
    )


def _seats(scope: Scope, conversation_ids: Sequence[str]) -> Select[Participant, str, Any]:
    version = and_(
        col(PersonaVersion.id) == col(Participant.persona_version_id),
        col(PersonaVersion.workspace_id) == scope.workspace_id,
    )
    # The look alone: a whole definition is some kilobytes.
    return (
        select(Participant, PersonaRow.slug, col(PersonaVersion.definition)['look'])
        .outerjoin(PersonaVersion, version)
        .outerjoin(PersonaRow, col(PersonaRow.id) == col(PersonaVersion.persona_id))
        .where(
            col(Participant.conversation_id).in_(conversation_ids),
            col(Participant.workspace_id) == scope.workspace_id,
            col(Participant.kind) != Kind.NARRATOR,
        )
        .order_by(col(Participant.seat))
    )


def _seat(participant: Participant, slug: str | None, look: Any) -> Seat:
    return Seat(participant.name, participant.kind, slug, Look.model_validate(look) if look else None)


def _deleted(conversation: Conversation, last: int) -> int:
    return sum(number <= last for number in conversation.settings.get(DELETED, ()))


def _excerpt(beginning: str) -> str:
    line = ' '.join(beginning.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rstrip() + '…'


def _is_sealed() -> ColumnElement[bool]:
    """Said in a phase whose lines are opened when all have spoken; see `Programme.is_sealed`."""
    progress = col(Conversation.progress)
    return and_(
        col(Message.phase).is_not(None),
        col(Conversation.status) != Status.ENDED,
        func.coalesce(progress['sealed'].as_boolean(), False),
        func.coalesce(progress['ordinal'].as_integer(), 0) == col(Message.phase),
        func.coalesce(progress['ended'].as_string(), '') == '',
    )


def _mentions(words: str, is_sqlite: bool) -> ColumnElement[bool]:
    def has(column: Mapped[str]) -> ColumnElement[bool]:
        if not is_sqlite:
            return column.icontains(words, autoescape=True)
        if words.isascii():  # SQLite's own LIKE knows no other letters' cases, but it is many times faster
            return column.contains(words, autoescape=True)
        return func.contains_folded(column, words.casefold())

    def here(table: type[Participant | Message]) -> ColumnElement[bool]:
        return col(table.conversation_id) == col(Conversation.id)

    return or_(
        has(col(Conversation.title)),
        has(col(Conversation.topic)),
        exists().where(here(Participant), has(col(Participant.name))),
        exists().where(here(Message), col(Message.deleted_at).is_(None), ~_is_sealed(), has(col(Message.text))),
    )
