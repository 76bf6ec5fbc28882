"""First tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'workspace',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_workspace'),
    )
    op.create_table(
        'person',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('workspace_id', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='fk_person_workspace_id_workspace'),
        sa.PrimaryKeyConstraint('id', name='pk_person'),
    )
    op.create_index('ix_person_workspace_id', 'person', ['workspace_id'])

    op.create_table(
        'persona',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('workspace_id', sa.String(), nullable=False),
        sa.Column('slug', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='fk_persona_workspace_id_workspace'),
        sa.PrimaryKeyConstraint('id', name='pk_persona'),
        sa.UniqueConstraint('workspace_id', 'slug', name='uq_persona_workspace_id_slug'),
    )
    op.create_table(
        'conversation',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('workspace_id', sa.String(), nullable=False),
        sa.Column('created_by', sa.String(), nullable=False),
        sa.Column('title', sa.String(), nullable=False),
        sa.Column('topic', sa.Text(), nullable=False),
        sa.Column('format', sa.String(), nullable=False),
        sa.Column('speaker_order', sa.String(), nullable=False),
        sa.Column('status', sa.String(), nullable=False),
        sa.Column('stop_reason', sa.String(), nullable=True),
        sa.Column('epoch', sa.Integer(), nullable=False),
        sa.Column('turns', sa.Integer(), nullable=False),
        sa.Column('event_number', sa.Integer(), nullable=False),
        sa.Column('seed', sa.Integer(), nullable=False),
        sa.Column('pace', sa.Float(), nullable=False),
        sa.Column('max_turns', sa.Integer(), nullable=True),
        sa.Column('max_tokens', sa.Integer(), nullable=True),
        sa.Column('max_minutes', sa.Integer(), nullable=True),
        sa.Column('tokens', sa.Integer(), nullable=False),
        sa.Column('seconds', sa.Float(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['created_by'], ['person.id'], name='fk_conversation_created_by_person'),
        sa.ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='fk_conversation_workspace_id_workspace'),
        sa.PrimaryKeyConstraint('id', name='pk_conversation'),
    )
    op.create_index('ix_conversation_recent', 'conversation', ['workspace_id', 'updated_at'])

    op.create_table(
        'persona_version',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('workspace_id', sa.String(), nullable=False),
        sa.Column('persona_id', sa.String(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('definition', sa.JSON(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['persona_id'], ['persona.id'], name='fk_persona_version_persona_id_persona'),
        sa.ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='fk_persona_version_workspace_id_workspace'),
        sa.PrimaryKeyConstraint('id', name='pk_persona_version'),
        sa.UniqueConstraint('persona_id', 'digest', name='uq_persona_version_persona_id_digest'),
        sa.UniqueConstraint('persona_id', 'number', name='uq_persona_version_persona_id_number'),
    )
    op.create_index('ix_persona_version_workspace_id', 'persona_version', ['workspace_id'])

    op.create_table(
        'event',
        sa.Column('conversation_id', sa.String(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('workspace_id', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('payload', sa.JSON(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name='fk_event_conversation_id_conversation'),
        sa.ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='fk_event_workspace_id_workspace'),
        sa.PrimaryKeyConstraint('conversation_id', 'number', name='pk_event'),
    )
    op.create_table(
        'participant',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('workspace_id', sa.String(), nullable=False),
        sa.Column('conversation_id', sa.String(), nullable=False),
        sa.Column('seat', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('persona_version_id', sa.String(), nullable=True),
        sa.Column('person_id', sa.String(), nullable=True),
        sa.Column('model', sa.String(), nullable=True),
        sa.Column('settings', sa.JSON(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['conversation_id'], ['conversation.id'], name='fk_participant_conversation_id_conversation'
        ),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name='fk_participant_person_id_person'),
        sa.ForeignKeyConstraint(
            ['persona_version_id'], ['persona_version.id'], name='fk_participant_persona_version_id_persona_version'
        ),
        sa.ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='fk_participant_workspace_id_workspace'),
        sa.PrimaryKeyConstraint('id', name='pk_participant'),
        sa.UniqueConstraint('conversation_id', 'seat', name='uq_participant_conversation_id_seat'),
    )
    op.create_index('ix_participant_workspace_id', 'participant', ['workspace_id'])

    op.create_table(
        'message',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('workspace_id', sa.String(), nullable=False),
        sa.Column('conversation_id', sa.String(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('turn', sa.Integer(), nullable=True),
        sa.Column('participant_id', sa.String(), nullable=False),
        sa.Column('persona_version_id', sa.String(), nullable=True),
        sa.Column('speaker', sa.String(), nullable=False),
        sa.Column('model', sa.String(), nullable=True),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('reasoning', sa.Text(), nullable=False),
        sa.Column('because', sa.String(), nullable=True),
        sa.Column('note', sa.String(), nullable=True),
        sa.Column('prompt_tokens', sa.Integer(), nullable=False),
        sa.Column('completion_tokens', sa.Integer(), nullable=False),
        sa.Column('first_delta_ms', sa.Integer(), nullable=True),
        sa.Column('duration_ms', sa.Integer(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ['conversation_id'], ['conversation.id'], name='fk_message_conversation_id_conversation'
        ),
        sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name='fk_message_participant_id_participant'),
        sa.ForeignKeyConstraint(
            ['persona_version_id'], ['persona_version.id'], name='fk_message_persona_version_id_persona_version'
        ),
        sa.ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='fk_message_workspace_id_workspace'),
        sa.PrimaryKeyConstraint('id', name='pk_message'),
        sa.UniqueConstraint('conversation_id', 'number', name='uq_message_conversation_id_number'),
    )
    op.create_index('ix_message_participant_id', 'message', ['participant_id'])
    op.create_index('ix_message_state', 'message', ['state', 'conversation_id'])

    op.create_table(
        'segment',
        sa.Column('message_id', sa.String(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('workspace_id', sa.String(), nullable=False),
        sa.Column('conversation_id', sa.String(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('reasoning', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ['conversation_id'], ['conversation.id'], name='fk_segment_conversation_id_conversation'
        ),
        sa.ForeignKeyConstraint(['message_id'], ['message.id'], name='fk_segment_message_id_message'),
        sa.ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='fk_segment_workspace_id_workspace'),
        sa.PrimaryKeyConstraint('message_id', 'number', name='pk_segment'),
    )
    op.create_index('ix_segment_conversation_id', 'segment', ['conversation_id'])


def downgrade() -> None:
    op.drop_table('segment')
    op.drop_table('message')
    op.drop_table('participant')
    op.drop_table('event')
    op.drop_table('persona_version')
    op.drop_table('conversation')
    op.drop_table('persona')
    op.drop_table('person')
    op.drop_table('workspace')
