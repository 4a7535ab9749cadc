"""service levels, clocks, versions of calendars."""

import sqlalchemy as sa
from alembic import op

revision = '5c4e9b4f22a4'
down_revision = 'c4b8e12f60aa'
branch_labels = None
depends_on = None

APPEND_ONLY = ('clock_breach', 'breach_annulment', 'clock_event', 'expected_date', 'calendar_version')
HOUR = 3600

CALENDAR = sa.table('calendar', sa.column('id', sa.Integer), sa.column('exceptions', sa.JSON))
PAUSE_REASON = sa.table('pause_reason', sa.column('key'), sa.column('name', sa.JSON), sa.column('needs_date', sa.Boolean),
                        sa.column('ended_by_requester', sa.Boolean))
LEVEL = sa.table('service_level', sa.column('id'), sa.column('position'), sa.column('public_id'), sa.column('name', sa.JSON),
                 sa.column('conditions', sa.JSON))
TARGET = sa.table('service_target', sa.column('level_id'), sa.column('kind'), sa.column('amount'), sa.column('unit'))
STEP = sa.table('escalation_step', sa.column('level_id'), sa.column('percent'), sa.column('recipients', sa.JSON))

# key, name, needs a date, ended by a message of the requester
REASONS = (
    ('waiting_for_requester', {'es': 'espera respuesta', 'en': 'waiting for an answer'}, False, True),
    ('correction', {'es': 'devuelta para corregir', 'en': 'back for correction'}, False, False),
    ('supplier', {'es': 'espera a un proveedor', 'en': 'waiting for a supplier'}, True, False),
    ('planned', {'es': 'aplazada a una fecha', 'en': 'put off to a date'}, True, False),
)
# address, Spanish, English, priority, fulfilment and its unit
LEVELS = (
    ('level0000001', 'Prioridad 1', 'Priority 1', 'P1', 2 * HOUR, 'seconds'),
    ('level0000002', 'Prioridad 2', 'Priority 2', 'P2', 4 * HOUR, 'seconds'),
    ('level0000003', 'Prioridad 3', 'Priority 3', 'P3', 8 * HOUR, 'seconds'),
    ('level0000004', 'Prioridad 4', 'Priority 4', 'P4', 5, 'working_days'),
    ('level0000005', 'Prioridad 5', 'Priority 5', 'P5', 10, 'working_days'),
    ('level0000006', 'Lo normal', 'Ordinary', None, 5, 'working_days'),
)


