"""kinds of automatic mail."""

import sqlalchemy as sa
from alembic import op

revision = '37020a8e61ed'
down_revision = '3a91c0f7d2be'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('outbox') as batch_op:
        batch_op.add_column(sa.Column('automatic', sa.String(length=20), server_default='auto-generated', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('outbox') as batch_op:
        batch_op.drop_column('automatic')
