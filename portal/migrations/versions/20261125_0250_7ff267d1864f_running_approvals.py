"""Running approvals; what was decided can be added to but never changed (approvals.md)."""

import sqlalchemy as sa
from alembic import op

revision = '7ff267d1864f'
down_revision = 'd7ad1a486967'
branch_labels = None
depends_on = None

RECORDS = ("approval_decision", "approval_marked_field", "approval_content", "approval_event", "approval_receipt")


def upgrade() -> None:
    op.create_table('approval',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), server_default='1', nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('salt', sa.String(length=40), nullable=False),
    sa.Column('route_id', sa.Integer(), nullable=False),
    sa.Column('route_revision', sa.Integer(), nullable=False),
    sa.Column('requester_department_id', sa.Integer(), nullable=False),
    sa.Column('service_department_id', sa.Integer(), nullable=False),
    sa.Column('fallback_id', sa.Integer(), nullable=True),
    sa.Column('amount', sa.Integer(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_why', sa.String(length=12), nullable=True),
    sa.Column('requester_id', sa.Integer(), nullable=False),
    sa.Column('beneficiary_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('editor_id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.CheckConstraint("ended_why IN ('approved', 'rejected', 'withdrawn', 'overridden')", name=op.f('ck_approval_ended_why')),
    sa.CheckConstraint('(ended_at IS NULL) = (ended_why IS NULL)', name=op.f('ck_approval_ended_with_reason')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_approval_author_id')),
    sa.ForeignKeyConstraint(['beneficiary_id'], ['person.id'], name=op.f('fk_approval_beneficiary_id')),
    sa.ForeignKeyConstraint(['editor_id'], ['person.id'], name=op.f('fk_approval_editor_id')),
    sa.ForeignKeyConstraint(['fallback_id'], ['person.id'], name=op.f('fk_approval_fallback_id')),
    sa.ForeignKeyConstraint(['requester_department_id'], ['department.id'], name=op.f('fk_approval_requester_department_id')),
    sa.ForeignKeyConstraint(['requester_id'], ['person.id'], name=op.f('fk_approval_requester_id')),
    sa.ForeignKeyConstraint(['route_id'], ['route.id'], name=op.f('fk_approval_route_id')),
    sa.ForeignKeyConstraint(['service_department_id'], ['department.id'], name=op.f('fk_approval_service_department_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval')),
    sa.UniqueConstraint('kind', 'subject_id', name=op.f('uq_approval_kind_subject_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_approval_public_id'))
    )
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approval_route_id'), ['route_id'], unique=False)

    op.create_table('approval_content',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('approval_id', sa.Integer(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['approval_id'], ['approval.id'], name=op.f('fk_approval_content_approval_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_content')),
    sa.UniqueConstraint('approval_id', 'content_hash', name=op.f('uq_approval_content_approval_id_content_hash'))
    )
    op.create_table('approval_receipt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('approval_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['approval_id'], ['approval.id'], name=op.f('fk_approval_receipt_approval_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_receipt')),
    sa.UniqueConstraint('approval_id', 'number', name=op.f('uq_approval_receipt_approval_id_number'))
    )
    op.create_table('approval_stage',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('approval_id', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('mode', sa.String(length=5), nullable=False),
    sa.Column('needed', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=20), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('role', sa.String(length=30), nullable=True),
    sa.Column('department_id', sa.Integer(), nullable=True),
    sa.Column('different_from', sa.Integer(), nullable=True),
    sa.Column('kept_from_id', sa.Integer(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_why', sa.String(length=12), nullable=True),
    sa.CheckConstraint("ended_why IN ('approved', 'rejected', 'returned', 'removed', 'overridden', 'ended', 'not_reached')", name=op.f('ck_approval_stage_ended_why')),
    sa.CheckConstraint("mode <> 'count' OR needed >= 1", name=op.f('ck_approval_stage_needed')),
    sa.CheckConstraint("mode IN ('any', 'all', 'count')", name=op.f('ck_approval_stage_mode')),
    sa.CheckConstraint("rule IN ('requester_head', 'service_head', 'manager', 'person', 'role')", name=op.f('ck_approval_stage_rule')),
    sa.CheckConstraint('(ended_at IS NULL) = (ended_why IS NULL)', name=op.f('ck_approval_stage_ended_with_reason')),
    sa.ForeignKeyConstraint(['approval_id'], ['approval.id'], name=op.f('fk_approval_stage_approval_id')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_approval_stage_department_id')),
    sa.ForeignKeyConstraint(['kept_from_id'], ['approval_stage.id'], name=op.f('fk_approval_stage_kept_from_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_approval_stage_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_stage')),
    sa.UniqueConstraint('approval_id', 'round', 'position', name=op.f('uq_approval_stage_approval_id_round_position'))
    )
    op.create_table('approval_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('approval_id', sa.Integer(), nullable=False),
    sa.Column('stage_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['approval_id'], ['approval.id'], name=op.f('fk_approval_event_approval_id')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_approval_event_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_approval_event_person_id')),
    sa.ForeignKeyConstraint(['stage_id'], ['approval_stage.id'], name=op.f('fk_approval_event_stage_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_event'))
    )
    with op.batch_alter_table('approval_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approval_event_approval_id'), ['approval_id'], unique=False)

    op.create_table('approval_seat',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('approval_id', sa.Integer(), nullable=False),
    sa.Column('stage_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('seat_group_id', sa.String(length=12), nullable=False),
    sa.Column('rule', sa.String(length=20), nullable=False),
    sa.Column('from_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_why', sa.String(length=20), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('escalated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('requester_id', sa.Integer(), nullable=False),
    sa.Column('beneficiary_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('editor_id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.CheckConstraint('(ended_at IS NULL) = (ended_why IS NULL)', name=op.f('ck_approval_seat_ended_with_reason')),
    sa.CheckConstraint('person_id NOT IN (requester_id, beneficiary_id, author_id, editor_id)', name=op.f('ck_approval_seat_never_own')),
    sa.ForeignKeyConstraint(['approval_id'], ['approval.id'], name=op.f('fk_approval_seat_approval_id')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_approval_seat_author_id')),
    sa.ForeignKeyConstraint(['beneficiary_id'], ['person.id'], name=op.f('fk_approval_seat_beneficiary_id')),
    sa.ForeignKeyConstraint(['editor_id'], ['person.id'], name=op.f('fk_approval_seat_editor_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_approval_seat_person_id')),
    sa.ForeignKeyConstraint(['requester_id'], ['person.id'], name=op.f('fk_approval_seat_requester_id')),
    sa.ForeignKeyConstraint(['stage_id'], ['approval_stage.id'], name=op.f('fk_approval_seat_stage_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_seat')),
    sa.UniqueConstraint('public_id', name=op.f('uq_approval_seat_public_id'))
    )
    with op.batch_alter_table('approval_seat', schema=None) as batch_op:
        batch_op.create_index('ix_approval_seat_approval', ['approval_id', 'ended_at'], unique=False)
        batch_op.create_index('ix_approval_seat_open', ['seat_group_id', 'person_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.create_index('ix_approval_seat_person', ['person_id', 'ended_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_approval_seat_stage_id'), ['stage_id'], unique=False)

    op.create_table('approval_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('approval_id', sa.Integer(), nullable=False),
    sa.Column('stage_id', sa.Integer(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=False),
    sa.Column('seat_group_id', sa.String(length=12), nullable=False),
    sa.Column('acted_by_id', sa.Integer(), nullable=False),
    sa.Column('on_behalf_of_id', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('requester_id', sa.Integer(), nullable=False),
    sa.Column('beneficiary_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('editor_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("outcome = 'approved' OR length(reason) >= 10", name=op.f('ck_approval_decision_reason')),
    sa.CheckConstraint("outcome IN ('approved', 'rejected', 'returned')", name=op.f('ck_approval_decision_outcome')),
    sa.CheckConstraint('acted_by_id NOT IN (requester_id, beneficiary_id, author_id, editor_id)', name=op.f('ck_approval_decision_never_own')),
    sa.CheckConstraint('on_behalf_of_id <> acted_by_id', name=op.f('ck_approval_decision_on_behalf_of_another')),
    sa.ForeignKeyConstraint(['acted_by_id'], ['person.id'], name=op.f('fk_approval_decision_acted_by_id')),
    sa.ForeignKeyConstraint(['approval_id'], ['approval.id'], name=op.f('fk_approval_decision_approval_id')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_approval_decision_author_id')),
    sa.ForeignKeyConstraint(['beneficiary_id'], ['person.id'], name=op.f('fk_approval_decision_beneficiary_id')),
    sa.ForeignKeyConstraint(['editor_id'], ['person.id'], name=op.f('fk_approval_decision_editor_id')),
    sa.ForeignKeyConstraint(['on_behalf_of_id'], ['person.id'], name=op.f('fk_approval_decision_on_behalf_of_id')),
    sa.ForeignKeyConstraint(['requester_id'], ['person.id'], name=op.f('fk_approval_decision_requester_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['approval_seat.id'], name=op.f('fk_approval_decision_seat_id')),
    sa.ForeignKeyConstraint(['stage_id'], ['approval_stage.id'], name=op.f('fk_approval_decision_stage_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_decision')),
    sa.UniqueConstraint('seat_group_id', name=op.f('uq_approval_decision_seat_group_id'))
    )
    with op.batch_alter_table('approval_decision', schema=None) as batch_op:
        batch_op.create_index('ix_approval_decision_acted_by', ['acted_by_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_approval_decision_approval_id'), ['approval_id'], unique=False)
        batch_op.create_index('ix_approval_decision_stage', ['stage_id'], unique=False)

    op.create_table('approval_marked_field',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('field_key', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['decision_id'], ['approval_decision.id'], name=op.f('fk_approval_marked_field_decision_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_marked_field')),
    sa.UniqueConstraint('decision_id', 'field_key', name=op.f('uq_approval_marked_field_decision_id_field_key'))
    )
    for table in RECORDS:
        refuse_changes(table)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in RECORDS:
            op.execute(f"DROP TRIGGER {table}_stands ON {table}")
        op.execute("DROP FUNCTION approval_record_stands()")
    op.drop_table('approval_marked_field')
    with op.batch_alter_table('approval_decision', schema=None) as batch_op:
        batch_op.drop_index('ix_approval_decision_stage')
        batch_op.drop_index(batch_op.f('ix_approval_decision_approval_id'))
        batch_op.drop_index('ix_approval_decision_acted_by')

    op.drop_table('approval_decision')
    with op.batch_alter_table('approval_seat', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_approval_seat_stage_id'))
        batch_op.drop_index('ix_approval_seat_person')
        batch_op.drop_index('ix_approval_seat_open', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index('ix_approval_seat_approval')

    op.drop_table('approval_seat')
    with op.batch_alter_table('approval_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_approval_event_approval_id'))

    op.drop_table('approval_event')
    op.drop_table('approval_stage')
    op.drop_table('approval_receipt')
    op.drop_table('approval_content')
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_approval_route_id'))

    op.drop_table('approval')


def refuse_changes(table: str) -> None:
    """Let the database refuse UPDATE and DELETE of a record."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("""
            CREATE OR REPLACE FUNCTION approval_record_stands() RETURNS trigger LANGUAGE plpgsql AS
            $$BEGIN RAISE EXCEPTION 'records of approvals are never changed'; END$$
        """)
        op.execute(f"""
            CREATE TRIGGER {table}_stands BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION approval_record_stands()
        """)
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(f"""
            CREATE TRIGGER {table}_stands_{verb.lower()} BEFORE {verb} ON {table}
            BEGIN SELECT RAISE(ABORT, 'records of approvals are never changed'); END
        """)
