"""Teams of departments, which of them has a request, and which receives those of a service (service-levels.md 18)."""

import sqlalchemy as sa
from alembic import op

revision = 'c3d91e7a5b46'
down_revision = '40b9b0f1208d'
branch_labels = None
depends_on = None

ACTIVE = sa.text("state IN ('waiting_for_approval', 'open', 'in_progress', 'waiting_for_requester')")
NOW = sa.text('until_at IS NULL')


def upgrade() -> None:
    op.create_table('team',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision', sa.Integer(), server_default='1', nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_team_department_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team')),
    sa.UniqueConstraint('public_id', name=op.f('uq_team_public_id'))
    )
    op.create_index(op.f('ix_team_department_id'), 'team', ['department_id'], unique=False)
    op.create_table('team_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('leads', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('from_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_team_member_person_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_team_member_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team_member'))
    )
    op.create_index('ix_team_member_team', 'team_member', ['team_id', 'until_at'], unique=False)
    op.create_index('uq_team_member_now', 'team_member', ['person_id', 'team_id'], unique=True, sqlite_where=NOW, postgresql_where=NOW)
    # Written by hand: SQLite adds columns with their references without copying the table.
    for table in ('service', 'request'):
        op.execute(f'ALTER TABLE {table} ADD COLUMN team_id INTEGER CONSTRAINT fk_{table}_team_id REFERENCES team (id)')
    op.create_index(op.f('ix_service_team_id'), 'service', ['team_id'], unique=False)
    order = ['department_id', 'team_id', 'queue_rank', 'queue_at', 'id']
    op.create_index('ix_request_team', 'request', order, unique=False, sqlite_where=ACTIVE, postgresql_where=ACTIVE)


def downgrade() -> None:
    op.drop_index('ix_request_team', 'request')
    op.drop_index(op.f('ix_service_team_id'), 'service')
    for table in ('request', 'service'):
        op.drop_column(table, 'team_id')
    op.drop_table('team_member')
    op.drop_table('team')
