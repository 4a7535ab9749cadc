"""Amount bands of stages (approvals.md 5)."""

import sqlalchemy as sa
from alembic import op

revision = '4c1d9a70be52'
down_revision = '70addba76c8b'
branch_labels = None
depends_on = None

MINOR_UNITS = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("route_stage", "approval_stage")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column('above', MINOR_UNITS, nullable=True))
        op.add_column(table, sa.Column('up_to', MINOR_UNITS, nullable=True))
    op.add_column('approval_stage', sa.Column('currency', sa.String(length=3), server_default='', nullable=False))
    # Written by hand: SQLite adds a column with its checks without copying the table.
    op.execute(
        "ALTER TABLE route_stage ADD COLUMN currency VARCHAR(3) DEFAULT '' NOT NULL "
        "CONSTRAINT ck_route_stage_band_in_a_currency CHECK ((above IS NULL AND up_to IS NULL) = (currency = '')) "
        "CONSTRAINT ck_route_stage_band_has_amounts CHECK (above < up_to)"
    )


def downgrade() -> None:
    for table in TABLES:
        for column in ('currency', 'up_to', 'above'):
            op.drop_column(table, column)
