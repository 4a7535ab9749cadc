"""Service standards, their versions, and who has acknowledged them (knowledge-and-home.md 9).

Revision ID: 9d4f6e20b1a8
Revises: e5b0a91c77d2
"""

import sqlalchemy as sa
from alembic import op

revision = '9d4f6e20b1a8'
down_revision = '5e0b8c7d91f4'
branch_labels = None
depends_on = None

APPEND_ONLY = ('standard_version', 'standard_acknowledgement')


def upgrade() -> None:
    op.create_table('service_standard',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_service_standard_department_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_standard')),
    sa.UniqueConstraint('public_id', name=op.f('uq_service_standard_public_id'))
    )
    op.create_index(op.f('ix_service_standard_department_id'), 'service_standard', ['department_id'])
    op.create_table('standard_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('standard_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('sentence', sa.JSON(), nullable=False),
    sa.Column('service_id', sa.Integer(), nullable=True),
    sa.Column('clock', sa.String(length=14), nullable=False),
    sa.Column('level_id', sa.Integer(), nullable=True),
    sa.Column('amount', sa.Integer(), nullable=True),
    sa.Column('unit', sa.String(length=12), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("clock IN ('fulfilment', 'first_response')", name=op.f('ck_standard_version_clock')),
    sa.CheckConstraint('(amount IS NULL) = (unit IS NULL)', name=op.f('ck_standard_version_amount_has_unit')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_standard_version_by_id')),
    sa.ForeignKeyConstraint(['level_id'], ['service_level.id'], name=op.f('fk_standard_version_level_id')),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_standard_version_service_id')),
    sa.ForeignKeyConstraint(['standard_id'], ['service_standard.id'], name=op.f('fk_standard_version_standard_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standard_version')),
    sa.UniqueConstraint('standard_id', 'number', name=op.f('uq_standard_version_standard_id_number'))
    )
    op.create_table('standard_acknowledgement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_standard_acknowledgement_person_id')),
    sa.ForeignKeyConstraint(['version_id'], ['standard_version.id'], name=op.f('fk_standard_acknowledgement_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standard_acknowledgement')),
    sa.UniqueConstraint('version_id', 'person_id', name=op.f('uq_standard_acknowledgement_version_id_person_id'))
    )
    op.create_index('ix_standard_acknowledgement_person', 'standard_acknowledgement', ['person_id'])
    for table in APPEND_ONLY:
        _refuse_changes(table)


def _refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(
            f'CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}'
            ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()'
        )
        return
    for verb in ('UPDATE', 'DELETE'):
        op.execute(
            f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
        )


def downgrade() -> None:
    op.drop_table('standard_acknowledgement')
    op.drop_table('standard_version')
    op.drop_index(op.f('ix_service_standard_department_id'), table_name='service_standard')
    op.drop_table('service_standard')
