"""Checks that feed components (status-page.md SP-5)."""

import sqlalchemy as sa
from alembic import op

revision = '86b91be93700'
down_revision = '13b5c46746a5'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('component_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('component_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=9), nullable=False),
    sa.Column('target', sa.String(length=400), nullable=False),
    sa.Column('secret_digest', sa.String(length=64), nullable=True),
    sa.Column('interval_seconds', sa.Integer(), nullable=False),
    sa.Column('failure_threshold', sa.Integer(), nullable=False),
    sa.Column('success_threshold', sa.Integer(), nullable=False),
    sa.Column('failing_status', sa.String(length=20), nullable=False),
    sa.Column('confirmed', sa.String(length=20), nullable=False),
    sa.Column('run_ok', sa.Boolean(), nullable=True),
    sa.Column('run_length', sa.Integer(), nullable=False),
    sa.Column('run_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.CheckConstraint("kind IN ('http', 'tcp', 'dns', 'heartbeat')", name=op.f('ck_component_check_kind')),
    sa.ForeignKeyConstraint(['component_id'], ['component.id'], name=op.f('fk_component_check_component_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_component_check')),
    sa.UniqueConstraint('public_id', name=op.f('uq_component_check_public_id')),
    sa.UniqueConstraint('secret_digest', name=op.f('uq_component_check_secret_digest'))
    )
    with op.batch_alter_table('component_check', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_component_check_component_id'), ['component_id'], unique=False)
        batch_op.create_index('ix_component_check_due', ['next_at', 'id'], unique=False)


def downgrade() -> None:
    op.drop_table('component_check')
