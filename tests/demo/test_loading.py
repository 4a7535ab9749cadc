"""The demo loads on both databases, shows every state, and lets in whom the contract names."""

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.approvals.models import ApprovalDecision, ApprovalEvent
from portal.audit.models import AuditEntry
from portal.catalogue.models import Draft, FormVersion, Service
from portal.catalogue.queries import form_of, published_version
from portal.conversations.models import Comment, Watcher
from portal.core import clock
from portal.core.db import db
from portal.knowledge.models import StandardAcknowledgement, StandardVersion
from portal.notifications.models import Notification, Outbox
from portal.people.models import Department, Person, Role
from portal.people.queries import absence_of, has_role
from portal.requests.models import Request, RequestEvent, State
from portal.service_levels.models import Clock, ClockInterval, ExpectedDate, PauseReason
from portal.service_levels.queries import About, clock_of
from portal.teams.models import Team
from tests.cast.people import PASSWORD
from tests.conftest import MakeApp

SIGN_INS = {
    "employee": Role.EMPLOYEE,
    "employee2": Role.EMPLOYEE,
    "head": Role.HEAD,
    "head2": Role.HEAD,
    "delegate": Role.EMPLOYEE,
    "agent": Role.AGENT,
    "trainer": Role.TRAINER,
    "editor": Role.COMMUNICATIONS,
    "improver": Role.IMPROVER,
    "admin": Role.ADMINISTRATOR,
    "auditor": Role.AUDITOR,
    "partner": Role.PARTNER,
}


def person(key: str) -> Person:
    return db.session.scalars(select(Person).where(Person.email == f"{key}@demo.example")).one()


def count(model: type, *conditions) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


