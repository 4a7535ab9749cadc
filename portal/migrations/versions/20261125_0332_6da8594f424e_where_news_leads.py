"""where news leads."""

import sqlalchemy as sa
from alembic import op

revision = '6da8594f424e'
down_revision = '5c4e9b4f22a4'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('notification') as batch_op:
        batch_op.add_column(sa.Column('path', sa.String(length=200), nullable=True))

    with op.batch_alter_table('outbox') as batch_op:
        batch_op.add_column(sa.Column('path', sa.String(length=200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('outbox') as batch_op:
        batch_op.drop_column('path')

    with op.batch_alter_table('notification') as batch_op:
        batch_op.drop_column('path')
