"""priority of requests."""

from alembic import op

revision = '8b1e5d3f7a24'
down_revision = 'e5b0a91c77d2'
branch_labels = None
depends_on = None

# Written by hand: SQLite adds columns with their checks and references without copying the table.
COLUMNS = {
    'impact': "VARCHAR(6) DEFAULT 'person' NOT NULL CONSTRAINT ck_request_impact CHECK (impact IN ('person', 'group', 'wide'))",
    'urgency': "VARCHAR(6) DEFAULT 'normal' NOT NULL CONSTRAINT ck_request_urgency CHECK (urgency IN ('low', 'normal', 'high'))",
    'external_by_id': 'INTEGER CONSTRAINT fk_request_external_by_id REFERENCES person (id)',
    'external_at': '{instant} CONSTRAINT ck_request_external CHECK ((external_at IS NULL) = (external_by_id IS NULL))',
    'priority_set': "VARCHAR(2) CONSTRAINT ck_request_priority_set CHECK (priority_set IN ('P1', 'P2', 'P3', 'P4', 'P5'))",
}


def upgrade() -> None:
    instant = 'TIMESTAMP WITH TIME ZONE' if op.get_bind().dialect.name == 'postgresql' else 'DATETIME'
    for name, definition in COLUMNS.items():
        op.execute(f'ALTER TABLE request ADD COLUMN {name} {definition.format(instant=instant)}')


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column('request', name)
