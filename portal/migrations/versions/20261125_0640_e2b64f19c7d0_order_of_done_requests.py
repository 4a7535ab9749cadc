"""Order of the requests that are done.

Revision ID: e2b64f19c7d0
Revises: a3d85e1c07b4
"""

import sqlalchemy as sa
from alembic import op

revision = "e2b64f19c7d0"
down_revision = 'f0931d89c30e'
branch_labels = None
depends_on = None


def upgrade() -> None:
    done = sa.text("state IN ('solved', 'closed')")
    columns = ["department_id", "queue_rank", "queue_at", "id"]
    op.create_index("ix_request_done", "request", columns, sqlite_where=done, postgresql_where=done)


def downgrade() -> None:
    op.drop_index("ix_request_done", table_name="request")
