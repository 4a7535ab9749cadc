"""What customers were told of an item, and the components it depends on (TR-11, TR-26).

Revision ID: 19afde11daba
Revises: 4b6886b759a0
"""

import sqlalchemy as sa
from alembic import op

revision = '19afde11daba'
down_revision = '560b086c15ff'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('tracked_item_component',
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('component_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['component_id'], ['component.id'], name=op.f('fk_tracked_item_component_component_id')),
    sa.ForeignKeyConstraint(['item_id'], ['tracked_item.id'], name=op.f('fk_tracked_item_component_item_id')),
    sa.PrimaryKeyConstraint('item_id', 'component_id', name=op.f('pk_tracked_item_component'))
    )
    op.add_column('tracked_item', sa.Column('told', sa.String(length=120), server_default='', nullable=False))
    op.add_column('tracked_item', sa.Column('told_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('tracked_item', sa.Column('tell_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for column in ('tell_at', 'told_at', 'told'):
        op.drop_column('tracked_item', column)
    op.drop_table('tracked_item_component')
