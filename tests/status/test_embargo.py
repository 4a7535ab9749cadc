"""What is embargoed has no effect outside until its instant, whatever is done before; then it is told once (SP-22, SP-35)."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db
from portal.status import deliveries, passing, queries
from portal.status.actions import incidents, maintenance
from portal.status.models import IncidentUpdate
from tests.conftest import commit
from tests.factories import status as make
from tests.notifications.post_office import open_office
from tests.status.conftest import MONDAY
from tests.status.test_subscribing import subscriber

pytestmark = pytest.mark.sqlite_only
HOUR = timedelta(hours=1)
AT_TEN = MONDAY + HOUR


@pytest.fixture
def office(app, monkeypatch, at_nine):
    with open_office() as office:
        monkeypatch.setitem(app.config, "PORTAL_MAIL_URL", office.url)
        yield office


def pass_to(at_nine, instant):
    """Let the clock and the jobs go on."""
    at_nine.move_to(instant)
    commit()
    passing.work()
    commit()
    deliveries.work()
    db.session.expire_all()


def subjects(office):
    return [str(mail["Subject"]) for mail in office.mails]


def test_SP35_withdrawn_embargoed_incident_is_never_published_nor_mailed(client, office, cast, at_nine):
    subscriber()
    tracking = make.component("Tracking")
    one = make.incident(cast.editor, {tracking: "major_outage"}, published_at=AT_TEN)
    before = client.get("/status/en/").headers["ETag"]
    incidents.retract(one, make.both("Wrong."), cast.editor, clock.now())
    assert client.get("/status/en/").headers["ETag"] == before
    pass_to(at_nine, AT_TEN + HOUR)
    assert office.mails == []
    assert client.get(f"/status/en/incidents/{one.public_id}").status_code == 404
    assert client.get("/api/v2/components.json").json["components"][0]["status"] == "operational"


@pytest.mark.parametrize(("state", "word"), [("identified", "Cause found"), ("resolved", "Resolved")])
def test_SP35_update_of_an_embargoed_incident_is_seen_and_mailed_with_it(office, cast, at_nine, state, word):
    subscriber()
    one = make.incident(cast.editor, published_at=AT_TEN)
    at_nine.move_to(MONDAY + HOUR / 2)
    update = make.say(one, cast.editor, state)
    assert update.published_at == AT_TEN
    pass_to(at_nine, AT_TEN - timedelta(seconds=1))
    assert office.mails == []
    pass_to(at_nine, AT_TEN)
    assert subjects(office) == ["Investigating: Tracking is slow", f"{word}: Tracking is slow"]


def test_SP35_reopened_embargoed_incident_is_told_at_its_publication(office, cast, at_nine):
    subscriber()
    one = make.incident(cast.editor, published_at=AT_TEN)
    make.say(one, cast.editor, "resolved")
    incidents.reopen(one, incidents.Words(make.both("Again."), "identified"), cast.editor, clock.now())
    pass_to(at_nine, MONDAY)
    assert office.mails == []
    pass_to(at_nine, AT_TEN)
    assert subjects(office)[-1] == "Cause found: Tracking is slow"
    assert queries.public_incident(clock.now(), one.public_id).resolved_at is None


def test_SP35_window_begun_under_embargo_is_told_once_at_its_publication(office, cast, at_nine):
    subscriber()
    one = make.window(cast.editor, published_at=AT_TEN)
    maintenance.start(one, make.both("Begun."), cast.editor, clock.now())
    pass_to(at_nine, MONDAY)
    assert office.mails == []
    pass_to(at_nine, AT_TEN)
    assert len(office.mails) == 1


def test_SP35_window_cancelled_under_embargo_is_never_published_nor_mailed(client, office, cast, at_nine):
    subscriber()
    one = make.window(cast.editor, published_at=AT_TEN)
    maintenance.cancel(one, make.both("No."), cast.editor, clock.now())
    pass_to(at_nine, AT_TEN + HOUR)
    assert office.mails == []
    assert client.get(f"/status/en/maintenance/{one.public_id}").status_code == 404


def test_SP22_edit_between_a_publication_and_its_job_swallows_no_mail(office, cast, at_nine):
    subscriber()
    one = make.incident(cast.editor, published_at=AT_TEN)
    at_nine.move_to(AT_TEN + timedelta(seconds=3))
    incidents.rename(one, make.both("Lines are slow"), None, one.revision, cast.editor, clock.now())
    pass_to(at_nine, AT_TEN + timedelta(seconds=5))
    assert subjects(office) == ["Investigating: Lines are slow"]
    pass_to(at_nine, AT_TEN + timedelta(seconds=15))
    assert len(office.mails) == 1
    assert db.session.query(IncidentUpdate).count() == 1


def test_SP13_next_update_is_promised_from_the_publication_on(app, cast, at_nine):
    one = make.incident(cast.editor, published_at=AT_TEN)
    update = make.say(one, cast.editor, "identified", next_due_at=MONDAY + HOUR / 2)
    assert update.next_due_at == AT_TEN + HOUR / 2
