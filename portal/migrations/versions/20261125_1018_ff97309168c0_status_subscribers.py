"""Who outside wants to be told, and what was sent to them (status-page.md SP-40 to SP-47)."""

import sqlalchemy as sa
from alembic import op

revision = 'ff97309168c0'
down_revision = '8af875f08b73'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('subscription',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('address_key', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('everything', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('kinds', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmation_digest', sa.String(length=64), nullable=True),
    sa.Column('confirmation_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription')),
    sa.UniqueConstraint('address_key', name=op.f('uq_subscription_address_key')),
    sa.UniqueConstraint('confirmation_digest', name=op.f('uq_subscription_confirmation_digest')),
    sa.UniqueConstraint('public_id', name=op.f('uq_subscription_public_id'))
    )
    op.create_table('subscription_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription_attempt'))
    )
    with op.batch_alter_table('subscription_attempt', schema=None) as batch_op:
        batch_op.create_index('ix_subscription_attempt_at', ['at'], unique=False)
        batch_op.create_index('ix_subscription_attempt_key', ['key', 'at'], unique=False)

    op.create_table('subscription_suppression',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('address_key', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.String(length=12), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription_suppression')),
    sa.UniqueConstraint('address_key', name=op.f('uq_subscription_suppression_address_key'))
    )
    op.create_table('status_delivery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=11), nullable=False),
    sa.Column('thing', sa.String(length=12), nullable=False),
    sa.Column('update_id', sa.Integer(), nullable=False),
    sa.Column('update_key', sa.String(length=12), nullable=False),
    sa.Column('subscription_id', sa.Integer(), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('held', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['subscription_id'], ['subscription.id'], name=op.f('fk_status_delivery_subscription_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_status_delivery')),
    sa.UniqueConstraint('kind', 'update_id', 'subscription_id', name=op.f('uq_status_delivery_kind_update_id_subscription_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_status_delivery_public_id'))
    )
    with op.batch_alter_table('status_delivery', schema=None) as batch_op:
        batch_op.create_index('ix_status_delivery_due', ['due_at', 'id'], unique=False, sqlite_where=sa.text('done_at IS NULL'), postgresql_where=sa.text('done_at IS NULL'))
        batch_op.create_index('ix_status_delivery_subscription', ['subscription_id', 'done_at'], unique=False)

    op.create_table('subscription_component',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subscription_id', sa.Integer(), nullable=False),
    sa.Column('component_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['component_id'], ['component.id'], name=op.f('fk_subscription_component_component_id')),
    sa.ForeignKeyConstraint(['subscription_id'], ['subscription.id'], name=op.f('fk_subscription_component_subscription_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription_component')),
    sa.UniqueConstraint('subscription_id', 'component_id', name=op.f('uq_subscription_component_subscription_id_component_id'))
    )
    with op.batch_alter_table('subscription_component', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_subscription_component_component_id'), ['component_id'], unique=False)


def downgrade() -> None:
    op.drop_table('subscription_component')
    op.drop_table('status_delivery')
    op.drop_table('subscription_suppression')
    op.drop_table('subscription_attempt')
    op.drop_table('subscription')
