"""A trainer posts a session; people find it and enrol."""

from portal.core import clock as core_clock
from portal.core.db import db
from portal.training import queries
from portal.training.models import EnrolmentState
from tests.cast.people import Cast, sign_in, token_of
from tests.factories import training as make


def post(app, person, address, status=303, **values):
    client = sign_in(app.test_client(), person)
    headers = values.pop("headers", {})
    answer = client.post(address, data=token_of(client) | values, headers=headers)
    assert answer.status_code == status, answer.text
    return answer


FORM = {
    "kind": "training", "title": "", "tz": "Europe/Madrid", "dates-0-day": "2026-03-12", "dates-0-start": "09:00",
    "dates-0-end": "11:00", "place": "Aula 1", "capacity": "2", "cancel_hours": "24", "mode": "offer",
}  # fmt: skip


def test_a_trainer_posts_a_session_and_a_colleague_enrols(app, cast: Cast, clock):
    topic = make.topic(cast.trainer)
    answer = post(app, cast.trainer, "/training", topic=topic.public_id, **FORM)
    address = answer.headers["Location"]
    page = sign_in(app.test_client(), cast.employee).get("/training").text
    assert "Primeros auxilios" in page
    assert address in page
    post(app, cast.employee, f"{address}/enrolment")
    seen = sign_in(app.test_client(), cast.employee).get(address).text
    assert "Estás dentro" in seen
    db.session.rollback()
    session = db.session.scalars(queries.visible_to(cast.employee, core_clock.now())).one()
    assert queries.seats_of([session.id], core_clock.now())[session.id].confirmed == 1
    assert queries.place_of(cast.employee, session.id, core_clock.now()).state == EnrolmentState.CONFIRMED
