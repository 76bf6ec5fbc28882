"""The rows. Ids are random hex strings made at birth, times are aware UTC, and every row names its workspace."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, DateTime, Dialect, Index, Text, TypeDecorator, UniqueConstraint
from sqlmodel import Field, SQLModel

# A constraint without a name can never be changed again: SQLite rebuilds the table to do it and must find it.
SQLModel.metadata.naming_convention = {
    'ix': 'ix_%(column_0_label)s',
    'uq': 'uq_%(table_name)s_%(column_0_N_name)s',
    'fk': 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s',
    'pk': 'pk_%(table_name)s',
}


class Status(StrEnum):
    """Where a conversation stands. `ended` may be opened again by raising the limit that ended it."""

    READY = 'ready'
    RUNNING = 'running'
    PAUSED = 'paused'
    ENDED = 'ended'


class State(StrEnum):
    """How a message stands: `speaking` while its words arrive, then one of the four ends."""

    SPEAKING = 'speaking'
    COMPLETE = 'complete'
    STOPPED = 'stopped'
    INTERRUPTED = 'interrupted'
    FAILED = 'failed'


class Kind(StrEnum):
    """Who sits in a seat. The narrator has one from the first scene on, and no persona."""

    PERSONA = 'persona'
    HUMAN = 'human'
    NARRATOR = 'narrator'


class LineKind(StrEnum):
    """What a message is: something said, a change of the scene, or what a guard found and did."""

    SPEECH = 'speech'
    SCENE = 'scene'
    GUARD = 'guard'


DELETED = 'deleted'
"""What a conversation's settings hold of the lines that are deleted: their numbers."""
OPENED = 'opened'
"""What an event's payload holds of the lines that it lets people read: their messages' ids."""


