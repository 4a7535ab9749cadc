"""A seat is one of its approval, a decision is one for its seat, and neither seats nor links turn into others."""

from alembic import op

revision = "5e0b8c7d91f4"
down_revision = '8b1e5d3f7a24'
branch_labels = None
depends_on = None

PARTIES = ("requester_id", "beneficiary_id", "author_id", "editor_id")
SEAT = ("approval_id", "stage_id", "person_id", "seat_group_id", *PARTIES)
LINK = ("token_hash", "seat_id", "person_id", "content_hash", "made_at", "until_at")


def same(columns: tuple[str, ...]) -> str:
    return " AND ".join(f"source.{column} = NEW.{column}" for column in columns)


SEAT_OF_APPROVAL = (
    "SELECT 1 FROM approval AS source JOIN approval_stage AS stage ON stage.approval_id = source.id "
    f"WHERE source.id = NEW.approval_id AND stage.id = NEW.stage_id AND {same(PARTIES)}"
)
DECISION_FOR_SEAT = (
    "SELECT 1 FROM approval_seat AS source "
    f"WHERE source.id = NEW.seat_id AND {same(('approval_id', 'stage_id', 'seat_group_id', *PARTIES))}"
)
INSERTED = {
    "approval_seat": (SEAT_OF_APPROVAL, "a seat has the stage and the people of its approval"),
    "approval_decision": (DECISION_FOR_SEAT, "a decision has the stage, the group and the people of its seat"),
}
FIXED = {"approval_seat": (SEAT, "a seat stays what it is"), "approval_link": (LINK, "a link stays what it is")}


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table, (source, sentence) in INSERTED.items():
        (belongs_on_postgresql if postgresql else belongs_on_sqlite)(table, source, sentence)
    for table, (columns, sentence) in FIXED.items():
        (fixed_on_postgresql if postgresql else fixed_on_sqlite)(table, ", ".join(columns), sentence)


def belongs_on_sqlite(table: str, source: str, sentence: str) -> None:
    op.execute(f"""
        CREATE TRIGGER {table}_belongs BEFORE INSERT ON {table} WHEN NOT EXISTS ({source})
        BEGIN SELECT RAISE(ABORT, '{sentence}'); END
    """)


def belongs_on_postgresql(table: str, source: str, sentence: str) -> None:
    op.execute(f"""
        CREATE FUNCTION {table}_belongs() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
            IF NOT EXISTS ({source}) THEN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation'; END IF;
            RETURN NEW;
        END$$
    """)
    op.execute(f"CREATE TRIGGER {table}_belongs BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_belongs()")


def fixed_on_sqlite(table: str, columns: str, sentence: str) -> None:
    op.execute(f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OF {columns} ON {table} BEGIN SELECT RAISE(ABORT, '{sentence}'); END")


def fixed_on_postgresql(table: str, columns: str, sentence: str) -> None:
    op.execute(f"""
        CREATE FUNCTION {table}_fixed() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation'; END$$
    """)
    op.execute(
        f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_fixed()"
    )


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table in [(f"{each}_belongs", each) for each in INSERTED] + [(f"{each}_fixed", each) for each in FIXED]:
        op.execute(f"DROP TRIGGER {name} ON {table}" if postgresql else f"DROP TRIGGER {name}")
        if postgresql:
            op.execute(f"DROP FUNCTION {name}()")