@pytest.mark.parametrize(("key", "role"), SIGN_INS.items())
def test_everybody_of_the_contract_signs_in_with_their_role(
    demo: Flask, monkeypatch: pytest.MonkeyPatch, key: str, role: Role
) -> None:
    monkeypatch.setitem(demo.config, "PORTAL_ENV", "demo")  # where no second factor is asked
    answer = demo.test_client().post("/sign-in", data={"name": f"{key}@demo.example", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")
    assert role == Role.EMPLOYEE or has_role(person(key), role)


def test_employee_and_head_are_of_one_department_and_employee2_of_another(demo: Flask) -> None:
    assert person("employee").department_id == person("head").department_id != person("employee2").department_id
    assert person("agent").department_id == person("head2").department_id
    assert absence_of(person("head").id, clock.now()).delegate.email == "delegate@demo.example"


def test_the_company_has_seven_windows_thirty_one_services_and_200_requests(demo: Flask) -> None:
    assert count(Department) == 9
    windows = db.session.scalars(select(Department).where(Department.number.is_not(None)).order_by(Department.number))
    assert [window.name["es"] for window in windows][::6] == ["Informática (IT)", "Compras"]
    assert count(Person) in range(38, 50)
    assert count(Service, Service.state == "published") == 31
    assert count(Request) == 200


def test_every_state_and_every_kind_of_entry_is_there(demo: Flask) -> None:
    stored = Counter(db.session.scalars(select(Request.state)))
    assert set(stored) == set(State)
    outcomes = set(db.session.scalars(select(ApprovalDecision.outcome)))
    assert outcomes == {"approved", "rejected", "returned"}
    assert count(ApprovalDecision, ApprovalDecision.on_behalf_of_id.is_not(None))
    assert count(Comment, Comment.internal)
    assert count(Watcher)
    assert count(Draft, Draft.sent_at.is_(None)) == 6
    assert count(Notification, Notification.read_at.is_(None)) in range(20, 250)
    kinds = set(db.session.scalars(select(RequestEvent.kind)))
    assert {
        "sent",
        "opened",
        "taken",
        "asked",
        "answered",
        "solved",
        "reopened",
        "closed",
        "rejected",
        "withdrawn",
        "handed_over",
        "split",
    } <= kinds
    assert db.session.scalars(select(ApprovalEvent).where(ApprovalEvent.name == "blocked")).all()


def test_everything_happened_before_now_and_in_order(demo: Flask) -> None:
    now = clock.now()
    for column in (RequestEvent.at, Comment.at, AuditEntry.at, Notification.created_at, ApprovalDecision.at):
        assert db.session.scalar(select(func.max(column))) <= now
    moments = list(db.session.scalars(select(RequestEvent.at).order_by(RequestEvent.id)))
    assert moments == sorted(moments)
    assert moments[0] < now - timedelta(days=100)


def test_it_has_two_teams_that_have_requests_and_a_clock(demo: Flask) -> None:
    held = [count(Request, Request.team_id == team.id) for team in db.session.scalars(select(Team))]
    assert len(held) == 2
    assert min(held) > 5
    assert count(Clock, Clock.kind == "team", Clock.standing == "running", Clock.due_cache.is_not(None))


def test_old_mail_does_not_leave(demo: Flask) -> None:
    yesterday = clock.now() - timedelta(days=1, minutes=10)
    assert count(Outbox, Outbox.state == "queued", Outbox.created_at < yesterday) == 0
    assert count(Outbox, Outbox.state == "queued") < 100  # the news of a day, and invitations to the seats taken in it


def test_forms_of_services_are_written_in_both_languages_and_differ_in_size(demo: Flask) -> None:
    sizes = []
    for service in db.session.scalars(select(Service)):
        version = published_version(service.id)
        form = form_of(version)
        sizes.append(len(form.fields))
        texts = [service.name, service.summary, service.for_whom, service.prepare, service.not_covered]
        texts += [field.label for field in form.fields] + [option.label for field in form.fields for option in field.options]
        assert all(text["es"] and text["en"] for text in texts), service.slug
        for section in form.sections:  # agents read them too
            assert not section.title["es"].startswith(("Tu ", "Tus ")), service.slug
    assert (min(sizes), max(sizes)) == (2, 12)
    contents = str(list(db.session.scalars(select(FormVersion.content))))
    assert all(word in contents for word in ("'condition'", "'options'", "'file'", "'confidential'"))


def test_the_demo_is_loaded_into_an_empty_database_only(demo: Flask) -> None:
    result = demo.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 1
    assert "vacía" in result.output
    assert count(Request) == 200


@pytest.mark.sqlite_only
def test_the_demo_is_not_loaded_in_production(make_app: MakeApp) -> None:
    app = make_app(PORTAL_ENV="production", PORTAL_TRUSTED_HOSTS="portal.example")
    for args in (["demo", "load"], ["demo", "load", "--scale", "10"]):
        result = app.test_cli_runner().invoke(args=args)
        assert result.exit_code == 1
        assert "PORTAL_ENV" in result.output


def test_four_windows_promise_something_and_one_sentence_has_changed(demo: Flask) -> None:
    found = db.session.scalars(select(StandardVersion).join(StandardVersion.standard)).all()
    assert len({version.standard.department_id for version in found}) == 4
    assert max(version.number for version in found) == 2
    assert count(StandardAcknowledgement) > 0


def test_promises_are_shown_raised_waiting_missed_and_asked_for_somebody_else(demo: Flask) -> None:
    """SL51, SL55, AP10: what the cards, the queue and the approvals say of them is worth looking at."""
    raised = db.session.scalars(select(Request).where(Request.external_at.is_not(None), Request.impact == "person")).one()
    assert (raised.priority, raised.state) == ("P3", State.IN_PROGRESS)
    waits = select(PauseReason.key, ClockInterval.resumes_at).join(PauseReason, PauseReason.id == ClockInterval.reason_id)
    assert {"supplier", "waiting_for_requester"} <= {key for key, _until in db.session.execute(waits)}
    given = db.session.scalars(select(ExpectedDate)).one()
    promise = clock_of(About("request", given.subject_id))
    assert promise is not None
    assert promise.at(clock.now()).state == "breached"
    assert given.expected_at > clock.now()
    other = db.session.scalars(select(Request).where(Request.beneficiary_id != Request.requester_id)).one()
    assert (other.requester, other.beneficiary) == (person("agent"), person("employee"))
    above = select(func.count()).select_from(Request).where(Request.amount > 100_000, Request.state == State.WAITING_FOR_APPROVAL)
    assert db.session.scalar(above)
