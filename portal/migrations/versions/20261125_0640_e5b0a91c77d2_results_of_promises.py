"""Working time of clocks whose thing is done, and requests by department and service, for the board of promises.

Revision ID: e5b0a91c77d2
Revises: b7d20c9a41e6
"""

import sqlalchemy as sa
from alembic import op

revision = 'e5b0a91c77d2'
down_revision = '1cda39aba0aa'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('clock', sa.Column('worked_cache', sa.Integer(), nullable=True))
    op.create_index('ix_request_service', 'request', ['department_id', 'service_id', 'id'])


def downgrade() -> None:
    op.drop_index('ix_request_service', table_name='request')
    op.drop_column('clock', 'worked_cache')
