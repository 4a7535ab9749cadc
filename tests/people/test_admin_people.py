"""Administration of people: PE-11, PE-12, and the five questions of every page."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts import actions as accounts
from portal.accounts import factors
from portal.accounts.models import OneTimeToken, Session
from portal.core import clock, events
from portal.core.db import db
from portal.core.errors import Refused
from portal.people import actions
from portal.people.events import PersonDeactivated, RoleGranted
from portal.people.models import Absence, Person, Role, RoleGrant
from portal.people.queries import departments_as, forget_grants, has_role
from tests.accounts.helpers import enrol
from tests.cast.people import Cast, away, build, grant, sign_in, token_of
from tests.racing import each_round, race

GETS = [
    "/admin/people",
    "/admin/people/new",
    "/admin/people/{person}",
    "/admin/people/import",
    "/admin/departments",
    "/admin/departments/new",
    "/admin/departments/it",
]
POSTS = [
    "/admin/people",
    "/admin/people/{person}",
    "/admin/people/{person}/roles",
    "/admin/people/{person}/roles/ending",
    "/admin/people/{person}/deactivation",
    "/admin/people/{person}/reactivation",
    "/admin/people/{person}/sessions/ending",
    "/admin/people/{person}/factor/removal",
    "/admin/people/{person}/absences/unknown/ending",
    "/admin/people/import",
    "/admin/people/import/unknown",
    "/admin/departments",
    "/admin/departments/it",
]
READ_BY_AUDITORS = {"/admin/people", "/admin/people/{person}", "/admin/departments", "/admin/departments/it"}


@pytest.fixture
def admin(client: FlaskClient, cast: Cast) -> FlaskClient:
    """An administrator who has just shown again who they are."""
    return sign_in(client, cast.admin, confirmed=True)


@pytest.fixture
def facts() -> Iterator[list[Any]]:
    seen: list[Any] = []
    for event in (PersonDeactivated, RoleGranted):
        events.subscribe(event, seen.append)
    yield seen
    for event in (PersonDeactivated, RoleGranted):
        events._subscribers[event].remove(seen.append)


def send(client: FlaskClient, url: str, **data: Any) -> Any:
    return client.post(url, data=token_of(client) | data)


def fresh(person: Person) -> Person:
    db.session.rollback()
    forget_grants()
    return db.session.get_one(Person, person.id, populate_existing=True)


@pytest.mark.parametrize("url", GETS)
@pytest.mark.parametrize("who", ["employee", "head", "agent", "auditor", "admin", None])
def test_who_opens_a_page_of_the_administration(client: FlaskClient, cast: Cast, url: str, who: str | None) -> None:
    if who:
        sign_in(client, getattr(cast, who))
    answer = client.get(url.format(person=cast.colleague.public_id))
    allowed = who == "admin" or (who == "auditor" and url in READ_BY_AUDITORS)
    assert answer.status_code == (200 if allowed else 303 if who is None else 403)
    if allowed:
        assert answer.text.count("<h1") == 1


@pytest.mark.parametrize("url", POSTS)
@pytest.mark.parametrize("who", ["employee", "head", "auditor"])
def test_nobody_else_changes_anything(client: FlaskClient, cast: Cast, url: str, who: str) -> None:
    sign_in(client, getattr(cast, who), confirmed=True)
    before = db.session.scalars(select(RoleGrant.id)).all(), db.session.scalars(select(Person.revision)).all()
    answer = send(client, url.format(person=cast.colleague.public_id), role="trainer", name="X")
    assert answer.status_code == 403
    db.session.rollback()
    assert (db.session.scalars(select(RoleGrant.id)).all(), db.session.scalars(select(Person.revision)).all()) == before


@pytest.mark.parametrize("url", [url for url in POSTS if "{person}" in url])
def test_an_unknown_person_is_not_there(admin: FlaskClient, url: str) -> None:
    assert send(admin, url.format(person="abcdefghijkl")).status_code == 404


@pytest.mark.parametrize("url", [url for url in POSTS if url not in GETS])
def test_a_change_is_never_a_link(admin: FlaskClient, cast: Cast, url: str) -> None:
    if "import" not in url:
        assert admin.get(url.format(person=cast.colleague.public_id)).status_code == 405


# Adding and changing

ENTRY = {
    "name": "Nora  Quiles ",
    "email": "Nora@Demo.Example",
    "employee_number": "7",
    "department": "finance",
    "manager": "Fermín Costa",
    "job_title_es": "Contable",
    "job_title_en": "",
}


def test_a_person_is_added_and_chooses_a_password_by_link(admin: FlaskClient, cast: Cast) -> None:
    answer = send(admin, "/admin/people", **ENTRY)
    person = db.session.scalars(select(Person).where(Person.email == "nora@demo.example")).one()
    assert answer.location == f"/admin/people/{person.public_id}"
    assert (person.name, person.sort_name, person.manager_id) == ("Nora Quiles", "nora quiles", cast.finance_head.id)
    assert person.job_title == {"es": "Contable"}
    token = accounts.issue_reset_token(person.id, clock.now())
    browser = admin.application.test_client()
    assert browser.post(f"/sign-in/reset/{token}", data={"password": "correct horse battery"}).status_code == 303
    typed = {"name": "NORA@demo.example", "password": "correct horse battery"}
    assert browser.post("/sign-in", data=typed).location == "/"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"email": ""},
        {"email": "nora"},
        {"email": "n\u200bora@demo.example"},
        {"email": "employee@demo.example"},
        {"email": "EMPLOYEE@demo.example"},
        {"department": "unknown"},
        {"department": ""},
        {"manager": "Nobody Atall"},
        {"name": "x" * 121},
    ],
    ids=str,
)
def test_an_entry_that_cannot_be_is_refused_and_kept(admin: FlaskClient, cast: Cast, wrong: dict[str, str]) -> None:
    answer = send(admin, "/admin/people", **(ENTRY | wrong))
    assert answer.status_code == 422
    assert "Contable" in answer.text
    db.session.rollback()
    assert db.session.scalar(select(Person.id).where(Person.job_title.is_not(None))) is None


def test_R28_an_entry_changes_and_a_stale_one_is_shown_beside(admin: FlaskClient, cast: Cast) -> None:
    url = f"/admin/people/{cast.employee.public_id}"
    entry = ENTRY | {"email": cast.employee.email}
    assert send(admin, url, **entry, revision="1").status_code == 303
    assert fresh(cast.employee).department_id == cast.finance.id
    stale = send(admin, url, **(entry | {"name": "Another Name"}), revision="1")
    assert stale.status_code == 409
    assert "Nora Quiles" in stale.text
    assert "Another Name" in stale.text
    assert fresh(cast.employee).name == "Nora Quiles"


def test_another_mail_address_asks_who_one_is(client: FlaskClient, cast: Cast) -> None:
    """SE-7."""
    sign_in(client, cast.admin)
    answer = send(client, f"/admin/people/{cast.employee.public_id}", **ENTRY, revision="1")
    assert "/account/confirmation" in answer.location
    assert fresh(cast.employee).email == "employee@demo.example"
    sign_in(client, cast.admin, confirmed=True)
    assert send(client, f"/admin/people/{cast.employee.public_id}", **ENTRY, revision="1").status_code == 303
    assert fresh(cast.employee).email == "nora@demo.example"


# Giving and ending roles


def roles_url(person: Person) -> str:
    return f"/admin/people/{person.public_id}/roles"


def test_PE_11_a_role_counts_at_once(admin: FlaskClient, cast: Cast) -> None:
    editor = sign_in(admin.application.test_client(), cast.employee)
    assert editor.get("/admin/people").status_code == 403
    grant(cast.employee, Role.ADMINISTRATOR)
    assert editor.get("/admin/people").status_code == 200
    answer = send(admin, roles_url(cast.employee) + "/ending", role="administrator")
    assert answer.status_code == 303
    assert editor.get("/admin/people").status_code == 403


def test_PE_11_a_role_needs_the_password_again(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.admin)
    for url in (roles_url(cast.employee), roles_url(cast.employee) + "/ending"):
        assert "/account/confirmation" in send(client, url, role="trainer").location
    fresh(cast.employee)
    assert not has_role(cast.employee, Role.TRAINER)


def test_PE_11_nobody_changes_the_own_roles(admin: FlaskClient, cast: Cast) -> None:
    for url in (roles_url(cast.admin), roles_url(cast.admin) + "/ending"):
        answer = send(admin, url, role="administrator")
        assert answer.status_code == 403
    with pytest.raises(Refused):
        actions.grant(cast.admin, Role.TRAINER, None, cast.admin, clock.now())


def test_naming_a_head_grants_agent_and_catalogue_editor_visibly(admin: FlaskClient, cast: Cast, facts: list[Any]) -> None:
    answer = send(admin, roles_url(cast.employee), role="head", scope="finance")
    assert answer.status_code == 303
    person = fresh(cast.employee)
    for role in (Role.HEAD, Role.AGENT, Role.CATALOGUE_EDITOR):
        assert departments_as(person, role) == [cast.finance.id]
    assert [fact.role for fact in facts] == ["head", "agent", "catalogue_editor"]
    page = admin.get(f"/admin/people/{person.public_id}").text
    assert page.count('value="finance"') >= 3
    assert send(admin, roles_url(person) + "/ending", role="agent", scope="finance").status_code == 303
    person = fresh(person)
    assert (departments_as(person, Role.AGENT), departments_as(person, Role.HEAD)) == ([], [cast.finance.id])


@pytest.mark.parametrize(
    ("role", "scope", "until", "status"),
    [
        ("trainer", "", "", 303),
        ("trainer", "", "2199-12-31", 303),
        ("agent", "it", "", 303),
        ("trainer", "it", "", 409),
        ("agent", "", "", 409),
        ("trainer", "", "2001-01-01", 409),
        ("trainer", "", "soon", 409),
        ("", "", "", 409),
        ("employee", "", "", 409),
        ("god", "", "", 409),
        ("agent", "unknown", "", 409),
    ],
)
def test_roles_that_can_and_cannot_be_given(
    admin: FlaskClient, cast: Cast, role: str, scope: str, until: str, status: int
) -> None:
    before = len(db.session.scalars(select(RoleGrant)).all())
    assert send(admin, roles_url(cast.employee), role=role, scope=scope, until=until).status_code == status
    db.session.rollback()
    assert len(db.session.scalars(select(RoleGrant)).all()) == before + (status == 303)


def test_the_same_role_twice_is_one(admin: FlaskClient, cast: Cast) -> None:
    for _ in range(2):
        assert send(admin, roles_url(cast.employee), role="trainer").status_code == 303
    assert len(db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == cast.employee.id)).all()) == 1


def test_a_role_that_is_over_cannot_be_ended(admin: FlaskClient, cast: Cast) -> None:
    assert send(admin, roles_url(cast.employee) + "/ending", role="trainer").status_code == 409
    assert send(admin, roles_url(cast.employee) + "/ending", role="god").status_code == 400


def test_an_auditor_has_no_other_role(admin: FlaskClient, cast: Cast) -> None:
    assert send(admin, roles_url(cast.auditor), role="trainer").status_code == 409
    assert send(admin, roles_url(cast.trainer), role="auditor").status_code == 409
    assert send(admin, roles_url(cast.employee), role="auditor").status_code == 303


def test_PE_11_the_last_administrator_stays(app: Flask, cast: Cast) -> None:
    second = grant(cast.employee, Role.ADMINISTRATOR)
    actions.revoke(cast.admin, Role.ADMINISTRATOR, None, cast.employee, clock.now())
    with pytest.raises(Refused):
        actions.deactivate(cast.employee, cast.admin, clock.now())
    with pytest.raises(Refused):
        actions.revoke(cast.employee, Role.ADMINISTRATOR, None, cast.admin, clock.now())
    assert second.until_at is None


@pytest.mark.parametrize("verb", ["revoke", "deactivate"])
@race
@each_round
def test_PE_T21_of_two_who_remove_each_other_one_remains(real_app: Flask, verb: str, round_: int) -> None:
    with real_app.app_context():
        cast = build()
        grant(cast.employee, Role.ADMINISTRATOR)
        db.session.commit()
        pairs = [(cast.admin.id, cast.employee.id), (cast.employee.id, cast.admin.id)]
    found: list[str] = []

    def remove(by_id: int, person_id: int) -> None:
        with real_app.app_context():
            by, person = db.session.get_one(Person, by_id), db.session.get_one(Person, person_id)
            try:
                if verb == "revoke":
                    actions.revoke(person, Role.ADMINISTRATOR, None, by, clock.now())
                else:
                    actions.deactivate(person, by, clock.now())
                db.session.commit()
                found.append("removed")
            except Refused:
                db.session.rollback()
                found.append("refused")

    threads = [threading.Thread(target=remove, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["refused", "removed"]


# Ending access: PE-12


def test_PE_12_ending_access_ends_everything_at_once(admin: FlaskClient, cast: Cast, facts: list[Any]) -> None:
    leaver = sign_in(admin.application.test_client(), cast.head)
    token = accounts.issue_reset_token(cast.head.id, clock.now())
    away(cast.head, cast.delegate)
    away(cast.agent, cast.head)
    kept = away(cast.agent2, cast.delegate)
    assert send(admin, f"/admin/people/{cast.head.public_id}/deactivation").status_code == 303
    assert leaver.get("/").status_code == 303
    db.session.rollback()
    assert db.session.scalars(select(Absence.id).where(Absence.revoked_at.is_(None))).all() == [kept.id]
    assert db.session.scalars(select(Session).where(Session.person_id == cast.head.id)).all() == []
    assert db.session.scalars(select(OneTimeToken).where(OneTimeToken.used_at.is_(None))).all() == []
    assert admin.application.test_client().get(f"/sign-in/reset/{token}").status_code == 404
    assert facts == [PersonDeactivated(cast.head.id, cast.admin.id)]
    assert send(admin, f"/admin/people/{cast.head.public_id}/deactivation").status_code == 303
    assert len(facts) == 1, "twice is once"


def test_nobody_ends_the_own_access(admin: FlaskClient, cast: Cast) -> None:
    assert send(admin, f"/admin/people/{cast.admin.public_id}/deactivation").status_code == 403
    assert fresh(cast.admin).active


def test_access_can_be_given_back_and_delegations_stay_ended(admin: FlaskClient, cast: Cast) -> None:
    away(cast.head, cast.delegate)
    url = f"/admin/people/{cast.head.public_id}"
    send(admin, f"{url}/deactivation")
    assert "/admin/people" in send(admin, f"{url}/reactivation").location
    assert fresh(cast.head).active
    assert db.session.scalar(select(Absence.id).where(Absence.revoked_at.is_(None))) is None


def test_an_administrator_signs_somebody_out_everywhere(admin: FlaskClient, cast: Cast) -> None:
    other = sign_in(admin.application.test_client(), cast.employee)
    assert send(admin, f"/admin/people/{cast.employee.public_id}/sessions/ending").status_code == 303
    assert other.get("/").status_code == 303


def test_a_lost_second_factor_is_taken_away(client: FlaskClient, cast: Cast) -> None:
    enrol(cast.agent)
    other = sign_in(client.application.test_client(), cast.agent)
    url = f"/admin/people/{cast.agent.public_id}/factor/removal"
    sign_in(client, cast.admin)
    assert "/account/confirmation" in send(client, url).location
    sign_in(client, cast.admin, confirmed=True)
    assert send(client, url).status_code == 303
    assert not factors.has_factor(cast.agent.id)
    assert other.get("/").status_code == 303
    assert send(client, url).status_code == 409, "there is none any more"
    assert send(client, f"/admin/people/{cast.admin.public_id}/factor/removal").status_code == 403


def test_an_administrator_ends_a_delegation(admin: FlaskClient, cast: Cast) -> None:
    absence = away(cast.head, cast.delegate)
    base = f"/admin/people/{{}}/absences/{absence.public_id}/ending"
    assert send(admin, base.format(cast.employee.public_id)).status_code == 404, "of another person"
    assert send(admin, base.format(cast.head.public_id)).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Absence, absence.id).revoked_at is not None


@pytest.mark.parametrize("query", ["state=maybe", "q=a&q=b", "page=x"])
def test_a_malformed_address_is_refused(admin: FlaskClient, query: str) -> None:
    assert admin.get(f"/admin/people?{query}").status_code == 400


def test_the_list_finds_by_name_and_state(admin: FlaskClient, cast: Cast) -> None:
    assert cast.deactivated.name in admin.get("/admin/people?state=inactive").text
    assert cast.employee.name not in admin.get("/admin/people?state=inactive").text
    assert cast.employee.name in admin.get("/admin/people?q=ferrer").text
