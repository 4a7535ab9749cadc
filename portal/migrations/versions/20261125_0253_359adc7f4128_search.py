"""search."""

import sqlalchemy as sa
from alembic import op

revision = '359adc7f4128'
down_revision = 'ff4416207daf'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('search_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('note', sa.JSON(), nullable=False),
    sa.Column('reference', sa.String(length=30), nullable=False),
    sa.Column('place', sa.JSON(), nullable=False),
    sa.Column('indexed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_entry')),
    sa.UniqueConstraint('kind', 'subject_id', name=op.f('uq_search_entry_kind_subject_id'))
    )
    op.create_table('search_miss',
    sa.Column('week', sa.Date(), nullable=False),
    sa.Column('text', sa.String(length=200), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('week', 'text', name=op.f('pk_search_miss'))
    )
    op.create_table('search_spelling',
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('word', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('key', 'word', name=op.f('pk_search_spelling')),
    sqlite_with_rowid=False
    )
    if op.get_bind().dialect.name == 'sqlite':
        # Terms are folded already; the kind is a term that begins with an underscore.
        op.execute(
            "CREATE VIRTUAL TABLE search_terms USING fts5(subject UNINDEXED, kind, title, body,"
            " detail=column, prefix='2 3', tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
        )
    else:
        op.execute(
            "CREATE TABLE search_terms ("
            " rowid integer CONSTRAINT pk_search_terms PRIMARY KEY,"
            " subject integer NOT NULL,"
            " terms tsvector NOT NULL,"
            " CONSTRAINT fk_search_terms_rowid FOREIGN KEY (rowid) REFERENCES search_entry (id) ON DELETE CASCADE)"
        )
        op.execute("CREATE INDEX ix_search_terms_terms ON search_terms USING gin (terms) WITH (fastupdate = off)")


def downgrade() -> None:
    op.execute('DROP TABLE search_terms')
    op.drop_table('search_spelling')
    op.drop_table('search_miss')
    op.drop_table('search_entry')
