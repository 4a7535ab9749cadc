"""Topics, sessions with their dates, and enrolments (training.md 1 to 18).

A row that begins to hold a seat above the capacity is refused on SQLite by a trigger as well: a second belt, the first is the
lock of the session.

Revision ID: adc2f98df31e
Revises: 9d2e71b4c830
"""

import sqlalchemy as sa
from alembic import op

revision = 'adc2f98df31e'
down_revision = '4b1f0c2d9e77'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('topic',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('summary', sa.JSON(), nullable=True),
    sa.Column('minimum_share', sa.Integer(), server_default=sa.text('80'), nullable=False),
    sa.Column('validity_months', sa.Integer(), nullable=True),
    sa.Column('retired', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.CheckConstraint('minimum_share BETWEEN 1 AND 100', name=op.f('ck_topic_minimum_share')),
    sa.CheckConstraint('validity_months > 0', name=op.f('ck_topic_validity_months')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_topic')),
    sa.UniqueConstraint('public_id', name=op.f('uq_topic_public_id'))
    )
    op.create_table('training_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('description', sa.JSON(), nullable=True),
    sa.Column('materials', sa.JSON(), nullable=True),
    sa.Column('language', sa.String(length=8), server_default='', nullable=False),
    sa.Column('trainer_id', sa.Integer(), nullable=False),
    sa.Column('taught_by', sa.String(length=120), server_default='', nullable=False),
    sa.Column('place', sa.String(length=120), server_default='', nullable=False),
    sa.Column('place_note', sa.String(length=300), server_default='', nullable=False),
    sa.Column('link', sa.String(length=300), server_default='', nullable=False),
    sa.Column('site', sa.String(length=80), server_default='', nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.Column('mode', sa.String(length=5), nullable=False),
    sa.Column('cancel_hours', sa.Integer(), server_default=sa.text('24'), nullable=False),
    sa.Column('last_minute_told', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('for_everybody', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('approval_route_id', sa.Integer(), nullable=True),
    sa.Column('cost', sa.Integer(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=True),
    sa.Column('first_starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancel_reason', sa.Text(), nullable=True),
    sa.Column('uid', sa.String(length=36), nullable=False),
    sa.Column('sequence', sa.Integer(), server_default='0', nullable=False),
    sa.Column('series', sa.String(length=36), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), server_default='1', nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.CheckConstraint("kind = 'event' OR topic_id IS NOT NULL", name=op.f('ck_training_session_training_has_topic')),
    sa.CheckConstraint("kind IN ('training', 'event')", name=op.f('ck_training_session_kind')),
    sa.CheckConstraint("mode IN ('offer', 'auto')", name=op.f('ck_training_session_mode')),
    sa.CheckConstraint('(cost IS NULL) = (currency IS NULL)', name=op.f('ck_training_session_cost_has_currency')),
    sa.CheckConstraint('cancel_hours >= 2', name=op.f('ck_training_session_cancel_hours')),
    sa.CheckConstraint('capacity >= 0', name=op.f('ck_training_session_capacity')),
    sa.ForeignKeyConstraint(['approval_route_id'], ['route.id'], name=op.f('fk_training_session_approval_route_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_training_session_topic_id')),
    sa.ForeignKeyConstraint(['trainer_id'], ['person.id'], name=op.f('fk_training_session_trainer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_session')),
    sa.UniqueConstraint('public_id', name=op.f('uq_training_session_public_id')),
    sa.UniqueConstraint('uid', name=op.f('uq_training_session_uid'))
    )
    op.create_index('ix_training_session_coming', 'training_session', ['first_starts_at', 'id'])
    op.create_index(op.f('ix_training_session_series'), 'training_session', ['series'])
    op.create_index('ix_training_session_topic', 'training_session', ['topic_id', 'first_starts_at'])
    op.create_index('ix_training_session_trainer', 'training_session', ['trainer_id', 'first_starts_at'])
    op.create_table('enrolment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=17), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('priority', sa.Integer(), server_default='0', nullable=False),
    sa.Column('priority_reason', sa.Text(), nullable=True),
    sa.Column('offered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('offer_expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('skipped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reconfirm_asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reconfirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('override_reason', sa.Text(), nullable=True),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end_reason', sa.Text(), nullable=True),
    sa.Column('needs', sa.Text(), nullable=True),
    sa.Column('uid', sa.String(length=36), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.CheckConstraint("state <> 'offered' OR offer_expires_at IS NOT NULL", name=op.f('ck_enrolment_offer_ends')),
    sa.CheckConstraint("state IN ('requested', 'waiting', 'offered', 'confirmed', 'declined', 'expired', 'cancelled', 'late_cancelled', 'session_cancelled', 'removed', 'refused')", name=op.f('ck_enrolment_state')),
    sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_enrolment_added_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_enrolment_person_id')),
    sa.ForeignKeyConstraint(['session_id'], ['training_session.id'], name=op.f('fk_enrolment_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolment')),
    sa.UniqueConstraint('public_id', name=op.f('uq_enrolment_public_id')),
    sa.UniqueConstraint('uid', name=op.f('uq_enrolment_uid'))
    )
    op.create_index('enrolment_one_live', 'enrolment', ['session_id', 'person_id'], unique=True, sqlite_where=sa.text("state IN ('requested', 'waiting', 'offered', 'confirmed')"), postgresql_where=sa.text("state IN ('requested', 'waiting', 'offered', 'confirmed')"))
    op.create_index('ix_enrolment_person', 'enrolment', ['person_id', 'state'])
    op.create_index('ix_enrolment_session', 'enrolment', ['session_id', 'state'])
    op.create_table('session_audience',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=True),
    sa.Column('site', sa.String(length=80), nullable=True),
    sa.CheckConstraint("kind IN ('partners', 'department', 'site')", name=op.f('ck_session_audience_kind')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_session_audience_department_id')),
    sa.ForeignKeyConstraint(['session_id'], ['training_session.id'], name=op.f('fk_session_audience_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_audience')),
    sa.UniqueConstraint('session_id', 'kind', 'department_id', 'site', name=op.f('uq_session_audience_session_id_kind_department_id_site'))
    )
    op.create_table('session_date',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('local_start', sa.DateTime(), nullable=False),
    sa.Column('local_end', sa.DateTime(), nullable=False),
    sa.Column('tz', sa.String(length=60), nullable=False),
    sa.Column('start_fold', sa.Integer(), server_default='0', nullable=False),
    sa.Column('end_fold', sa.Integer(), server_default='0', nullable=False),
    sa.Column('flag', sa.String(length=12), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('space', sa.String(length=120), server_default='', nullable=False),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancel_reason', sa.Text(), nullable=True),
    sa.Column('uid', sa.String(length=36), nullable=False),
    sa.Column('sequence', sa.Integer(), server_default='0', nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_session_date_ends_after_start')),
    sa.ForeignKeyConstraint(['session_id'], ['training_session.id'], name=op.f('fk_session_date_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_date')),
    sa.UniqueConstraint('public_id', name=op.f('uq_session_date_public_id')),
    sa.UniqueConstraint('uid', name=op.f('uq_session_date_uid'))
    )
    op.create_index('ix_session_date_session', 'session_date', ['session_id', 'starts_at'])
    op.create_index('ix_session_date_starts', 'session_date', ['starts_at'])
    op.create_table('enrolment_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('event', sa.String(length=30), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_enrolment_event_by_id')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_enrolment_event_enrolment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolment_event'))
    )
    op.create_index('ix_enrolment_event_enrolment', 'enrolment_event', ['enrolment_id'])
    op.create_table('priority_credit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_priority_credit_person_id')),
    sa.ForeignKeyConstraint(['session_id'], ['training_session.id'], name=op.f('fk_priority_credit_session_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_priority_credit_topic_id')),
    sa.ForeignKeyConstraint(['used_by_id'], ['enrolment.id'], name=op.f('fk_priority_credit_used_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_priority_credit'))
    )
    op.create_index('ix_priority_credit_open', 'priority_credit', ['person_id', 'topic_id'], sqlite_where=sa.text('used_by_id IS NULL'), postgresql_where=sa.text('used_by_id IS NULL'))

    _refuse_changes('enrolment_event')
    if op.get_bind().dialect.name == 'sqlite':
        _refuse_seats_above()


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


def _refuse_seats_above() -> None:
    above = """
        NEW.state IN ('confirmed', 'offered') AND NEW.override_reason IS NULL AND (
            SELECT count(*) FROM enrolment AS other
            WHERE other.session_id = NEW.session_id AND other.id IS NOT NEW.id AND other.state IN ('confirmed', 'offered')
        ) >= (SELECT capacity FROM training_session WHERE id = NEW.session_id)
    """
    begins = {'INSERT': '', 'UPDATE': "OLD.state NOT IN ('confirmed', 'offered') AND "}
    for verb, before in begins.items():
        op.execute(
            f"CREATE TRIGGER enrolment_seats_{verb.lower()} BEFORE {verb} ON enrolment WHEN {before}{above}"
            " BEGIN SELECT RAISE(ABORT, 'no seat is free'); END"
        )


def downgrade() -> None:
    op.drop_index('ix_priority_credit_open', table_name='priority_credit')
    op.drop_table('priority_credit')
    op.drop_index('ix_enrolment_event_enrolment', table_name='enrolment_event')
    op.drop_table('enrolment_event')
    op.drop_index('ix_session_date_starts', table_name='session_date')
    op.drop_index('ix_session_date_session', table_name='session_date')
    op.drop_table('session_date')
    op.drop_table('session_audience')
    op.drop_index('ix_enrolment_session', table_name='enrolment')
    op.drop_index('ix_enrolment_person', table_name='enrolment')
    op.drop_index('enrolment_one_live', table_name='enrolment')
    op.drop_table('enrolment')
    op.drop_index('ix_training_session_trainer', table_name='training_session')
    op.drop_index('ix_training_session_topic', table_name='training_session')
    op.drop_index(op.f('ix_training_session_series'), table_name='training_session')
    op.drop_index('ix_training_session_coming', table_name='training_session')
    op.drop_table('training_session')
    op.drop_table('topic')
