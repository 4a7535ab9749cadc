"""Two requests become one: who sees what, what ends, what cannot happen (requests.md 12, service-levels.md 24)."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.approvals.models import ApprovalSeat
from portal.attachments import actions as attachments
from portal.attachments.models import StoredFile
from portal.audit.models import AuditEntry
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.notifications.models import Notification, Outbox
from portal.people.models import Person
from portal.requests import actions, merged
from portal.requests.models import Request, State
from portal.service_levels import actions as service_levels
from portal.service_levels import queries as levels
from portal.service_levels.models import ClockBreach
from portal.service_levels.queries import About
from tests.cast.people import Cast, sign_in, token_of
from tests.factories import requests as factory


@pytest.fixture
def newer(cast: Cast, help_desk, open_request) -> Request:
    """A later request of somebody else for the same, with a word of each side."""
    made = factory.send(help_desk, cast.employee2, title="NEWERWORD", now=clock.now() + timedelta(minutes=1))
    actions.comment(made, cast.employee2, "ASKERWORD", False, clock.now())
    actions.comment(made, cast.agent, "REPLYWORD", False, clock.now())
    actions.comment(made, cast.agent, "NOTEWORD", True, clock.now())
    db.session.commit()
    return made


def merge(client, one: Request, other: Request, **data):
    return client.post(f"/requests/{one.reference}/merge", data=token_of(client) | {"reference": other.reference} | data)


def test_the_older_one_goes_on_whichever_page_it_was_asked_on(app, cast: Cast, open_request, newer):
    client = sign_in(app.test_client(), cast.agent)
    page = client.get(f"/requests/{open_request.reference}/merge?reference={newer.reference.removeprefix('VEN-')}")
    assert cast.employee2.name in page.text
    answer = merge(client, open_request, newer)
    assert answer.status_code == 303
    assert f"/requests/{open_request.reference}" in answer.headers["Location"]
    assert newer.state == State.CLOSED
    shown = client.get(f"/requests/{open_request.reference}").text
    assert shown.index('id="merged"') < shown.index("ASKERWORD")
    assert "NOTEWORD" in shown
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "request.merged")).one().subject_id == newer.id


def test_the_old_number_leads_to_the_request_that_goes_on(app, cast: Cast, open_request, newer):
    client = sign_in(app.test_client(), cast.agent)
    merge(client, newer, open_request)
    answer = client.get(f"/requests/{newer.reference}")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"/requests/{open_request.reference}")
    original = client.get(f"/requests/{newer.reference}?original=1").text
    assert "Unida" in original
    assert open_request.reference in original
    part = client.get(f"/requests/{newer.reference}", headers={"HX-Request": "true", "HX-Target": "div#request_head"})
    assert part.status_code == 200
    assert "Unida" in part.text
    assert "Unida" in client.get("/requests/queue?state=closed").text


def test_RQ12_without_the_tick_the_other_requester_sees_merged_and_keeps_own_text_only(app, cast: Cast, open_request, newer):
    merge(sign_in(app.test_client(), cast.agent), newer, open_request)
    client = sign_in(app.test_client(), cast.employee2)
    page = client.get(f"/requests/{newer.reference}")
    assert page.status_code == 200
    assert "Unida" in page.text
    assert "ASKERWORD" in page.text
    for hidden in ("REPLYWORD", "NOTEWORD", open_request.reference, open_request.title):
        assert hidden not in page.text
    assert client.get(f"/requests/{open_request.reference}").status_code == 404
    survivor = sign_in(app.test_client(), cast.employee).get(f"/requests/{open_request.reference}").text
    for hidden in ("ASKERWORD", "REPLYWORD", "NOTEWORD", newer.reference, "NEWERWORD"):
        assert hidden not in survivor
    told = db.session.scalars(select(Notification.recipient_id).where(Notification.message == "requests/merged")).all()
    assert told == [cast.employee2.id]
    assert not db.session.scalars(select(Outbox).where(Outbox.message.like("requests/merged%"))).all()


def test_RQ12_files_go_with_the_words_they_came_with(app, cast: Cast, open_request, newer):
    theirs = attachments.store(FileStorage(io.BytesIO(b"x"), filename="a.txt"), cast.agent, 10, clock.now())
    own = attachments.store(FileStorage(io.BytesIO(b"x"), filename="b.txt"), cast.employee2, 10, clock.now())
    actions.comment(newer, cast.agent, "With a file", False, clock.now(), files=(theirs,))
    actions.comment(newer, cast.employee2, "Mine too", False, clock.now(), files=(own,))
    actions.merge(newer, open_request, (), cast.agent, clock.now())
    db.session.commit()

    def status(reader: Person, file: StoredFile) -> int:
        with sign_in(app.test_client(), reader).get(f"/files/{file.public_id}") as answer:
            return answer.status_code

    assert (status(cast.employee2, theirs), status(cast.employee2, own), status(cast.agent, theirs)) == (404, 200, 200)


def test_RQ12_with_the_tick_the_other_requester_reads_the_one_that_goes_on(app, cast: Cast, open_request, newer):
    agent = sign_in(app.test_client(), cast.agent)
    assert merge(agent, newer, open_request, admitted=cast.employee2.public_id).status_code == 303
    client = sign_in(app.test_client(), cast.employee2)
    assert client.get(f"/requests/{newer.reference}").headers["Location"].startswith(f"/requests/{open_request.reference}")
    page = client.get(f"/requests/{open_request.reference}").text
    assert "REPLYWORD" in page
    assert "NOTEWORD" not in page
    mails = db.session.scalars(select(Outbox).where(Outbox.message == "requests/merged_into")).all()
    assert [mail.recipient_id for mail in mails] == [cast.employee2.id]


def test_CM10_what_is_said_about_a_request_merged_twice_lands_in_the_last(app, cast: Cast, help_desk, open_request, newer):
    last = factory.send(help_desk, cast.employee2, now=clock.now() + timedelta(minutes=2))
    actions.merge(newer, last, (), cast.agent, clock.now())
    actions.merge(newer, open_request, {cast.employee2.id}, cast.agent, clock.now())
    assert merged.target_of(last).id == open_request.id
    made = actions.comment(last, cast.employee2, "LANDEDWORD", False, clock.now())
    assert made.subject_id == open_request.id
    page = sign_in(app.test_client(), cast.agent).get(f"/requests/{open_request.reference}").text
    assert page.count('id="merged_') >= 2
    assert "LANDEDWORD" in page


def test_without_the_right_to_read_the_other_one_nothing_is_said_about_a_merged_request(app, cast: Cast, open_request, newer):
    actions.merge(newer, open_request, (), cast.agent, clock.now())
    with pytest.raises(Refused):
        actions.comment(newer, cast.employee2, "LOSTWORD", False, clock.now())


def test_what_is_merged_is_merged_once_and_never_in_a_circle(app, cast: Cast, help_desk, open_request, newer):
    actions.merge(newer, open_request, (), cast.agent, clock.now())
    for one, other in ((newer, open_request), (open_request, newer)):
        with pytest.raises(Refused, match=newer.reference):
            actions.merge(one, other, (), cast.agent, clock.now())
    with pytest.raises(Refused):
        actions.merge(open_request, open_request, (), cast.agent, clock.now())
    with pytest.raises(Refused):
        actions.reopen(newer, cast.employee2, "Again", clock.now())
    client = sign_in(app.test_client(), cast.agent)
    answer = merge(client, newer, open_request)
    assert answer.status_code == 409
    assert newer.reference in answer.text


def test_merging_ends_the_open_seats_of_the_approval_AP17(app, cast: Cast, open_request, approved_first):
    waiting = factory.send(approved_first, cast.employee, now=clock.now() + timedelta(minutes=1))
    actions.merge(waiting, open_request, (), cast.agent, clock.now())
    assert waiting.state == State.CLOSED
    assert not db.session.scalars(select(ApprovalSeat).where(ApprovalSeat.ended_at.is_(None))).all()


def test_SL46_what_was_merged_before_its_due_is_never_late_and_the_other_keeps_its_clock(app, cast: Cast, open_request, newer):
    kept = levels.clock_of(About("request", open_request.id), "fulfilment")
    before = kept.at(clock.now()).due
    actions.merge(newer, open_request, (), cast.agent, clock.now())
    later = clock.now() + timedelta(days=60)
    gone = levels.clock_of(About("request", newer.id), "fulfilment").at(later)
    assert gone.running is False
    assert gone.late is False
    service_levels.settle(About("request", newer.id), later)
    assert not db.session.scalars(select(ClockBreach)).all()
    assert levels.clock_of(About("request", open_request.id), "fulfilment").at(clock.now()).due == before


def test_only_requests_of_one_queue_that_the_agent_works_on_are_merged(app, cast: Cast, open_request, newer):
    foreign = factory.send(factory.service(cast.finance, slug="money"), cast.employee)
    client = sign_in(app.test_client(), cast.agent)
    answers = [merge(client, open_request, foreign)]
    data = token_of(client) | {"reference": "VEN-000000000"}
    answers.append(client.post(f"/requests/{open_request.reference}/merge", data=data))
    errors = [answer.text.split('id="error_summary"')[1].split("</ul>")[0] for answer in answers]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert errors[0] == errors[1]
    assert merge(client, open_request, open_request).status_code == 422
    assert merge(client, open_request, newer, admitted="zzzzzzzzzzzz").status_code == 422
    assert merge(sign_in(app.test_client(), cast.employee), open_request, newer).status_code == 403
    assert merge(sign_in(app.test_client(), cast.stranger), open_request, newer).status_code == 404
