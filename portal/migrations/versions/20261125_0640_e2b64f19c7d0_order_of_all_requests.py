"""Order of all requests of a department.

Revision ID: e2b64f19c7d0
Revises: a3d85e1c07b4
"""

from alembic import op

revision = "e2b64f19c7d0"
down_revision = 'f0931d89c30e'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_request_ordered", "request", ["department_id", "queue_rank", "queue_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_request_ordered", table_name="request")
