"""The tax rule of routes: limits that are compared with the sum without tax (approvals.md 5)."""

import sqlalchemy as sa
from alembic import op

revision = '7a90c3f1d2b6'
down_revision = '1d4dfcd402e8'
branch_labels = None
depends_on = None

STAGES = ('route_stage', 'approval_stage')


def upgrade() -> None:
    op.add_column('approval', sa.Column('net', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
    for table in STAGES:
        op.add_column(table, sa.Column('without_tax', sa.Boolean(), server_default=sa.text('false'), nullable=False))


def downgrade() -> None:
    for table in STAGES:
        op.drop_column(table, 'without_tax')
    op.drop_column('approval', 'net')
