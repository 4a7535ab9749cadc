"""Saved views of queues (requests.md 15)."""

import sqlalchemy as sa
from alembic import op

revision = 'c7c8463ad8d9'
down_revision = 'e2b64f19c7d0'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('saved_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('name_folded', sa.String(length=60), nullable=False),
    sa.Column('query', sa.String(length=500), nullable=False),
    sa.Column('shared', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_saved_view_department_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_saved_view_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
    sa.UniqueConstraint('owner_id', 'department_id', 'name_folded', name=op.f('uq_saved_view_owner_id_department_id_name_folded')),
    sa.UniqueConstraint('public_id', name=op.f('uq_saved_view_public_id'))
    )
    op.create_index('uq_saved_view_shared', 'saved_view', ['department_id', 'name_folded'], unique=True, sqlite_where=sa.text('shared'), postgresql_where=sa.text('shared'))

    op.create_table('saved_view_default',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('view_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_saved_view_default_department_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_saved_view_default_person_id')),
    sa.ForeignKeyConstraint(['view_id'], ['saved_view.id'], name=op.f('fk_saved_view_default_view_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'department_id', name=op.f('pk_saved_view_default'))
    )
    op.create_index(op.f('ix_saved_view_default_view_id'), 'saved_view_default', ['view_id'], unique=False)



def downgrade() -> None:
    op.drop_table('saved_view_default')
    op.drop_table('saved_view')
