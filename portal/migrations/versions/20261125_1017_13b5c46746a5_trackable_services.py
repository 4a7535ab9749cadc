"""Services whose requests may be followed (TR-16).

Revision ID: 13b5c46746a5
Revises: 8af875f08b73
"""

import sqlalchemy as sa
from alembic import op

revision = '13b5c46746a5'
down_revision = 'ff97309168c0'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('service', sa.Column('trackable', sa.Boolean(), server_default=sa.text('false'), nullable=False))


def downgrade() -> None:
    op.drop_column('service', 'trackable')
