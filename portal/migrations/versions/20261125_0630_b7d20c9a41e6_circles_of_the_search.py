"""Circles of the search: to which queue and which people a request belongs.

Revision ID: b7d20c9a41e6
Revises: 70addba76c8b
"""

from alembic import op

revision = "b7d20c9a41e6"
down_revision = '4c1d9a70be52'
branch_labels = None
depends_on = None

MARKED = "FROM search_entry JOIN request ON request.id = search_entry.subject_id WHERE search_entry.kind = 'request'"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        marks = "'_request _queue' || department_id || ' _person' || requester_id || ' _person' || beneficiary_id"
        op.execute(
            f"UPDATE search_terms SET kind = (SELECT {marks} {MARKED} AND search_entry.id = search_terms.rowid)"
            f" WHERE rowid IN (SELECT search_entry.id {MARKED})"
        )
        return
    marks = "ARRAY['_queue' || department_id, '_person' || requester_id, '_person' || beneficiary_id]"
    op.execute(
        f"UPDATE search_terms SET terms = terms || marked.marks FROM (SELECT search_entry.id, array_to_tsvector({marks}) AS marks"
        f" {MARKED}) AS marked WHERE marked.id = search_terms.rowid"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"UPDATE search_terms SET kind = '_request' WHERE rowid IN (SELECT search_entry.id {MARKED})")
