"""The opened page that wrote a draft last, which is no other device to itself (forms.md 13)."""

import sqlalchemy as sa
from alembic import op

revision = '4b1f0c2d9e77'
down_revision = '9d2e71b4c830'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('draft', sa.Column('page', sa.String(length=22), server_default='', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('draft') as table:
        table.drop_column('page')
