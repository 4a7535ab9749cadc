"""Tracked items with their codes, checkpoints and promises (tracking.md).

Revision ID: 0879fb369ead
Revises: 9d2e71b4c830
"""

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = '0879fb369ead'
down_revision = 'c3d91e7a5b46'
branch_labels = None
depends_on = None

RANKS = {'import': 10, 'api': 20, 'portal': 90}  # carriers stand between


def upgrade() -> None:
    op.create_table('tracking_miss',
    sa.Column('kind', sa.String(length=9), nullable=False),
    sa.Column('network', sa.String(length=40), nullable=False),
    sa.Column('minute', sa.Integer(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'network', 'minute', name=op.f('pk_tracking_miss'))
    )
    with op.batch_alter_table('tracking_miss', schema=None) as batch_op:
        batch_op.create_index('ix_tracking_miss_minute', ['minute'], unique=False)

    op.create_table('tracking_source',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tracking_source')),
    sa.UniqueConstraint('name', name=op.f('uq_tracking_source_name')),
    sa.UniqueConstraint('public_id', name=op.f('uq_tracking_source_public_id'))
    )
    op.create_table('tracked_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('requester_id', sa.Integer(), nullable=True),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('language', sa.String(length=8), server_default='es', nullable=False),
    sa.Column('postcode', sa.String(length=20), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('contents', sa.String(length=1000), server_default='', nullable=False),
    sa.Column('contact', sa.String(length=300), server_default='', nullable=False),
    sa.Column('proof', sa.String(length=300), server_default='', nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('state_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('factor_locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('emptied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision', sa.Integer(), server_default='1', nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.CheckConstraint("kind IN ('order', 'shipment', 'request')", name=op.f('ck_tracked_item_kind')),
    sa.CheckConstraint("state IN ('received', 'accepted', 'in_progress', 'shipped', 'out_for_delivery', 'ready_for_pickup', 'completed', 'on_hold', 'attempt_failed', 'delayed', 'exception', 'returned', 'cancelled', 'expired')", name=op.f('ck_tracked_item_state')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_tracked_item_department_id')),
    sa.ForeignKeyConstraint(['requester_id'], ['person.id'], name=op.f('fk_tracked_item_requester_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tracked_item')),
    sa.UniqueConstraint('kind', 'reference', name=op.f('uq_tracked_item_kind_reference')),
    sa.UniqueConstraint('public_id', name=op.f('uq_tracked_item_public_id'))
    )
    with op.batch_alter_table('tracked_item', schema=None) as batch_op:
        batch_op.create_index('ix_tracked_item_closes', ['closes_at'], unique=False, sqlite_where=sa.text('emptied_at IS NULL'), postgresql_where=sa.text('emptied_at IS NULL'))
        batch_op.create_index('ix_tracked_item_department', ['department_id', 'registered_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_tracked_item_requester_id'), ['requester_id'], unique=False)
        batch_op.create_index('ix_tracked_item_state', ['department_id', 'state', 'registered_at', 'id'], unique=False)

    op.create_table('checkpoint',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('event_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('source_code', sa.String(length=60), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('place', sa.String(length=120), server_default='', nullable=False),
    sa.Column('note', sa.String(length=500), server_default='', nullable=False),
    sa.Column('reopening', sa.String(length=300), server_default='', nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('supersedes_id', sa.Integer(), nullable=True),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.CheckConstraint("state IN ('received', 'accepted', 'in_progress', 'shipped', 'out_for_delivery', 'ready_for_pickup', 'completed', 'on_hold', 'attempt_failed', 'delayed', 'exception', 'returned', 'cancelled', 'expired')", name=op.f('ck_checkpoint_state')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_checkpoint_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['tracked_item.id'], name=op.f('fk_checkpoint_item_id')),
    sa.ForeignKeyConstraint(['source_id'], ['tracking_source.id'], name=op.f('fk_checkpoint_source_id')),
    sa.ForeignKeyConstraint(['supersedes_id'], ['checkpoint.id'], name=op.f('fk_checkpoint_supersedes_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checkpoint')),
    sa.UniqueConstraint('item_id', 'source_id', 'event_at', 'source_code', name=op.f('uq_checkpoint_item_id_source_id_event_at_source_code')),
    sa.UniqueConstraint('public_id', name=op.f('uq_checkpoint_public_id')),
    sa.UniqueConstraint('supersedes_id', name=op.f('uq_checkpoint_supersedes_id'))
    )
    op.create_table('tracking_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('issued_by_id', sa.Integer(), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.CheckConstraint('level IN (1, 2)', name=op.f('ck_tracking_code_level')),
    sa.ForeignKeyConstraint(['issued_by_id'], ['person.id'], name=op.f('fk_tracking_code_issued_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['tracked_item.id'], name=op.f('fk_tracking_code_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tracking_code')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_tracking_code_code_hash')),
    sa.UniqueConstraint('public_id', name=op.f('uq_tracking_code_public_id'))
    )
    with op.batch_alter_table('tracking_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tracking_code_item_id'), ['item_id'], unique=False)

    op.create_table('tracking_promise',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=True),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('instant', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=300), server_default='', nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(first_day IS NULL) <> (instant IS NULL)', name=op.f('ck_tracking_promise_day_or_instant')),
    sa.CheckConstraint('(first_day IS NULL) = (last_day IS NULL)', name=op.f('ck_tracking_promise_range_has_two_ends')),
    sa.CheckConstraint('first_day <= last_day', name=op.f('ck_tracking_promise_range_goes_forward')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_tracking_promise_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['tracked_item.id'], name=op.f('fk_tracking_promise_item_id')),
    sa.ForeignKeyConstraint(['source_id'], ['tracking_source.id'], name=op.f('fk_tracking_promise_source_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tracking_promise'))
    )
    with op.batch_alter_table('tracking_promise', schema=None) as batch_op:
        batch_op.create_index('ix_tracking_promise_item', ['item_id', 'id'], unique=False)

    op.create_table('tracking_wrong_factor',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['tracked_item.id'], name=op.f('fk_tracking_wrong_factor_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tracking_wrong_factor'))
    )
    with op.batch_alter_table('tracking_wrong_factor', schema=None) as batch_op:
        batch_op.create_index('ix_tracking_wrong_factor_item', ['item_id', 'at'], unique=False)

    op.create_table('tracking_grant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('code_id', sa.Integer(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['code_id'], ['tracking_code.id'], name=op.f('fk_tracking_grant_code_id')),
    sa.ForeignKeyConstraint(['item_id'], ['tracked_item.id'], name=op.f('fk_tracking_grant_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tracking_grant')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_tracking_grant_token_hash'))
    )
    with op.batch_alter_table('tracking_grant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tracking_grant_code_id'), ['code_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_tracking_grant_item_id'), ['item_id'], unique=False)

    op.create_table('tracking_opening',
    sa.Column('code_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['code_id'], ['tracking_code.id'], name=op.f('fk_tracking_opening_code_id')),
    sa.PrimaryKeyConstraint('code_id', 'day', name=op.f('pk_tracking_opening'))
    )
    zone = str(current_app.config['PORTAL_TIMEZONE'])
    sources = sa.table('tracking_source', sa.column('public_id'), sa.column('name'), sa.column('rank'), sa.column('zone'))
    op.bulk_insert(sources, [{'public_id': f'source{name:0<6}', 'name': name, 'rank': rank, 'zone': zone} for name, rank in RANKS.items()])


def downgrade() -> None:
    op.drop_table('tracking_opening')
    with op.batch_alter_table('tracking_grant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tracking_grant_item_id'))
        batch_op.drop_index(batch_op.f('ix_tracking_grant_code_id'))

    op.drop_table('tracking_grant')
    with op.batch_alter_table('tracking_wrong_factor', schema=None) as batch_op:
        batch_op.drop_index('ix_tracking_wrong_factor_item')

    op.drop_table('tracking_wrong_factor')
    with op.batch_alter_table('tracking_promise', schema=None) as batch_op:
        batch_op.drop_index('ix_tracking_promise_item')

    op.drop_table('tracking_promise')
    with op.batch_alter_table('tracking_code', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tracking_code_item_id'))

    op.drop_table('tracking_code')
    op.drop_table('checkpoint')
    with op.batch_alter_table('tracked_item', schema=None) as batch_op:
        batch_op.drop_index('ix_tracked_item_state')
        batch_op.drop_index(batch_op.f('ix_tracked_item_requester_id'))
        batch_op.drop_index('ix_tracked_item_department')
        batch_op.drop_index('ix_tracked_item_closes', sqlite_where=sa.text('emptied_at IS NULL'), postgresql_where=sa.text('emptied_at IS NULL'))

    op.drop_table('tracked_item')
    op.drop_table('tracking_source')
    with op.batch_alter_table('tracking_miss', schema=None) as batch_op:
        batch_op.drop_index('ix_tracking_miss_minute')

    op.drop_table('tracking_miss')
