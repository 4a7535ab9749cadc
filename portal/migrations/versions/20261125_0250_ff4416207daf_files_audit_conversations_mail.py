"""files, audit trail, conversations, bell and outbox."""

import sqlalchemy as sa
from alembic import op

revision = 'ff4416207daf'
down_revision = '7ff267d1864f'
branch_labels = None
depends_on = None

# The audit trail is only ever added to (SE-63).
APPEND_ONLY = {
    'sqlite': (
        """CREATE TRIGGER audit_entry_update BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END""",
        """CREATE TRIGGER audit_entry_delete BEFORE DELETE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END""",
    ),
    'postgresql': (
        """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME; END$$""",
        """CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    ),
}


def upgrade() -> None:
    op.create_table('audit_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('on_behalf_of_id', sa.Integer(), nullable=True),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('subject_kind', sa.String(length=30), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('after', sa.JSON(), nullable=True),
    sa.Column('request_id', sa.String(length=12), nullable=False),
    sa.Column('network', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_audit_entry_actor_id')),
    sa.ForeignKeyConstraint(['on_behalf_of_id'], ['person.id'], name=op.f('fk_audit_entry_on_behalf_of_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    op.create_index(op.f('ix_audit_entry_actor_id'), 'audit_entry', ['actor_id'])
    op.create_index('ix_audit_entry_subject', 'audit_entry', ['subject_kind', 'subject_id', 'id'])
    op.create_table('comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject_kind', sa.String(length=30), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('internal', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.Column('send_key', sa.String(length=40), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_comment_author_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment')),
    sa.UniqueConstraint('author_id', 'send_key', name=op.f('uq_comment_author_id_send_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_comment_public_id'))
    )
    op.create_index('ix_comment_subject', 'comment', ['subject_kind', 'subject_id', 'id'])
    op.create_table('notification',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event', sa.String(length=120), nullable=False),
    sa.Column('recipient_id', sa.Integer(), nullable=False),
    sa.Column('message', sa.String(length=80), nullable=False),
    sa.Column('subject_kind', sa.String(length=30), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('internal', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['recipient_id'], ['person.id'], name=op.f('fk_notification_recipient_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notification')),
    sa.UniqueConstraint('event', 'recipient_id', name=op.f('uq_notification_event_recipient_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_notification_public_id'))
    )
    op.create_index('ix_notification_recipient', 'notification', ['recipient_id', 'id'])
    op.create_index('ix_notification_unread', 'notification', ['recipient_id'], sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))
    op.create_table('outbox',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event', sa.String(length=120), nullable=False),
    sa.Column('recipient_id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('message', sa.String(length=80), nullable=False),
    sa.Column('subject_kind', sa.String(length=30), nullable=True),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('internal', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('leased_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refusals', sa.Integer(), server_default='0', nullable=False),
    sa.Column('ended_leases', sa.Integer(), server_default='0', nullable=False),
    sa.Column('message_id', sa.String(length=200), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.CheckConstraint("state IN ('queued', 'sending', 'sent', 'unknown', 'failed', 'held', 'dropped')", name=op.f('ck_outbox_state')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_outbox_by_id')),
    sa.ForeignKeyConstraint(['recipient_id'], ['person.id'], name=op.f('fk_outbox_recipient_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('event', 'recipient_id', 'channel', name=op.f('uq_outbox_event_recipient_id_channel')),
    sa.UniqueConstraint('public_id', name=op.f('uq_outbox_public_id'))
    )
    op.create_index('ix_outbox_due', 'outbox', ['next_at', 'id'], sqlite_where=sa.text("state IN ('queued', 'sending', 'unknown')"), postgresql_where=sa.text("state IN ('queued', 'sending', 'unknown')"))
    op.create_index('ix_outbox_state', 'outbox', ['state', 'id'])
    op.create_index('ix_outbox_thread', 'outbox', ['subject_kind', 'subject_id', 'recipient_id', 'id'])
    op.create_table('stored_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=25), nullable=False),
    sa.Column('path', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content_type', sa.String(length=100), nullable=False),
    sa.Column('uploaded_by_id', sa.Integer(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('damaged_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['person.id'], name=op.f('fk_stored_file_uploaded_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stored_file')),
    sa.UniqueConstraint('path', name=op.f('uq_stored_file_path')),
    sa.UniqueConstraint('public_id', name=op.f('uq_stored_file_public_id'))
    )
    op.create_index('ix_stored_file_uploader', 'stored_file', ['uploaded_by_id', 'uploaded_at'])
    op.create_table('watcher',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject_kind', sa.String(length=30), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_watcher_added_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_watcher_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_watcher'))
    )
    op.create_index('ix_watcher_current', 'watcher', ['subject_kind', 'subject_id', 'person_id'], unique=True, sqlite_where=sa.text('left_at IS NULL'), postgresql_where=sa.text('left_at IS NULL'))
    op.create_index('ix_watcher_person', 'watcher', ['person_id', 'subject_kind', 'subject_id'])
    op.create_table('comment_text',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('until_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_text_comment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_text'))
    )
    op.create_index(op.f('ix_comment_text_comment_id'), 'comment_text', ['comment_id'])
    op.create_table('file_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('subject_kind', sa.String(length=30), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('internal', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.Column('field_key', sa.String(length=60), nullable=True),
    sa.Column('comment_id', sa.Integer(), nullable=True),
    sa.Column('linked_by_id', sa.Integer(), nullable=False),
    sa.Column('linked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_file_link_file_id')),
    sa.ForeignKeyConstraint(['linked_by_id'], ['person.id'], name=op.f('fk_file_link_linked_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file_link'))
    )
    op.create_index(op.f('ix_file_link_file_id'), 'file_link', ['file_id'])
    op.create_index('ix_file_link_subject', 'file_link', ['subject_kind', 'subject_id'])
    op.add_column('job', sa.Column('duration_ms', sa.Integer(), nullable=True))
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table('job') as batch:
        batch.drop_column('duration_ms')
    for table in ('file_link', 'comment_text', 'watcher', 'stored_file', 'outbox', 'notification', 'comment', 'audit_entry'):
        op.drop_table(table)
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION refuse_change()')
