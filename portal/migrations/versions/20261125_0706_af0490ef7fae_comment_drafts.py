"""What people had written under a request when their session ended (reliability.md RE-29)."""

import sqlalchemy as sa
from alembic import op

revision = 'af0490ef7fae'
down_revision = '9d4f6e20b1a8'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('comment_draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('subject_kind', sa.String(length=30), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('internal', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('files', sa.Text(), server_default='', nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_comment_draft_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_draft')),
    sa.UniqueConstraint('person_id', 'subject_kind', 'subject_id', name=op.f('uq_comment_draft_person_id_subject_kind_subject_id'))
    )


def downgrade() -> None:
    op.drop_table('comment_draft')