def upgrade() -> None:
    op.create_table('pause_reason',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('stops_fulfilment', sa.Boolean(), server_default=sa.text('(true)'), nullable=False),
    sa.Column('needs_date', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.Column('ended_by_requester', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.text('(true)'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pause_reason')),
    sa.UniqueConstraint('key', name=op.f('uq_pause_reason_key'))
    )
    op.create_table('service_level',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('conditions', sa.JSON(), nullable=False),
    sa.Column('calendar_id', sa.Integer(), nullable=True),
    sa.Column('active', sa.Boolean(), server_default=sa.text('(true)'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['calendar_id'], ['calendar.id'], name=op.f('fk_service_level_calendar_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_level')),
    sa.UniqueConstraint('position', name=op.f('uq_service_level_position')),
    sa.UniqueConstraint('public_id', name=op.f('uq_service_level_public_id'))
    )
    op.create_table('calendar_draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('calendar_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('seen_version', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('accepts', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['calendar_id'], ['calendar.id'], name=op.f('fk_calendar_draft_calendar_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_calendar_draft_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_draft')),
    sa.UniqueConstraint('public_id', name=op.f('uq_calendar_draft_public_id'))
    )
    op.create_index('ix_calendar_draft_calendar_id', 'calendar_draft', ['calendar_id'])
    op.create_table('calendar_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('calendar_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_calendar_version_by_id')),
    sa.ForeignKeyConstraint(['calendar_id'], ['calendar.id'], name=op.f('fk_calendar_version_calendar_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_version')),
    sa.UniqueConstraint('calendar_id', 'version', name=op.f('uq_calendar_version_calendar_id_version'))
    )
    op.create_table('clock',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject_kind', sa.String(length=30), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=14), nullable=False),
    sa.Column('part', sa.String(length=40), nullable=False),
    sa.Column('level_id', sa.Integer(), nullable=True),
    sa.Column('level_version', sa.Integer(), nullable=True),
    sa.Column('calendar_id', sa.Integer(), nullable=True),
    sa.Column('calendar_version', sa.Integer(), nullable=True),
    sa.Column('standing', sa.String(length=8), nullable=False),
    sa.Column('due_cache', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('first_response', 'next_response', 'fulfilment', 'approval', 'team')", name=op.f('ck_clock_kind')),
    sa.CheckConstraint("standing IN ('running', 'paused', 'stopped')", name=op.f('ck_clock_standing')),
    sa.ForeignKeyConstraint(['calendar_id'], ['calendar.id'], name=op.f('fk_clock_calendar_id')),
    sa.ForeignKeyConstraint(['level_id'], ['service_level.id'], name=op.f('fk_clock_level_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock')),
    sa.UniqueConstraint('subject_kind', 'subject_id', 'kind', 'part', name=op.f('uq_clock_subject_kind_subject_id_kind_part'))
    )
    op.create_index('ix_clock_due', 'clock', ['due_cache', 'id'], sqlite_where=sa.text("standing = 'running'"), postgresql_where=sa.text("standing = 'running'"))
    op.create_index('ix_clock_level_id', 'clock', ['level_id'])
    op.create_index('ix_clock_open_calendar', 'clock', ['calendar_id', 'id'], sqlite_where=sa.text("standing <> 'stopped'"), postgresql_where=sa.text("standing <> 'stopped'"))
    op.create_index('ix_clock_without_due', 'clock', ['id'], sqlite_where=sa.text("due_cache IS NULL AND standing = 'running'"), postgresql_where=sa.text("due_cache IS NULL AND standing = 'running'"))
    op.create_table('escalation_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('level_id', sa.Integer(), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=True),
    sa.Column('seconds_after', sa.Integer(), nullable=True),
    sa.Column('recipients', sa.JSON(), nullable=False),
    sa.Column('text', sa.JSON(), nullable=True),
    sa.CheckConstraint('(percent IS NULL) <> (seconds_after IS NULL)', name=op.f('ck_escalation_step_one_measure')),
    sa.ForeignKeyConstraint(['level_id'], ['service_level.id'], name=op.f('fk_escalation_step_level_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_escalation_step'))
    )
    op.create_index('ix_escalation_step_level_id', 'escalation_step', ['level_id'])
    op.create_table('expected_date',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject_kind', sa.String(length=30), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('expected_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_expected_date_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expected_date'))
    )
    op.create_index('ix_expected_date_subject', 'expected_date', ['subject_kind', 'subject_id', 'id'])
    op.create_table('holiday_proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('calendar_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('label', sa.JSON(), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('proposed', 'accepted', 'rejected')", name=op.f('ck_holiday_proposal_state')),
    sa.ForeignKeyConstraint(['calendar_id'], ['calendar.id'], name=op.f('fk_holiday_proposal_calendar_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_holiday_proposal_decided_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_holiday_proposal')),
    sa.UniqueConstraint('calendar_id', 'day', name=op.f('uq_holiday_proposal_calendar_id_day'))
    )
    op.create_table('service_target',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('level_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=14), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('unit', sa.String(length=12), nullable=False),
    sa.CheckConstraint("kind IN ('first_response', 'next_response', 'fulfilment', 'approval', 'team')", name=op.f('ck_service_target_kind')),
    sa.CheckConstraint("unit IN ('seconds', 'working_days')", name=op.f('ck_service_target_unit')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_service_target_amount')),
    sa.ForeignKeyConstraint(['level_id'], ['service_level.id'], name=op.f('fk_service_target_level_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_target')),
    sa.UniqueConstraint('level_id', 'kind', name=op.f('uq_service_target_level_id_kind'))
    )
    op.create_table('clock_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('clock_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_clock_event_by_id')),
    sa.ForeignKeyConstraint(['clock_id'], ['clock.id'], name=op.f('fk_clock_event_clock_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_event'))
    )
    op.create_index('ix_clock_event_clock_id', 'clock_event', ['clock_id'])
    op.create_table('clock_interval',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('clock_id', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('start_cause', sa.String(length=30), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end_cause', sa.String(length=30), nullable=True),
    sa.Column('reason_id', sa.Integer(), nullable=True),
    sa.Column('resumes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.CheckConstraint('ended_at IS NULL OR ended_at >= started_at', name=op.f('ck_clock_interval_ends_after_start')),
    sa.ForeignKeyConstraint(['clock_id'], ['clock.id'], name=op.f('fk_clock_interval_clock_id')),
    sa.ForeignKeyConstraint(['reason_id'], ['pause_reason.id'], name=op.f('fk_clock_interval_reason_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_interval'))
    )
    op.create_index('ix_clock_interval_clock', 'clock_interval', ['clock_id', 'started_at'])
    op.create_index('ux_clock_interval_open', 'clock_interval', ['clock_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('clock_target',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('clock_id', sa.Integer(), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('unit', sa.String(length=12), nullable=False),
    sa.Column('level_id', sa.Integer(), nullable=True),
    sa.Column('level_version', sa.Integer(), nullable=True),
    sa.Column('from_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint("unit IN ('seconds', 'working_days')", name=op.f('ck_clock_target_unit')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_clock_target_amount')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_clock_target_by_id')),
    sa.ForeignKeyConstraint(['clock_id'], ['clock.id'], name=op.f('fk_clock_target_clock_id')),
    sa.ForeignKeyConstraint(['level_id'], ['service_level.id'], name=op.f('fk_clock_target_level_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_target'))
    )
    op.create_index('ix_clock_target_clock', 'clock_target', ['clock_id', 'id'])
    op.create_index('ux_clock_target_current', 'clock_target', ['clock_id'], unique=True, sqlite_where=sa.text('until_at IS NULL'), postgresql_where=sa.text('until_at IS NULL'))
    op.create_table('clock_breach',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('clock_id', sa.Integer(), nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['clock_id'], ['clock.id'], name=op.f('fk_clock_breach_clock_id')),
    sa.ForeignKeyConstraint(['target_id'], ['clock_target.id'], name=op.f('fk_clock_breach_target_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_breach')),
    sa.UniqueConstraint('clock_id', 'target_id', name=op.f('uq_clock_breach_clock_id_target_id'))
    )
    op.create_index('ix_clock_breach_target_id', 'clock_breach', ['target_id'])
    op.create_table('escalation_sent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('clock_id', sa.Integer(), nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=False),
    sa.Column('step_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('told', sa.Boolean(), server_default=sa.text('(true)'), nullable=False),
    sa.ForeignKeyConstraint(['clock_id'], ['clock.id'], name=op.f('fk_escalation_sent_clock_id')),
    sa.ForeignKeyConstraint(['step_id'], ['escalation_step.id'], name=op.f('fk_escalation_sent_step_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['target_id'], ['clock_target.id'], name=op.f('fk_escalation_sent_target_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_escalation_sent')),
    sa.UniqueConstraint('clock_id', 'target_id', 'step_id', name=op.f('uq_escalation_sent_clock_id_target_id_step_id'))
    )
    op.create_index('ix_escalation_sent_step_id', 'escalation_sent', ['step_id'])
    op.create_index('ix_escalation_sent_target_id', 'escalation_sent', ['target_id'])
    op.create_table('breach_annulment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('breach_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['breach_id'], ['clock_breach.id'], name=op.f('fk_breach_annulment_breach_id')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_breach_annulment_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_breach_annulment')),
    sa.UniqueConstraint('breach_id', name=op.f('uq_breach_annulment_breach_id'))
    )
    _write_exceptions_as_rows()
    _refuse_changes()
    _fill()


def _write_exceptions_as_rows() -> None:
    """Turn {date: hours} into a list of rows that know ranges, years and labels."""
    for calendar in op.get_bind().execute(sa.select(CALENDAR.c.id, CALENDAR.c.exceptions)).all():
        rows = [
            {'from': day, 'until': day, 'yearly': False, 'hours': hours, 'label': {}}
            for day, hours in dict(calendar.exceptions or {}).items()
        ]
        op.execute(CALENDAR.update().where(CALENDAR.c.id == calendar.id).values(exceptions=rows))


def _refuse_changes() -> None:
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == 'postgresql':
            op.execute(
                f'CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}'
                ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()'
            )
            continue
        for verb in ('UPDATE', 'DELETE'):
            op.execute(
                f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
            )


def _fill() -> None:
    """Add the pause reasons, and the levels that hold until an administrator changes them."""
    op.bulk_insert(PAUSE_REASON, [dict(zip(('key', 'name', 'needs_date', 'ended_by_requester'), row)) for row in REASONS])
    for position, (public_id, spanish, english, priority, amount, unit) in enumerate(LEVELS, 1):
        op.execute(
            LEVEL.insert().values(
                id=position,
                position=position,
                public_id=public_id,
                name={'es': spanish, 'en': english},
                conditions={'priority': [priority]} if priority else {},
            )
        )
        targets = [('fulfilment', amount, unit), ('first_response', 4 * HOUR, 'seconds'),
                   ('next_response', 8 * HOUR, 'seconds'), ('approval', 8 * HOUR, 'seconds')]
        op.bulk_insert(TARGET, [{'level_id': position, 'kind': k, 'amount': a, 'unit': u} for k, a, u in targets])
        steps = [(75, ['assigned']), (100, ['assigned', 'team_lead', 'department_head'])]
        op.bulk_insert(STEP, [{'level_id': position, 'percent': share, 'recipients': who} for share, who in steps])
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("SELECT setval('service_level_id_seq', (SELECT max(id) FROM service_level))")


def downgrade() -> None:
    for table in ('breach_annulment', 'escalation_sent', 'clock_breach', 'clock_target', 'clock_interval', 'clock_event', 'service_target', 'holiday_proposal', 'expected_date', 'escalation_step', 'clock', 'calendar_version', 'calendar_draft', 'service_level', 'pause_reason'):
        op.drop_table(table)
    for calendar in op.get_bind().execute(sa.select(CALENDAR.c.id, CALENDAR.c.exceptions)).all():
        dated = {row['from']: row['hours'] for row in calendar.exceptions if not row['yearly']}
        op.execute(CALENDAR.update().where(CALENDAR.c.id == calendar.id).values(exceptions=dated))
