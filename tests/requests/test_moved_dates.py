"""People are told when opening hours were changed and their date is another one, once for each save (service-levels.md 35)."""

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from portal.core import jobs
from portal.core.db import db
from portal.notifications.models import Notification, Outbox
from portal.requests import actions
from portal.requests.models import Request
from portal.service_levels import actions as levels
from portal.service_levels import queries
from portal.service_levels.actions.calendars import content_of
from portal.service_levels.jobs import TELL, tell_moved
from portal.service_levels.models import Calendar, ServiceTarget
from portal.service_levels.queries import About
from tests.cast.people import Cast, sign_in
from tests.factories import requests as factory
from tests.requests.test_queue_order import add_level
from tests.service_levels.test_timing import at

WEEK = {day: {"09:00": "18:00"} for day in ("mon", "tue", "wed", "thu", "fri")}
TUESDAY = {"from": "2026-03-10", "until": "2026-03-10", "yearly": False, "hours": {}, "label": {"es": "Fiesta", "en": "Feast"}}


@pytest.fixture
def hours(cast: Cast, clock) -> Calendar:
    """The hours of IT and of those who ask it."""
    clock.move_to(at("fri 09:00"))
    content = {"name": "IT", "zone": "Europe/Madrid", "hours": WEEK, "exceptions": []}
    made = levels.create_calendar(content, cast.admin, at("fri 09:00"))
    both = [cast.it.id, cast.head.department_id]
    levels.assign(made, both, both, cast.admin)
    return made


def close_tuesday(hours: Calendar, by, when: str, clock) -> None:
    clock.move_to(at(when))
    content = {**content_of(hours), "exceptions": [TUESDAY]}
    levels.save_draft(levels.draft_change(hours, content, hours.version, by, at(when)), by, at(when))
    db.session.commit()
    jobs.run_jobs()


def told(message: str = "requests/date_moved") -> list[int]:
    return sorted(db.session.scalars(select(Notification.recipient_id).where(Notification.message == message)))


def mailed() -> list[int]:
    return sorted(db.session.scalars(select(Outbox.recipient_id).where(Outbox.message == "requests/date_moved")))


def test_SL35_who_asked_is_told_once_though_several_clocks_moved(cast: Cast, help_desk, hours, clock):
    level = add_level(-1, 12, service=["it/help"])
    db.session.add(ServiceTarget(level_id=level.id, kind="first_response", amount=10 * 3600, unit="seconds"))
    clock.move_to(at("mon 10:00"))
    request = factory.send(help_desk, cast.employee)
    close_tuesday(hours, cast.admin, "mon 12:00", clock)
    moved = {one.clock.kind: one.at(at("mon 13:00")).due for one in queries.clocks(About("request", request.id))}
    assert moved == {"fulfilment": at("wed 13:00"), "first_response": at("wed 11:00")}
    assert told() == mailed() == [cast.employee.id]


def test_SL35_a_job_that_runs_twice_tells_once(cast: Cast, help_desk, hours, clock):
    add_level(-1, 12, service=["it/help"])
    clock.move_to(at("mon 10:00"))
    factory.send(help_desk, cast.employee)
    close_tuesday(hours, cast.admin, "mon 12:00", clock)
    (job,) = db.session.scalars(select(jobs.Job).where(jobs.Job.kind == TELL))
    tell_moved(job.payload)
    assert told() == [cast.employee.id]


def test_SL35_while_it_waits_for_approval_the_date_of_the_decision_is_told(cast: Cast, approved_first, hours, clock):
    add_level(-1, 12, service=["it/nothing"])
    clock.move_to(at("mon 17:00"))
    factory.send(approved_first, cast.employee)
    close_tuesday(hours, cast.admin, "mon 17:30", clock)
    assert told() == [cast.employee.id]
    (data,) = db.session.scalars(select(Notification.data).where(Notification.message == "requests/date_moved"))
    assert data["what"] == "approval"


def test_what_does_not_move_tells_nobody(cast: Cast, help_desk, hours, clock):
    add_level(-1, 4, service=["it/help"])
    clock.move_to(at("mon 10:00"))
    request = factory.send(help_desk, cast.employee)
    actions.solve(request, cast.agent, "Done.", at("mon 11:00"))
    factory.send(help_desk, cast.employee)
    close_tuesday(hours, cast.admin, "mon 12:00", clock)
    assert told() == []


def test_mail_of_progress_can_be_switched_off_and_the_bell_stays(cast: Cast, help_desk, hours, clock):
    add_level(-1, 12, service=["it/help"])
    cast.employee.mail_of_progress = False
    clock.move_to(at("mon 10:00"))
    factory.send(help_desk, cast.employee)
    close_tuesday(hours, cast.admin, "mon 12:00", clock)
    assert (told(), mailed()) == ([cast.employee.id], [])


SAID = [
    ("es", "Ahora prometida para el mié 11 mar, 13:00", "La fecha pasa a ser mié 11 mar, 13:00; antes, mañana, 13:00."),
    ("en", "Promised for Wed Mar 11, 13:00 now", "The date is Wed Mar 11, 13:00 now, before tomorrow, 13:00:"),
]


@pytest.mark.parametrize(("language", "bell", "history"), SAID)
def test_bell_and_page_say_the_old_and_the_new_date(app, cast: Cast, help_desk, hours, clock, language, bell, history):
    add_level(-1, 12, service=["it/help"])
    cast.employee.language = language
    clock.move_to(at("mon 10:00"))
    request = factory.send(help_desk, cast.employee)
    before, reference = request.revision, request.reference
    close_tuesday(hours, cast.admin, "mon 12:00", clock)
    client = sign_in(app.test_client(), cast.employee)
    assert bell in client.get("/notifications").text.replace("\xa0", " ")
    assert history in client.get(f"/requests/{reference}").text.replace("\xa0", " ")
    assert db.session.scalars(select(Request.revision)).one() > before
    with force_locale(language):
        assert db.session.scalars(select(Request.queue_at)).one() == at("wed 13:00")
