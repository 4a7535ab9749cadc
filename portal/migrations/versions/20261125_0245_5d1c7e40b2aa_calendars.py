"""calendars of departments."""

import sqlalchemy as sa
from alembic import op

revision = '5d1c7e40b2aa'
down_revision = 'bc69ac0aeb90'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'calendar',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('zone', sa.String(length=60), nullable=False),
        sa.Column('hours', sa.JSON(), nullable=False),
        sa.Column('exceptions', sa.JSON(), nullable=False),
        sa.Column('version', sa.Integer(), server_default='1', nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('public_id', sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar')),
        sa.UniqueConstraint('name', name=op.f('uq_calendar_name')),
        sa.UniqueConstraint('public_id', name=op.f('uq_calendar_public_id')),
    )
    op.create_table(
        'department_calendar',
        sa.Column('department_id', sa.Integer(), nullable=False),
        sa.Column('calendar_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_department_calendar_department_id')),
        sa.ForeignKeyConstraint(['calendar_id'], ['calendar.id'], name=op.f('fk_department_calendar_calendar_id')),
        sa.PrimaryKeyConstraint('department_id', name=op.f('pk_department_calendar')),
    )
    op.create_index(op.f('ix_department_calendar_calendar_id'), 'department_calendar', ['calendar_id'])


def downgrade() -> None:
    op.drop_table('department_calendar')
    op.drop_table('calendar')
