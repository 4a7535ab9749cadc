"""Links of mails that decide, as digests; the currency of an approval's amount (approvals.md 5, 26)."""

import sqlalchemy as sa
from alembic import op

revision = '70addba76c8b'
down_revision = '1f7a40c2b9d3'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('approval_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('made_at < until_at', name=op.f('ck_approval_link_has_time')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_approval_link_person_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['approval_seat.id'], name=op.f('fk_approval_link_seat_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_approval_link_token_hash'))
    )
    with op.batch_alter_table('approval_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approval_link_seat_id'), ['seat_id'], unique=False)

    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.add_column(sa.Column('currency', sa.String(length=3), server_default='', nullable=False))



def downgrade() -> None:
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.drop_column('currency')

    with op.batch_alter_table('approval_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_approval_link_seat_id'))

    op.drop_table('approval_link')
