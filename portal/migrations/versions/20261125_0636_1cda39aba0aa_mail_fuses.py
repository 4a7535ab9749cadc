"""Fuses: mail to one person that is held because there was too much of it (conversation-and-mail.md 29, 30)."""

import sqlalchemy as sa
from alembic import op

revision = '1cda39aba0aa'
down_revision = 'c7c8463ad8d9'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('mail_fuse',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('recipient_id', sa.Integer(), nullable=False),
    sa.Column('subject_kind', sa.String(length=30), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('blown_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resumed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['recipient_id'], ['person.id'], name=op.f('fk_mail_fuse_recipient_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_fuse')),
    sa.UniqueConstraint('public_id', name=op.f('uq_mail_fuse_public_id')),
    sa.UniqueConstraint('recipient_id', 'subject_kind', 'subject_id', 'day', name=op.f('uq_mail_fuse_recipient_id_subject_kind_subject_id_day'))
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.add_column(sa.Column('fuse_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_outbox_fuse_id'), ['fuse_id'], unique=False)
        batch_op.create_index('ix_outbox_sent', ['recipient_id', 'done_at'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_outbox_fuse_id'), 'mail_fuse', ['fuse_id'], ['id'])



def downgrade() -> None:
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_outbox_fuse_id'), type_='foreignkey')
        batch_op.drop_index('ix_outbox_sent')
        batch_op.drop_index(batch_op.f('ix_outbox_fuse_id'))
        batch_op.drop_column('fuse_id')

    op.drop_table('mail_fuse')
