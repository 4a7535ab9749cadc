"""Finding open requests that may be the same one again."""

import sqlalchemy as sa
from alembic import op

revision = 'f0931d89c30e'
down_revision = 'a3d85e1c07b4'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('request', schema=None) as batch_op:
        batch_op.create_index('ix_request_similar', ['service_id', 'title_folded'], unique=False, sqlite_where=sa.text("state IN ('waiting_for_approval', 'open', 'in_progress', 'waiting_for_requester')"), postgresql_where=sa.text("state IN ('waiting_for_approval', 'open', 'in_progress', 'waiting_for_requester')"))



def downgrade() -> None:
    with op.batch_alter_table('request', schema=None) as batch_op:
        batch_op.drop_index('ix_request_similar', sqlite_where=sa.text("state IN ('waiting_for_approval', 'open', 'in_progress', 'waiting_for_requester')"), postgresql_where=sa.text("state IN ('waiting_for_approval', 'open', 'in_progress', 'waiting_for_requester')"))

