"""What carriers have pushed (TR-33).

Revision ID: 8af875f08b73
Revises: 1d4dfcd402e8
"""

import sqlalchemy as sa
from alembic import op

revision = '8af875f08b73'
down_revision = 'e4d431fe533f'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('carrier_delivery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('applied', sa.Integer(), server_default='0', nullable=False),
    sa.Column('refused', sa.Integer(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['source_id'], ['tracking_source.id'], name=op.f('fk_carrier_delivery_source_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_carrier_delivery')),
    sa.UniqueConstraint('digest', name=op.f('uq_carrier_delivery_digest'))
    )


def downgrade() -> None:
    op.drop_table('carrier_delivery')
