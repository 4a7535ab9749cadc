"""Imports of tracked items, and what came of their rows (TR-30, TR-31).

Revision ID: 4b6886b759a0
Revises: 6c2d81ea40f5
"""

import sqlalchemy as sa
from alembic import op

revision = '4b6886b759a0'
down_revision = '6c2d81ea40f5'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('tracking_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_tracking_import_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_tracking_import_department_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tracking_import')),
    sa.UniqueConstraint('public_id', name=op.f('uq_tracking_import_public_id'))
    )
    op.create_table('tracking_import_row',
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('cells', sa.JSON(), nullable=False),
    sa.Column('verdict', sa.String(length=9), nullable=False),
    sa.Column('column', sa.String(length=30), server_default='', nullable=False),
    sa.Column('reason', sa.String(length=30), server_default='', nullable=False),
    sa.Column('done', sa.String(length=9), nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['tracking_import.id'], name=op.f('fk_tracking_import_row_import_id')),
    sa.PrimaryKeyConstraint('import_id', 'number', name=op.f('pk_tracking_import_row'))
    )


def downgrade() -> None:
    op.drop_table('tracking_import_row')
    op.drop_table('tracking_import')
