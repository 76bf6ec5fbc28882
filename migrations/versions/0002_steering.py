"""What a director may do on the way: formats, money, notes, variants, branches, scenes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in _room():
        op.add_column('conversation', column)
    op.create_index('ix_conversation_parent_id', 'conversation', ['parent_id'])
    op.add_column('participant', sa.Column('left_at', sa.DateTime(timezone=True), nullable=True))
    for column in _line():
        op.add_column('message', column)
    # The defaults were for the rows that were there: what comes now says it itself.
    for table, columns in (('conversation', _room()), ('message', _line())):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                if column.server_default is not None:
                    batch.alter_column(column.name, server_default=None)

    op.create_table(
        'variant',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('workspace_id', sa.String(), nullable=False),
        sa.Column('conversation_id', sa.String(), nullable=False),
        sa.Column('message_id', sa.String(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
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
        sa.Column('money', sa.BigInteger(), nullable=False),
        sa.Column('first_delta_ms', sa.Integer(), nullable=True),
        sa.Column('duration_ms', sa.Integer(), nullable=True),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='fk_variant_workspace_id_workspace'),
        sa.ForeignKeyConstraint(
            ['conversation_id'], ['conversation.id'], name='fk_variant_conversation_id_conversation'
        ),
        sa.ForeignKeyConstraint(['message_id'], ['message.id'], name='fk_variant_message_id_message'),
        sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name='fk_variant_participant_id_participant'),
        sa.ForeignKeyConstraint(
            ['persona_version_id'], ['persona_version.id'], name='fk_variant_persona_version_id_persona_version'
        ),
        sa.PrimaryKeyConstraint('id', name='pk_variant'),
        sa.UniqueConstraint('message_id', 'number', name='uq_variant_message_id_number'),
    )
    op.create_index('ix_variant_conversation_id', 'variant', ['conversation_id'])
    op.create_table(
        'note',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('workspace_id', sa.String(), nullable=False),
        sa.Column('conversation_id', sa.String(), nullable=False),
        sa.Column('participant_id', sa.String(), nullable=True),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('given_at', sa.Integer(), nullable=False),
        sa.Column('turns', sa.Integer(), nullable=True),
        sa.Column('is_secret', sa.Boolean(), nullable=False),
        sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name='fk_note_workspace_id_workspace'),
        sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name='fk_note_conversation_id_conversation'),
        sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name='fk_note_participant_id_participant'),
        sa.PrimaryKeyConstraint('id', name='pk_note'),
    )
    op.create_index('ix_note_conversation_id', 'note', ['conversation_id'])


def downgrade() -> None:
    op.drop_table('note')
    op.drop_table('variant')
    with op.batch_alter_table('message') as batch:
        for column in _line():
            batch.drop_column(column.name)
    with op.batch_alter_table('participant') as batch:
        batch.drop_column('left_at')
    op.drop_index('ix_conversation_parent_id', 'conversation')
    with op.batch_alter_table('conversation') as batch:
        for column in _room():
            batch.drop_column(column.name)


def _room() -> list[sa.Column]:
    return [
        sa.Column('format_definition', sa.JSON(), nullable=True),
        sa.Column('progress', sa.JSON(), nullable=True),
        sa.Column('settings', sa.JSON(), nullable=False, server_default='{}'),
        sa.Column('parent_id', sa.String(), nullable=True),
        sa.Column('branched_at', sa.Integer(), nullable=True),
        sa.Column('difference', sa.String(), nullable=True),
        sa.Column('max_money', sa.BigInteger(), nullable=True),
        sa.Column('money', sa.BigInteger(), nullable=False, server_default='0'),
    ]


def _line() -> list[sa.Column]:
    return [
        sa.Column('kind', sa.String(), nullable=False, server_default='speech'),
        sa.Column('phase', sa.Integer(), nullable=True),
        sa.Column('audience', sa.JSON(), nullable=True),
        sa.Column('variant', sa.Integer(), nullable=False, server_default='1'),
        sa.Column('variants', sa.Integer(), nullable=False, server_default='1'),
        sa.Column('money', sa.BigInteger(), nullable=False, server_default='0'),
        sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    ]
