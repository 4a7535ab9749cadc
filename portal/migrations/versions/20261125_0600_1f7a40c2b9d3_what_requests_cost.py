"""what requests cost."""

import sqlalchemy as sa
from alembic import op

revision = '1f7a40c2b9d3'
down_revision = '6da8594f424e'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('request', sa.Column('amount', sa.BigInteger(), nullable=True))
    # Written by hand: SQLite adds a column with its check without copying the table.
    op.execute(
        'ALTER TABLE request ADD COLUMN currency VARCHAR(3) '
        'CONSTRAINT ck_request_amount_in_a_currency CHECK ((amount IS NULL) = (currency IS NULL))'
    )
    op.add_column('request_answers', sa.Column('cost', sa.JSON(), nullable=True))
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('approval', 'amount', type_=sa.BigInteger())


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('approval', 'amount', type_=sa.Integer())
    op.drop_column('request_answers', 'cost')
    op.drop_column('request', 'currency')
    op.drop_column('request', 'amount')
