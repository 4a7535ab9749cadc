"""The list of sessions with thousands of them: few statements, and no reading from end to end (performance.md)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from portal.core import clock
from portal.core.db import db
from portal.training.models import TrainingSession
from portal.training.models.sessions import new_uid
from tests.cast.people import Cast, sign_in
from tests.factories import training as make
from tests.performance import plans
from tests.performance.meter import statements

MANY, ENOUGH, STATEMENTS = 20_000, 6_000, 12


def fill(cast: Cast, number: int) -> None:
    """Post many sessions at once, sixty days of them past and the rest to come."""
    topic, now = make.topic(cast.trainer), clock.now()
    common = {"kind": "training", "topic_id": topic.id, "title": {"es": "Sesión"}, "trainer_id": cast.trainer.id, "capacity": 5}
    common |= {"mode": "offer", "created_at": now, "updated_at": now}
    starts = [now + timedelta(minutes=30 * place - 86_400) for place in range(number)]
    span = [{"first_starts_at": start, "last_ends_at": start + timedelta(hours=2)} for start in starts]
    rows = [common | each | {"uid": new_uid(), "public_id": f"s{place:011}"} for place, each in enumerate(span)]
    sessions: Any = TrainingSession.__table__
    db.session.connection().execute(sessions.insert(), rows)
    db.session.execute(
        text(
            "INSERT INTO session_date (session_id, local_start, local_end, tz, starts_at, ends_at, uid, public_id, updated_at)"
            " SELECT id, first_starts_at, last_ends_at, 'Europe/Madrid', first_starts_at, last_ends_at,"
            " uid, public_id, updated_at FROM training_session"
        )
    )
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ANALYZE training_session"))
        db.session.commit()


def test_the_list_of_sessions_stays_cheap(app, cast: Cast, clock):
    fill(cast, MANY if db.engine.dialect.name == "sqlite" else ENOUGH)
    client = sign_in(app.test_client(), cast.employee)
    for address in ("/training", "/training?free=1", "/training?show=mine"):
        client.get(address)
        with statements(db.engine) as found:
            client.get(address)
        assert len(found) <= STATEMENTS, address
        of_sessions = [step for step in plans.scans(found) if "training_session" in step.partition(" in SELECT")[0]]
        assert not of_sessions, of_sessions
    cursor = client.get("/training").text.partition("cursor=")[2].partition('"')[0]
    assert client.get(f"/training?cursor={cursor}").text.count('class="training-row"') == 25
