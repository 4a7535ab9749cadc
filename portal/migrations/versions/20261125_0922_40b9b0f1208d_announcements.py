"""Announcements: versions, audiences, recipients, confirmations, pins, digests and drafts."""

import sqlalchemy as sa
from alembic import op

revision = '40b9b0f1208d'
down_revision = 'adc2f98df31e'
branch_labels = None
depends_on = None

APPEND_ONLY = ('announcement_version', 'announcement_confirmation')


def upgrade() -> None:
    op.create_table('pin_slot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=60), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pin_slot')),
    sa.UniqueConstraint('scope', name=op.f('uq_pin_slot_scope'))
    )
    op.create_table('announcement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('level', sa.String(length=10), nullable=False),
    sa.Column('access', sa.String(length=12), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('edit', sa.Integer(), server_default='0', nullable=False),
    sa.Column('publish_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('publish_wall', sa.String(length=16), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('expire_on', sa.Date(), nullable=True),
    sa.Column('expire_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by_id', sa.Integer(), nullable=False),
    sa.Column('over_budget_reason', sa.String(length=300), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by_id', sa.Integer(), nullable=True),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.CheckConstraint("access IN ('open', 'confidential')", name=op.f('ck_announcement_access')),
    sa.CheckConstraint("kind IN ('news', 'story', 'vacancy')", name=op.f('ck_announcement_kind')),
    sa.CheckConstraint("level IN ('info', 'important', 'to_confirm')", name=op.f('ck_announcement_level')),
    sa.CheckConstraint('expire_at IS NULL OR publish_at < expire_at', name=op.f('ck_announcement_published_before_expiry')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_announcement_author_id')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_announcement_department_id')),
    sa.ForeignKeyConstraint(['published_by_id'], ['person.id'], name=op.f('fk_announcement_published_by_id')),
    sa.ForeignKeyConstraint(['withdrawn_by_id'], ['person.id'], name=op.f('fk_announcement_withdrawn_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement')),
    sa.UniqueConstraint('public_id', name=op.f('uq_announcement_public_id'))
    )
    op.create_index(op.f('ix_announcement_author_id'), 'announcement', ['author_id'])
    op.create_index(op.f('ix_announcement_department_id'), 'announcement', ['department_id'])
    op.create_index('ix_announcement_expiry', 'announcement', ['expire_at', 'id'])
    op.create_index('ix_announcement_list', 'announcement', ['publish_at', 'id'], sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))
    op.create_table('announcement_preference',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=6), nullable=False),
    sa.Column('mail', sa.Boolean(), server_default=sa.text('(true)'), nullable=False),
    sa.CheckConstraint("digest IN ('daily', 'weekly', 'none')", name=op.f('ck_announcement_preference_digest')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_announcement_preference_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_announcement_preference'))
    )
    op.create_table('digest_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('sort', sa.String(length=8), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.CheckConstraint("sort IN ('reminder', 'digest')", name=op.f('ck_digest_run_sort')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_digest_run_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_digest_run')),
    sa.UniqueConstraint('person_id', 'sort', 'day', name=op.f('uq_digest_run_person_id_sort_day')),
    sa.UniqueConstraint('public_id', name=op.f('uq_digest_run_public_id'))
    )
    op.create_table('announcement_audience',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('announcement_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('value', sa.String(length=80), nullable=True),
    sa.CheckConstraint("kind IN ('employees', 'partners', 'department', 'role', 'site', 'person', 'group')", name=op.f('ck_announcement_audience_kind')),
    sa.ForeignKeyConstraint(['announcement_id'], ['announcement.id'], name=op.f('fk_announcement_audience_announcement_id')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_announcement_audience_department_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_announcement_audience_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement_audience'))
    )
    op.create_index('ix_announcement_audience_announcement', 'announcement_audience', ['announcement_id'])
    op.create_table('announcement_delivery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('announcement_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['announcement_id'], ['announcement.id'], name=op.f('fk_announcement_delivery_announcement_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_announcement_delivery_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement_delivery')),
    sa.UniqueConstraint('announcement_id', 'person_id', 'version', 'channel', name=op.f('uq_announcement_delivery_announcement_id_person_id_version_channel'))
    )
    op.create_table('announcement_draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('announcement_id', sa.Integer(), nullable=True),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('revision', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['announcement_id'], ['announcement.id'], name=op.f('fk_announcement_draft_announcement_id')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_announcement_draft_author_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement_draft')),
    sa.UniqueConstraint('public_id', name=op.f('uq_announcement_draft_public_id'))
    )
    op.create_index(op.f('ix_announcement_draft_announcement_id'), 'announcement_draft', ['announcement_id'])
    op.create_index('ix_announcement_draft_author', 'announcement_draft', ['author_id', 'saved_at'])
    op.create_table('announcement_pin',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slot_id', sa.Integer(), nullable=False),
    sa.Column('announcement_id', sa.Integer(), nullable=False),
    sa.Column('from_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('from_at < until_at', name=op.f('ck_announcement_pin_from_before_until')),
    sa.ForeignKeyConstraint(['announcement_id'], ['announcement.id'], name=op.f('fk_announcement_pin_announcement_id')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_announcement_pin_by_id')),
    sa.ForeignKeyConstraint(['slot_id'], ['pin_slot.id'], name=op.f('fk_announcement_pin_slot_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement_pin'))
    )
    op.create_index(op.f('ix_announcement_pin_announcement_id'), 'announcement_pin', ['announcement_id'])
    op.create_index('ix_announcement_pin_slot', 'announcement_pin', ['slot_id', 'until_at'])
    op.create_table('announcement_reading',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('announcement_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['announcement_id'], ['announcement.id'], name=op.f('fk_announcement_reading_announcement_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_announcement_reading_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement_reading')),
    sa.UniqueConstraint('person_id', 'announcement_id', name=op.f('uq_announcement_reading_person_id_announcement_id'))
    )
    op.create_table('announcement_recipient',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('announcement_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=100), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('close_reason', sa.String(length=14), nullable=True),
    sa.CheckConstraint("close_reason IN ('left_audience', 'left_company', 'exempt')", name=op.f('ck_announcement_recipient_close_reason')),
    sa.CheckConstraint('(closed_at IS NULL) = (close_reason IS NULL)', name=op.f('ck_announcement_recipient_closed_for_a_reason')),
    sa.ForeignKeyConstraint(['announcement_id'], ['announcement.id'], name=op.f('fk_announcement_recipient_announcement_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_announcement_recipient_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement_recipient')),
    sa.UniqueConstraint('announcement_id', 'person_id', name=op.f('uq_announcement_recipient_announcement_id_person_id'))
    )
    op.create_index('ix_announcement_recipient_person', 'announcement_recipient', ['person_id', 'announcement_id'])
    op.create_table('announcement_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('announcement_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('edit', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('note', sa.JSON(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['announcement_id'], ['announcement.id'], name=op.f('fk_announcement_version_announcement_id')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_announcement_version_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement_version')),
    sa.UniqueConstraint('announcement_id', 'number', 'edit', name=op.f('uq_announcement_version_announcement_id_number_edit'))
    )
    op.create_table('digest_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('announcement_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('stage', sa.String(length=6), nullable=False),
    sa.ForeignKeyConstraint(['announcement_id'], ['announcement.id'], name=op.f('fk_digest_item_announcement_id')),
    sa.ForeignKeyConstraint(['run_id'], ['digest_run.id'], name=op.f('fk_digest_item_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_digest_item')),
    sa.UniqueConstraint('run_id', 'announcement_id', name=op.f('uq_digest_item_run_id_announcement_id'))
    )
    op.create_index('ix_digest_item_announcement', 'digest_item', ['announcement_id'])
    op.create_table('announcement_confirmation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('recipient_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('channel', sa.String(length=6), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('witness', sa.String(length=120), nullable=True),
    sa.CheckConstraint("(channel = 'paper') = (witness IS NOT NULL)", name=op.f('ck_announcement_confirmation_paper_has_a_witness')),
    sa.CheckConstraint("channel IN ('page', 'paper')", name=op.f('ck_announcement_confirmation_channel')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_announcement_confirmation_by_id')),
    sa.ForeignKeyConstraint(['recipient_id'], ['announcement_recipient.id'], name=op.f('fk_announcement_confirmation_recipient_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement_confirmation')),
    sa.UniqueConstraint('recipient_id', 'version', name=op.f('uq_announcement_confirmation_recipient_id_version'))
    )
    op.bulk_insert(sa.table('pin_slot', sa.column('scope', sa.String())), [{'scope': ''}])
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
    op.drop_table('announcement_confirmation')
    op.drop_index('ix_digest_item_announcement', table_name='digest_item')
    op.drop_table('digest_item')
    op.drop_table('announcement_version')
    op.drop_index('ix_announcement_recipient_person', table_name='announcement_recipient')
    op.drop_table('announcement_recipient')
    op.drop_table('announcement_reading')
    op.drop_index('ix_announcement_pin_slot', table_name='announcement_pin')
    op.drop_index(op.f('ix_announcement_pin_announcement_id'), table_name='announcement_pin')
    op.drop_table('announcement_pin')
    op.drop_index('ix_announcement_draft_author', table_name='announcement_draft')
    op.drop_index(op.f('ix_announcement_draft_announcement_id'), table_name='announcement_draft')
    op.drop_table('announcement_draft')
    op.drop_table('announcement_delivery')
    op.drop_index('ix_announcement_audience_announcement', table_name='announcement_audience')
    op.drop_table('announcement_audience')
    op.drop_table('digest_run')
    op.drop_table('announcement_preference')
    op.drop_index('ix_announcement_list', table_name='announcement', sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))
    op.drop_index('ix_announcement_expiry', table_name='announcement')
    op.drop_index(op.f('ix_announcement_department_id'), table_name='announcement')
    op.drop_index(op.f('ix_announcement_author_id'), table_name='announcement')
    op.drop_table('announcement')
    op.drop_table('pin_slot')
