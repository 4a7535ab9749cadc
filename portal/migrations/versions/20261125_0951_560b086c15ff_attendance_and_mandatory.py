"""Attendance, feedback, certificates, requirements, records, exemptions and demand (training.md 19 to 33).

Revision ID: 560b086c15ff
Revises: 6c2d81ea40f5
"""

import sqlalchemy as sa
from alembic import op

revision = '560b086c15ff'
down_revision = '4b6886b759a0'
branch_labels = None
depends_on = None

APPEND_ONLY = ('attendance', 'training_record', 'training_record_validity')


def upgrade() -> None:
    op.create_table('requirement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=30), nullable=True),
    sa.Column('department_id', sa.Integer(), nullable=True),
    sa.Column('site', sa.String(length=80), nullable=True),
    sa.Column('validity_months', sa.Integer(), nullable=True),
    sa.Column('window_days', sa.Integer(), server_default=sa.text('60'), nullable=False),
    sa.Column('grace_days', sa.Integer(), server_default=sa.text('30'), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.CheckConstraint('(CASE WHEN role IS NULL THEN 0 ELSE 1 END) + (CASE WHEN department_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN site IS NULL THEN 0 ELSE 1 END) = 1', name=op.f('ck_requirement_for_one_group')),
    sa.CheckConstraint('validity_months > 0 AND window_days >= 0 AND grace_days >= 0', name=op.f('ck_requirement_spans')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_requirement_by_id')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_requirement_department_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_requirement_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_requirement')),
    sa.UniqueConstraint('public_id', name=op.f('uq_requirement_public_id'))
    )
    op.create_index('ix_requirement_topic', 'requirement', ['topic_id'])
    op.create_table('training_exemption',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.CheckConstraint('from_on <= until_on', name=op.f('ck_training_exemption_from_before_until')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_training_exemption_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_training_exemption_person_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_training_exemption_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_exemption')),
    sa.UniqueConstraint('public_id', name=op.f('uq_training_exemption_public_id'))
    )
    op.create_index('ix_training_exemption_person', 'training_exemption', ['person_id', 'topic_id'])
    op.create_table('attendance',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('date_id', sa.Integer(), nullable=False),
    sa.Column('mark', sa.String(length=7), nullable=False),
    sa.Column('how', sa.String(length=7), nullable=False),
    sa.Column('made_up_date_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(how = 'made_up') = (made_up_date_id IS NOT NULL)", name=op.f('ck_attendance_made_up_somewhere')),
    sa.CheckConstraint("how IN ('list', 'code', 'made_up')", name=op.f('ck_attendance_how')),
    sa.CheckConstraint("mark IN ('present', 'absent', 'excused')", name=op.f('ck_attendance_mark')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_attendance_by_id')),
    sa.ForeignKeyConstraint(['date_id'], ['session_date.id'], name=op.f('fk_attendance_date_id')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_attendance_enrolment_id')),
    sa.ForeignKeyConstraint(['made_up_date_id'], ['session_date.id'], name=op.f('fk_attendance_made_up_date_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance'))
    )
    op.create_index('ix_attendance_enrolment', 'attendance', ['enrolment_id', 'date_id', 'id'])
    op.create_table('certificate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=17), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('person_name', sa.String(length=120), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('completed_on', sa.Date(), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('taught_by', sa.String(length=120), nullable=False),
    sa.Column('signed_by', sa.String(length=120), nullable=False),
    sa.Column('signed_for', sa.JSON(), nullable=False),
    sa.Column('company', sa.String(length=120), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('issued_by_id', sa.Integer(), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by_id', sa.Integer(), nullable=True),
    sa.Column('revoke_reason', sa.Text(), nullable=True),
    sa.Column('replaced_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(revoked_at IS NULL) = (revoked_by_id IS NULL)', name=op.f('ck_certificate_revoked_by_somebody')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_certificate_enrolment_id')),
    sa.ForeignKeyConstraint(['issued_by_id'], ['person.id'], name=op.f('fk_certificate_issued_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_certificate_person_id')),
    sa.ForeignKeyConstraint(['replaced_by_id'], ['certificate.id'], name=op.f('fk_certificate_replaced_by_id')),
    sa.ForeignKeyConstraint(['revoked_by_id'], ['person.id'], name=op.f('fk_certificate_revoked_by_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_certificate_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate')),
    sa.UniqueConstraint('code', name=op.f('uq_certificate_code')),
    sa.UniqueConstraint('enrolment_id', name=op.f('uq_certificate_enrolment_id'))
    )
    op.create_index('ix_certificate_person', 'certificate', ['person_id', 'topic_id'])
    op.create_table('check_in_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('date_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['date_id'], ['session_date.id'], name=op.f('fk_check_in_code_date_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_in_code')),
    sa.UniqueConstraint('code', name=op.f('uq_check_in_code_code')),
    sa.UniqueConstraint('date_id', name=op.f('uq_check_in_code_date_id'))
    )
    op.create_table('training_demand',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['closed_by_id'], ['enrolment.id'], name=op.f('fk_training_demand_closed_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_training_demand_person_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_training_demand_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_demand'))
    )
    op.create_index('uq_training_demand_open', 'training_demand', ['topic_id', 'person_id'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.create_table('training_feedback',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('rating', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('rating BETWEEN 1 AND 5', name=op.f('ck_training_feedback_rating')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_training_feedback_enrolment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_feedback')),
    sa.UniqueConstraint('enrolment_id', name=op.f('uq_training_feedback_enrolment_id'))
    )
    op.create_table('training_record',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('completed_on', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('enrolment_id', sa.Integer(), nullable=True),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_training_record_by_id')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_training_record_enrolment_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_training_record_person_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_training_record_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_record')),
    sa.UniqueConstraint('person_id', 'topic_id', 'completed_on', name=op.f('uq_training_record_person_id_topic_id_completed_on'))
    )
    op.create_index('ix_training_record_topic', 'training_record', ['topic_id', 'person_id'])
    op.create_table('training_record_validity',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('record_id', sa.Integer(), nullable=False),
    sa.Column('counts', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_training_record_validity_by_id')),
    sa.ForeignKeyConstraint(['record_id'], ['training_record.id'], name=op.f('fk_training_record_validity_record_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_record_validity'))
    )
    op.create_index('ix_training_record_validity_record', 'training_record_validity', ['record_id', 'id'])

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
    op.drop_index('ix_training_record_validity_record', table_name='training_record_validity')
    op.drop_table('training_record_validity')
    op.drop_index('ix_training_record_topic', table_name='training_record')
    op.drop_table('training_record')
    op.drop_table('training_feedback')
    op.drop_index('uq_training_demand_open', table_name='training_demand')
    op.drop_table('training_demand')
    op.drop_table('check_in_code')
    op.drop_index('ix_certificate_person', table_name='certificate')
    op.drop_table('certificate')
    op.drop_index('ix_attendance_enrolment', table_name='attendance')
    op.drop_table('attendance')
    op.drop_index('ix_training_exemption_person', table_name='training_exemption')
    op.drop_table('training_exemption')
    op.drop_index('ix_requirement_topic', table_name='requirement')
    op.drop_table('requirement')
