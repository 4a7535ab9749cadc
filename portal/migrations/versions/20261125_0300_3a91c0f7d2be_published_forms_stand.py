"""Published forms stand: their content is not changed and they are not deleted (forms.md 8)."""

from alembic import op

revision = "3a91c0f7d2be"
down_revision = '359adc7f4128'
branch_labels = None
depends_on = None

CONTENT = ("service_id", "number", "revision", "edited_by_id", "edited_at", "published_at")
SENTENCE = "a published form stands"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in CONTENT)
        op.execute(
            f"""
            CREATE FUNCTION refuse_form_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' OR {changed} OR NEW.state = 'draft' OR NEW.content::text <> OLD.content::text THEN
                    RAISE EXCEPTION '{SENTENCE}';
                END IF;
                RETURN NEW;
            END $$
            """
        )
        op.execute(
            """
            CREATE TRIGGER form_version_stands BEFORE UPDATE OR DELETE ON form_version
            FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION refuse_form_change()
            """
        )
        return
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in (*CONTENT, "content"))
    op.execute(
        f"""
        CREATE TRIGGER form_version_stands_update BEFORE UPDATE ON form_version
        WHEN OLD.state <> 'draft' AND ({changed} OR NEW.state = 'draft')
        BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END
        """
    )
    op.execute(
        f"""
        CREATE TRIGGER form_version_stands_delete BEFORE DELETE ON form_version
        WHEN OLD.state <> 'draft'
        BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END
        """
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER form_version_stands ON form_version")
        op.execute("DROP FUNCTION refuse_form_change()")
        return
    op.execute("DROP TRIGGER form_version_stands_update")
    op.execute("DROP TRIGGER form_version_stands_delete")
