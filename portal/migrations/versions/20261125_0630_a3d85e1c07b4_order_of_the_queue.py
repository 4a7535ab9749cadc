"""The queue in the order of its promises: running ones by due, then those without a date, paused last (service-levels.md 34)."""

import sqlalchemy as sa
from alembic import op

revision = 'a3d85e1c07b4'
down_revision = 'b7d20c9a41e6'
branch_labels = None
depends_on = None

ACTIVE = "state IN ('waiting_for_approval', 'open', 'in_progress', 'waiting_for_requester')"
# name: columns before the order, and the condition of a partial index
INDEXES = {
    'ix_request_queue': (['department_id'], ACTIVE),
    'ix_request_unassigned': (['department_id'], "state = 'open'"),
    'ix_request_department': (['department_id', 'state'], None),
    'ix_request_assignee': (['assignee_id', 'state'], None),
}
PROMISED = "FROM clock WHERE clock.subject_kind = 'request' AND clock.kind = 'fulfilment'"
BROKEN = """(
    SELECT min(clock_breach.at) FROM clock_breach WHERE clock_breach.clock_id = clock.id AND clock_breach.at < clock.due_cache
    AND NOT EXISTS (SELECT 1 FROM breach_annulment WHERE breach_annulment.breach_id = clock_breach.id)
)"""


BACKFILL = (
    'UPDATE request SET queue_at = created_at',
    f"UPDATE request SET queue_rank = 2 WHERE id IN (SELECT clock.subject_id {PROMISED} AND clock.standing = 'paused')",
    f"UPDATE request SET queue_rank = 0, queue_at = (SELECT coalesce({BROKEN}, clock.due_cache) {PROMISED}"
    f" AND clock.subject_id = request.id) WHERE id IN"
    f" (SELECT clock.subject_id {PROMISED} AND clock.standing = 'running' AND clock.due_cache IS NOT NULL)",
)


def upgrade() -> None:
    _drop_indexes()
    op.add_column('request', sa.Column('queue_rank', sa.SmallInteger(), server_default='1', nullable=False))
    for statement in BACKFILL:
        op.execute(statement)
    _make_indexes('queue_rank', 'queue_at', 'id')


def downgrade() -> None:
    _drop_indexes()
    op.execute('UPDATE request SET queue_at = created_at')
    op.drop_column('request', 'queue_rank')
    _make_indexes('queue_at', 'id')


def _drop_indexes() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name='request')


def _make_indexes(*order: str) -> None:
    for name, (columns, where) in INDEXES.items():
        condition = sa.text(where) if where else None
        op.create_index(name, 'request', [*columns, *order], sqlite_where=condition, postgresql_where=condition)
