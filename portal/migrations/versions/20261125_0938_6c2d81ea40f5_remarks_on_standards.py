"""What the owner of a standard says to the result of a month (knowledge-and-home.md 9)."""

import sqlalchemy as sa
from alembic import op

revision = '6c2d81ea40f5'
down_revision = 'b3983510dbb3'
branch_labels = None
depends_on = None

TABLE = 'standard_remark'


def upgrade() -> None:
    op.create_table(TABLE,
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_standard_remark_by_id')),
    sa.ForeignKeyConstraint(['version_id'], ['standard_version.id'], name=op.f('fk_standard_remark_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standard_remark')),
    sa.UniqueConstraint('version_id', 'month', 'number', name=op.f('uq_standard_remark_version_id_month_number'))
    )
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(
            f'CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE}'
            ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()'
        )
        return
    for verb in ('UPDATE', 'DELETE'):
        op.execute(
            f"CREATE TRIGGER {TABLE}_{verb.lower()} BEFORE {verb} ON {TABLE}"
            f" BEGIN SELECT RAISE(ABORT, '{TABLE} is only ever added to'); END"
        )


def downgrade() -> None:
    op.drop_table(TABLE)
