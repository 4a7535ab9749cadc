"""Requests with their answers, history, assignments and links; the history is never changed."""

import sqlalchemy as sa
from alembic import op

revision = 'c633939a4a35'
down_revision = '37020a8e61ed'
branch_labels = None
depends_on = None


# The history is only ever added to.
APPEND_ONLY = {
    'sqlite': (
        """CREATE TRIGGER request_event_update BEFORE UPDATE ON request_event
        BEGIN SELECT RAISE(ABORT, 'the history of requests is never changed'); END""",
        """CREATE TRIGGER request_event_delete BEFORE DELETE ON request_event
        BEGIN SELECT RAISE(ABORT, 'the history of requests is never deleted'); END""",
    ),
    'postgresql': (
        """CREATE TRIGGER request_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON request_event
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    ),
}


def upgrade() -> None:
    op.create_table('request_bulk_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('verb', sa.String(length=20), nullable=False),
    sa.Column('results', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_request_bulk_run_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_request_bulk_run')),
    sa.UniqueConstraint('public_id', name=op.f('uq_request_bulk_run_public_id'))
    )
    with op.batch_alter_table('request_bulk_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_request_bulk_run_person_id'), ['person_id'], unique=False)

    op.create_table('request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('service_id', sa.Integer(), nullable=False),
    sa.Column('form_version_id', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('title_folded', sa.String(length=200), nullable=False),
    sa.Column('confidential', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.Column('requester_id', sa.Integer(), nullable=False),
    sa.Column('beneficiary_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('send_key', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('assignee_id', sa.Integer(), nullable=True),
    sa.Column('queue_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('unassigned_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('solved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_public_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_entry_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), server_default='1', nullable=False),
    sa.Column('internal_revision', sa.Integer(), server_default='0', nullable=False),
    sa.CheckConstraint("(state = 'solved') = (closes_at IS NOT NULL)", name=op.f('ck_request_solved_closes')),
    sa.CheckConstraint("state IN ('waiting_for_approval', 'open', 'in_progress', 'waiting_for_requester', 'solved', 'closed', 'rejected', 'withdrawn')", name=op.f('ck_request_state')),
    sa.ForeignKeyConstraint(['assignee_id'], ['person.id'], name=op.f('fk_request_assignee_id')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_request_author_id')),
    sa.ForeignKeyConstraint(['beneficiary_id'], ['person.id'], name=op.f('fk_request_beneficiary_id')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_request_department_id')),
    sa.ForeignKeyConstraint(['form_version_id'], ['form_version.id'], name=op.f('fk_request_form_version_id')),
    sa.ForeignKeyConstraint(['requester_id'], ['person.id'], name=op.f('fk_request_requester_id')),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_request_service_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_request')),
    sa.UniqueConstraint('author_id', 'send_key', name=op.f('uq_request_author_id_send_key')),
    sa.UniqueConstraint('reference', name=op.f('uq_request_reference'))
    )
    with op.batch_alter_table('request', schema=None) as batch_op:
        batch_op.create_index('ix_request_assignee', ['assignee_id', 'state', 'queue_at', 'id'], unique=False)
        batch_op.create_index('ix_request_beneficiary', ['beneficiary_id', 'created_at', 'id'], unique=False, sqlite_where=sa.text('beneficiary_id <> requester_id'), postgresql_where=sa.text('beneficiary_id <> requester_id'))
        batch_op.create_index('ix_request_closing', ['closes_at', 'id'], unique=False, sqlite_where=sa.text("state = 'solved'"), postgresql_where=sa.text("state = 'solved'"))
        batch_op.create_index('ix_request_department', ['department_id', 'state', 'queue_at', 'id'], unique=False)
        batch_op.create_index('ix_request_queue', ['department_id', 'queue_at', 'id'], unique=False, sqlite_where=sa.text("state IN ('waiting_for_approval', 'open', 'in_progress', 'waiting_for_requester')"), postgresql_where=sa.text("state IN ('waiting_for_approval', 'open', 'in_progress', 'waiting_for_requester')"))
        batch_op.create_index('ix_request_requester', ['requester_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_request_unassigned', ['department_id', 'queue_at', 'id'], unique=False, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('assignment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('from_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended', sa.String(length=10), nullable=True),
    sa.CheckConstraint("ended IN ('given_back', 'passed_on', 'moved', 'left')", name=op.f('ck_assignment_ended_why')),
    sa.CheckConstraint('(until_at IS NULL) = (ended IS NULL)', name=op.f('ck_assignment_ended')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_assignment_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_assignment_person_id')),
    sa.ForeignKeyConstraint(['request_id'], ['request.id'], name=op.f('fk_assignment_request_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment'))
    )
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.create_index('ix_assignment_person', ['person_id'], unique=False, sqlite_where=sa.text('until_at IS NULL'), postgresql_where=sa.text('until_at IS NULL'))
        batch_op.create_index('ix_assignment_request', ['request_id', 'until_at'], unique=False)
        batch_op.create_index('uq_assignment_open', ['request_id'], unique=True, sqlite_where=sa.text('until_at IS NULL'), postgresql_where=sa.text('until_at IS NULL'))

    op.create_table('request_answers',
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('salt', sa.String(length=40), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['request_id'], ['request.id'], name=op.f('fk_request_answers_request_id')),
    sa.PrimaryKeyConstraint('request_id', name=op.f('pk_request_answers'))
    )
    op.create_table('request_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('internal', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_request_event_by_id')),
    sa.ForeignKeyConstraint(['request_id'], ['request.id'], name=op.f('fk_request_event_request_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_request_event'))
    )
    with op.batch_alter_table('request_event', schema=None) as batch_op:
        batch_op.create_index('ix_request_event_request', ['request_id', 'id'], unique=False)

    op.create_table('request_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('from_id', sa.Integer(), nullable=False),
    sa.Column('to_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('related', 'duplicate_of', 'caused_by', 'follow_up_of')", name=op.f('ck_request_link_kind')),
    sa.CheckConstraint('from_id <> to_id', name=op.f('ck_request_link_two_ends')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_request_link_by_id')),
    sa.ForeignKeyConstraint(['from_id'], ['request.id'], name=op.f('fk_request_link_from_id')),
    sa.ForeignKeyConstraint(['to_id'], ['request.id'], name=op.f('fk_request_link_to_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_request_link')),
    sa.UniqueConstraint('from_id', 'to_id', 'kind', name=op.f('uq_request_link_from_id_to_id_kind'))
    )
    with op.batch_alter_table('request_link', schema=None) as batch_op:
        batch_op.create_index('ix_request_link_to', ['to_id'], unique=False)

    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table('request_link')
    op.drop_table('request_event')
    op.drop_table('request_answers')
    op.drop_table('assignment')
    op.drop_table('request')
    op.drop_table('request_bulk_run')
