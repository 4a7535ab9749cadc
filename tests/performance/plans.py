"""How a database reads for a statement: which of the large tables it goes through from end to end."""

import re
from collections.abc import Iterator, Sequence

from portal.core.db import db
from tests.performance.meter import Statement

LARGE = (
    "request", "request_event", "comment", "search_entry", "search_terms", "notification", "outbox", "audit_entry",
    "training_session",
)  # fmt: skip
NAMES = "|".join(LARGE)
# SQLite names a table by its alias, which SQLAlchemy makes of the name and a number; FTS5 says what it looks for after
# the number of its index, and nothing when it reads all.
WHOLE = {
    "sqlite": re.compile(rf"^SCAN ({NAMES})(_\d+)?( VIRTUAL TABLE INDEX \d+:)?$"),
    "postgresql": re.compile(rf"Seq Scan on ({NAMES})\b"),
}
EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}


def scans(statements: Sequence[Statement]) -> list[str]:
    """Return, for each large table read from end to end, the step of the plan and the statement."""
    found = []
    for statement in statements:
        if statement.text.startswith(("SELECT", "WITH")):
            short = " ".join(re.sub(r"SELECT .*?\bFROM", "SELECT … FROM", statement.text, count=1, flags=re.DOTALL).split())
            found += [f"{step} in {short[:400]}" for step in plan(statement) if WHOLE[db.engine.dialect.name].search(step)]
    return found


def plan(statement: Statement) -> Iterator[str]:
    """Yield the steps that the database would take; nothing is run."""
    asked = f"{EXPLAIN[db.engine.dialect.name]} {statement.text}"
    for row in db.session.connection().exec_driver_sql(asked, statement.parameters):
        yield str(row[-1]).strip()
