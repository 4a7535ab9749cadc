"""Which requests were merged into which (requests.md 12)."""

import sqlalchemy as sa
from alembic import op

revision = '9d2e71b4c830'
down_revision = 'af0490ef7fae'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('request_merge',
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('into_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('request_id <> into_id', name=op.f('ck_request_merge_two_requests')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_request_merge_by_id')),
    sa.ForeignKeyConstraint(['into_id'], ['request.id'], name=op.f('fk_request_merge_into_id')),
    sa.ForeignKeyConstraint(['request_id'], ['request.id'], name=op.f('fk_request_merge_request_id')),
    sa.PrimaryKeyConstraint('request_id', name=op.f('pk_request_merge'))
    )
    op.create_index(op.f('ix_request_merge_into_id'), 'request_merge', ['into_id'], unique=False)


def downgrade() -> None:
    op.drop_table('request_merge')