class UtcDateTime(TypeDecorator[datetime]):
    """SQLite forgets the zone; what goes in as UTC comes out as aware UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=value.tzinfo or UTC) if value else None


def new_id() -> str:
    return uuid.uuid4().hex


def now() -> datetime:
    return datetime.now(UTC)


class Workspace(SQLModel, table=True):
    id: str = Field(default_factory=new_id, primary_key=True)
    name: str
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Person(SQLModel, table=True):
    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key='workspace.id', index=True)
    name: str
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class PersonaRow(SQLModel, table=True):
    """A persona as the workspace knows it; `slug` is the name of the file it was read from."""

    __tablename__ = 'persona'  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint('workspace_id', 'slug'),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key='workspace.id')
    slug: str
    name: str
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class PersonaVersion(SQLModel, table=True):
    """What a persona was when it spoke: `definition` is the whole of it and never changes. `digest` finds it again."""

    __tablename__ = 'persona_version'  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint('persona_id', 'number'), UniqueConstraint('persona_id', 'digest'))

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key='workspace.id', index=True)
    persona_id: str = Field(foreign_key='persona.id')
    number: int
    digest: str
    definition: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Conversation(SQLModel, table=True):
    """`epoch` rises with every human command and fences a turn that started before it; `event_number` is the last
    event's number; `tokens`, `seconds` and `money` (millionths of a US dollar) are what was used so far; a limit of
    None is no limit. `settings` hold the room's dials, rules, scene and list of speakers. `format_definition` is the
    format as it was when this began, `progress` how far it has come. A branch names its `parent_id`, the number of
    the last message it shares with it, and in words the one thing in which it differs."""

    __table_args__ = (Index('ix_conversation_recent', 'workspace_id', 'updated_at'),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key='workspace.id')
    created_by: str = Field(foreign_key='person.id')
    title: str
    topic: str = Field(sa_type=Text)
    format: str = 'round_table'
    format_definition: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    progress: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    settings: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    parent_id: str | None = Field(default=None, index=True)
    branched_at: int | None = None
    difference: str | None = None
    speaker_order: str = 'urge'
    status: str = Status.READY
    stop_reason: str | None = None
    epoch: int = 0
    turns: int = 0
    event_number: int = 0
    seed: int = 0
    pace: float = 1.0
    max_turns: int | None = None
    max_tokens: int | None = None
    max_minutes: int | None = None
    max_money: int | None = Field(default=None, sa_type=BigInteger)
    tokens: int = 0
    money: int = Field(default=0, sa_type=BigInteger)
    seconds: float = 0.0
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Participant(SQLModel, table=True):
    """Somebody seated in one conversation. `model` None means the host's default at that turn; `settings` hold what
    the director laid down for this seat: the floor, dials, a role, a goal. Who left keeps the seat."""

    __table_args__ = (UniqueConstraint('conversation_id', 'seat'),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key='workspace.id', index=True)
    conversation_id: str = Field(foreign_key='conversation.id')
    seat: int
    kind: str = Kind.PERSONA
    name: str
    persona_version_id: str | None = Field(default=None, foreign_key='persona_version.id')
    person_id: str | None = Field(default=None, foreign_key='person.id')
    model: str | None = None
    settings: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Message(SQLModel, table=True):
    """What a turn leaves behind. `number` is its place in the transcript, from 1 without gaps; `turn` is None for a
    human. `because` says why this speaker was chosen, `note` why the message ended as it did. Times in milliseconds,
    money in millionths of a US dollar.

    `audience` are the participants who may know of it: None is everybody, and people who watch see it all the same.
    `phase` is the ordinal of the format's phase it belongs to. `variant` is the number of the variant that is shown,
    of so many `variants`; the others are rows of their own. What is deleted is only hidden, so it can come back."""

    __table_args__ = (
        UniqueConstraint('conversation_id', 'number'),
        Index('ix_message_state', 'state', 'conversation_id'),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key='workspace.id')
    conversation_id: str = Field(foreign_key='conversation.id')
    number: int
    kind: str = LineKind.SPEECH
    turn: int | None = None
    phase: int | None = None
    audience: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    variant: int = 1
    variants: int = 1
    participant_id: str = Field(foreign_key='participant.id', index=True)
    persona_version_id: str | None = Field(default=None, foreign_key='persona_version.id')
    speaker: str
    model: str | None = None
    state: str = State.SPEAKING
    text: str = Field(default='', sa_type=Text)
    reasoning: str = Field(default='', sa_type=Text)
    because: str | None = None
    note: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    money: int = Field(default=0, sa_type=BigInteger)
    first_delta_ms: int | None = None
    duration_ms: int | None = None
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Variant(SQLModel, table=True):
    """Another answer for the same turn that is not shown now: what the message was, or could be."""

    __table_args__ = (UniqueConstraint('message_id', 'number'),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key='workspace.id')
    conversation_id: str = Field(foreign_key='conversation.id', index=True)
    message_id: str = Field(foreign_key='message.id')
    number: int
    participant_id: str = Field(foreign_key='participant.id')
    persona_version_id: str | None = Field(default=None, foreign_key='persona_version.id')
    speaker: str
    model: str | None = None
    state: str = State.COMPLETE
    text: str = Field(default='', sa_type=Text)
    reasoning: str = Field(default='', sa_type=Text)
    because: str | None = None
    note: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    money: int = Field(default=0, sa_type=BigInteger)
    first_delta_ms: int | None = None
    duration_ms: int | None = None
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Note(SQLModel, table=True):
    """A director's private instruction to one participant, or to all. It holds for `turns` turns after `given_at` were
    taken, or until it is withdrawn. The audience does not see a secret one."""

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key='workspace.id')
    conversation_id: str = Field(foreign_key='conversation.id', index=True)
    participant_id: str | None = Field(default=None, foreign_key='participant.id')
    text: str = Field(sa_type=Text)
    given_at: int
    turns: int | None = None
    is_secret: bool = False
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Event(SQLModel, table=True):
    """Anything that happened in a conversation, numbered from 1 without gaps."""

    conversation_id: str = Field(foreign_key='conversation.id', primary_key=True)
    number: int = Field(primary_key=True)
    workspace_id: str = Field(foreign_key='workspace.id')
    kind: str
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Segment(SQLModel, table=True):
    """The deltas of one flush, numbered from 1 without gaps within their message; folded into it when the turn ends."""

    message_id: str = Field(foreign_key='message.id', primary_key=True)
    number: int = Field(primary_key=True)
    workspace_id: str = Field(foreign_key='workspace.id')
    conversation_id: str = Field(foreign_key='conversation.id', index=True)
    text: str = Field(sa_type=Text)
    reasoning: bool = False
