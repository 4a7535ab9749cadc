"""Components, incidents, maintenance and the public revision (status-page.md)."""

import secrets
import string
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = 'b3983510dbb3'
down_revision = '0879fb369ead'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('component_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('visibility', sa.String(length=8), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), server_default='1', nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_component_group')),
    sa.UniqueConstraint('public_id', name=op.f('uq_component_group_public_id'))
    )
    op.create_table('incident_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=13), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident_template')),
    sa.UniqueConstraint('public_id', name=op.f('uq_incident_template_public_id'))
    )
    op.create_table('public_revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('page_id', sa.String(length=12), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_public_revision'))
    )
    op.create_table('status_transition',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=18), nullable=False),
    sa.Column('object_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=18), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('passed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_status_transition')),
    sa.UniqueConstraint('kind', 'object_id', 'what', name=op.f('uq_status_transition_kind_object_id_what'))
    )
    with op.batch_alter_table('status_transition', schema=None) as batch_op:
        batch_op.create_index('ix_status_transition_ahead', ['at', 'id'], unique=False, sqlite_where=sa.text('passed_at IS NULL'), postgresql_where=sa.text('passed_at IS NULL'))
        batch_op.create_index('ix_status_transition_at', ['at'], unique=False)

    op.create_table('component',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('description', sa.JSON(), nullable=True),
    sa.Column('visibility', sa.String(length=8), nullable=False),
    sa.Column('observation', sa.String(length=9), nullable=False),
    sa.Column('showcase', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('only_show_if_degraded', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('start_date', sa.Date(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('patience_seconds', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision', sa.Integer(), server_default='1', nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.CheckConstraint("observation IN ('manual', 'monitored')", name=op.f('ck_component_observation')),
    sa.CheckConstraint("visibility IN ('public', 'internal')", name=op.f('ck_component_visibility')),
    sa.ForeignKeyConstraint(['group_id'], ['component_group.id'], name=op.f('fk_component_group_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_component')),
    sa.UniqueConstraint('public_id', name=op.f('uq_component_public_id'))
    )
    with op.batch_alter_table('component', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_component_group_id'), ['group_id'], unique=False)

    op.create_table('component_baseline',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('component_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_component_baseline_by_id')),
    sa.ForeignKeyConstraint(['component_id'], ['component.id'], name=op.f('fk_component_baseline_component_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_component_baseline'))
    )
    with op.batch_alter_table('component_baseline', schema=None) as batch_op:
        batch_op.create_index('ix_component_baseline_component_since', ['component_id', 'since'], unique=False)

    op.create_table('component_day',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('component_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('hundredths', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['component_id'], ['component.id'], name=op.f('fk_component_day_component_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_component_day')),
    sa.UniqueConstraint('component_id', 'day', name=op.f('uq_component_day_component_id_day'))
    )
    op.create_table('incident',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('internal', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('declared_impact', sa.String(length=11), nullable=True),
    sa.Column('for_the_record', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision', sa.Integer(), server_default='1', nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_incident_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident')),
    sa.UniqueConstraint('public_id', name=op.f('uq_incident_public_id'))
    )
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.create_index('ix_incident_ended', ['ended_at', 'id'], unique=False)
        batch_op.create_index('ix_incident_published', ['published_at', 'id'], unique=False)

    op.create_table('maintenance',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('wall_start', sa.String(length=16), nullable=False),
    sa.Column('wall_end', sa.String(length=16), nullable=False),
    sa.Column('flagged', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('scheduled_for', sa.DateTime(timezone=True), nullable=False),
    sa.Column('scheduled_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('auto_complete', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verifying_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sequence', sa.Integer(), server_default='0', nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), server_default='1', nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.CheckConstraint('scheduled_for < scheduled_until', name=op.f('ck_maintenance_order')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_maintenance_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_maintenance')),
    sa.UniqueConstraint('public_id', name=op.f('uq_maintenance_public_id'))
    )
    with op.batch_alter_table('maintenance', schema=None) as batch_op:
        batch_op.create_index('ix_maintenance_until', ['scheduled_until', 'id'], unique=False)

    op.create_table('status_update_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=11), nullable=False),
    sa.Column('update_id', sa.Integer(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_status_update_version_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_status_update_version'))
    )
    with op.batch_alter_table('status_update_version', schema=None) as batch_op:
        batch_op.create_index('ix_status_update_version_update', ['kind', 'update_id'], unique=False)

    op.create_table('incident_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('incident_id', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_incident_note_by_id')),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_incident_note_incident_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident_note'))
    )
    with op.batch_alter_table('incident_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incident_note_incident_id'), ['incident_id'], unique=False)

    op.create_table('incident_update',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('incident_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=13), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reopens', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('retracts', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('notify', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_incident_update_by_id')),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_incident_update_incident_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident_update')),
    sa.UniqueConstraint('public_id', name=op.f('uq_incident_update_public_id'))
    )
    with op.batch_alter_table('incident_update', schema=None) as batch_op:
        batch_op.create_index('ix_incident_update_incident', ['incident_id', 'published_at'], unique=False)

    op.create_table('maintenance_component',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('maintenance_id', sa.Integer(), nullable=False),
    sa.Column('component_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['component_id'], ['component.id'], name=op.f('fk_maintenance_component_component_id')),
    sa.ForeignKeyConstraint(['maintenance_id'], ['maintenance.id'], name=op.f('fk_maintenance_component_maintenance_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_maintenance_component')),
    sa.UniqueConstraint('maintenance_id', 'component_id', name=op.f('uq_maintenance_component_maintenance_id_component_id'))
    )
    with op.batch_alter_table('maintenance_component', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_maintenance_component_component_id'), ['component_id'], unique=False)

    op.create_table('maintenance_update',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('maintenance_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=11), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('notify', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_maintenance_update_by_id')),
    sa.ForeignKeyConstraint(['maintenance_id'], ['maintenance.id'], name=op.f('fk_maintenance_update_maintenance_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_maintenance_update')),
    sa.UniqueConstraint('public_id', name=op.f('uq_maintenance_update_public_id'))
    )
    with op.batch_alter_table('maintenance_update', schema=None) as batch_op:
        batch_op.create_index('ix_maintenance_update_maintenance', ['maintenance_id', 'published_at'], unique=False)

    op.create_table('maintenance_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('maintenance_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('scheduled_for', sa.DateTime(timezone=True), nullable=False),
    sa.Column('scheduled_until', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['maintenance_id'], ['maintenance.id'], name=op.f('fk_maintenance_version_maintenance_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_maintenance_version')),
    sa.UniqueConstraint('maintenance_id', 'number', name=op.f('uq_maintenance_version_maintenance_id_number'))
    )
    op.create_table('incident_impact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('incident_id', sa.Integer(), nullable=False),
    sa.Column('update_id', sa.Integer(), nullable=False),
    sa.Column('component_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['component_id'], ['component.id'], name=op.f('fk_incident_impact_component_id')),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_incident_impact_incident_id')),
    sa.ForeignKeyConstraint(['update_id'], ['incident_update.id'], name=op.f('fk_incident_impact_update_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident_impact')),
    sa.UniqueConstraint('update_id', 'component_id', name=op.f('uq_incident_impact_update_id_component_id'))
    )
    with op.batch_alter_table('incident_impact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incident_impact_component_id'), ['component_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_incident_impact_incident_id'), ['incident_id'], unique=False)

    op.create_table('incident_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('incident_id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_incident_request_by_id')),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_incident_request_incident_id')),
    sa.ForeignKeyConstraint(['request_id'], ['request.id'], name=op.f('fk_incident_request_request_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident_request')),
    sa.UniqueConstraint('incident_id', 'request_id', name=op.f('uq_incident_request_incident_id_request_id'))
    )
    with op.batch_alter_table('incident_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incident_request_request_id'), ['request_id'], unique=False)

    page = ''.join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(12))
    revision_row = sa.table('public_revision', sa.column('id', sa.Integer), sa.column('number', sa.Integer), sa.column('changed_at', sa.DateTime(timezone=True)), sa.column('page_id', sa.String))
    op.bulk_insert(revision_row, [{'id': 1, 'number': 1, 'changed_at': datetime(2026, 1, 1, tzinfo=UTC), 'page_id': page}])


def downgrade() -> None:
    op.drop_table('incident_request')
    op.drop_table('incident_impact')
    op.drop_table('maintenance_version')
    op.drop_table('maintenance_update')
    op.drop_table('maintenance_component')
    op.drop_table('incident_update')
    op.drop_table('incident_note')
    op.drop_table('status_update_version')
    op.drop_table('maintenance')
    op.drop_table('incident')
    op.drop_table('component_day')
    op.drop_table('component_baseline')
    op.drop_table('component')
    op.drop_table('status_transition')
    op.drop_table('public_revision')
    op.drop_table('incident_template')
    op.drop_table('component_group')
