"""What stands in people's calendars, the messages about it, and the secrets of feeds (calendars.md)."""

import sqlalchemy as sa
from alembic import op

revision = 'a03d57d3ee81'
down_revision = '86b91be93700'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('calendar_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(length=200), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('part_id', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.Integer(), server_default='0', nullable=False),
    sa.Column('status', sa.String(length=9), nullable=False),
    sa.Column('organizer', sa.String(length=254), nullable=False),
    sa.Column('attendee', sa.String(length=254), nullable=False),
    sa.Column('local_start', sa.DateTime(), nullable=False),
    sa.Column('local_end', sa.DateTime(), nullable=False),
    sa.Column('tz', sa.String(length=60), nullable=False),
    sa.Column('start_fold', sa.Integer(), server_default='0', nullable=False),
    sa.Column('end_fold', sa.Integer(), server_default='0', nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('place', sa.String(length=300), server_default='', nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('modified_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.CheckConstraint("status IN ('confirmed', 'cancelled')", name=op.f('ck_calendar_entry_status')),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_calendar_entry_ends_after_start')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_calendar_entry_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_entry')),
    sa.UniqueConstraint('kind', 'subject_id', 'part_id', name=op.f('uq_calendar_entry_kind_subject_id_part_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_calendar_entry_public_id')),
    sa.UniqueConstraint('uid', name=op.f('uq_calendar_entry_uid'))
    )
    with op.batch_alter_table('calendar_entry', schema=None) as batch_op:
        batch_op.create_index('ix_calendar_entry_person', ['person_id', 'starts_at'], unique=False)

    op.create_table('feed_token',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_feed_token_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed_token')),
    sa.UniqueConstraint('digest', name=op.f('uq_feed_token_digest')),
    sa.UniqueConstraint('public_id', name=op.f('uq_feed_token_public_id'))
    )
    with op.batch_alter_table('feed_token', schema=None) as batch_op:
        batch_op.create_index('feed_token_one_open', ['person_id'], unique=True, sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))

    op.create_table('calendar_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(length=200), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('method', sa.String(length=7), nullable=False),
    sa.Column('recipient', sa.String(length=254), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("method IN ('REQUEST', 'CANCEL')", name=op.f('ck_calendar_message_method')),
    sa.ForeignKeyConstraint(['uid'], ['calendar_entry.uid'], name=op.f('fk_calendar_message_uid')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_message')),
    sa.UniqueConstraint('uid', 'sequence', 'method', 'recipient', name=op.f('uq_calendar_message_uid_sequence_method_recipient'))
    )


def downgrade() -> None:
    op.drop_table('calendar_message')
    with op.batch_alter_table('feed_token', schema=None) as batch_op:
        batch_op.drop_index('feed_token_one_open', sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))

    op.drop_table('feed_token')
    with op.batch_alter_table('calendar_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_calendar_entry_person')

    op.drop_table('calendar_entry')
