"""absences of one person never overlap

Revision ID: c4b8e12f60aa
Revises: 3a91c0f7d2be
"""

from alembic import op

revision = "c4b8e12f60aa"
down_revision = 'c633939a4a35'
branch_labels = None
depends_on = None

SENTENCE = "absences of one person never overlap"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(
            """
            ALTER TABLE absence ADD CONSTRAINT ex_absence_overlap
            EXCLUDE USING gist (person_id WITH =, tstzrange(from_at, until_at) WITH &&) WHERE (revoked_at IS NULL)
            """
        )
        return
    for when in ("INSERT", "UPDATE"):
        op.execute(
            f"""
            CREATE TRIGGER absence_overlap_{when.lower()} BEFORE {when} ON absence
            WHEN NEW.revoked_at IS NULL AND EXISTS (
                SELECT 1 FROM absence AS other
                WHERE other.person_id = NEW.person_id AND other.id IS NOT NEW.id AND other.revoked_at IS NULL
                AND other.from_at < NEW.until_at AND other.until_at > NEW.from_at
            )
            BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END
            """
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE absence DROP CONSTRAINT ex_absence_overlap")
        return
    op.execute("DROP TRIGGER absence_overlap_insert")
    op.execute("DROP TRIGGER absence_overlap_update")
