"""Which reminders of what falls due were sent (training.md 32).

Revision ID: e4d431fe533f
Revises: 560b086c15ff
"""

import sqlalchemy as sa
from alembic import op

revision = 'e4d431fe533f'
down_revision = '7a90c3f1d2b6'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('training_reminder',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('by_on', sa.Date(), nullable=False),
    sa.Column('stage', sa.String(length=8), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_training_reminder_person_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_training_reminder_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_reminder')),
    sa.UniqueConstraint('person_id', 'topic_id', 'by_on', 'stage', name=op.f('uq_training_reminder_person_id_topic_id_by_on_stage'))
    )


def downgrade() -> None:
    op.drop_table('training_reminder')
