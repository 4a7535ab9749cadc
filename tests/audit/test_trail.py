"""The audit trail is added to and never changed, whoever asks the database."""

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from portal.audit import actions
from portal.audit.models import AuditEntry
from portal.core import clock as time
from portal.core.db import db
from portal.core.events import publish
from portal.people import events as people
from tests.cast.people import PASSWORD, Cast, sign_in


def record(cast: Cast) -> None:
    actions.record(cast.head, "thing.changed", "thing", 7, before={"n": 1}, after={"n": 2}, on_behalf_of=cast.employee)
    db.session.commit()


def test_entry_says_who_for_whom_what_and_from_what_to_what(cast: Cast) -> None:
    record(cast)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.on_behalf_of, entry.action) == (cast.head, cast.employee, "thing.changed")
    assert (entry.subject_kind, entry.subject_id, entry.before, entry.after) == ("thing", 7, {"n": 1}, {"n": 2})
    assert (entry.request_id, entry.network) == ("", "")


@pytest.mark.parametrize(
    "statement",
    [update(AuditEntry).values(action="nothing"), delete(AuditEntry), text("DELETE FROM audit_entry")],
    ids=["update", "delete", "plain delete"],
)
def test_R29_database_refuses_to_change_or_delete_entries(cast: Cast, statement) -> None:
    record(cast)
    with pytest.raises(DBAPIError, match=r"never|only ever"):
        db.session.execute(statement)
    db.session.rollback()
    assert db.session.scalars(select(AuditEntry)).one().action == "thing.changed"


@pytest.mark.postgresql_only
def test_R29_table_cannot_be_emptied(cast: Cast) -> None:
    record(cast)
    with pytest.raises(DBAPIError, match="only ever"):
        db.session.execute(text("TRUNCATE audit_entry"))


def test_refusal_with_a_reason_is_recorded_after_the_answer(cast: Cast, client) -> None:
    answer = sign_in(client, cast.employee).get("/admin/jobs")
    assert answer.status_code == 403
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.action, entry.after["route"]) == (cast.employee, "access.refused", "machines.timed_work")
    assert entry.after["reason"]
    assert len(entry.request_id) == 12
    assert entry.network == "127.0.0.1"


def recorded() -> list[tuple[str, int | None, int]]:
    found = select(AuditEntry.action, AuditEntry.actor_id, AuditEntry.subject_id).order_by(AuditEntry.id)
    return [tuple(row) for row in db.session.execute(found)]


def test_SE62_roles_and_people_leave_entries(cast: Cast) -> None:
    publish(people.RoleGranted(cast.agent.id, "head", cast.it.id, cast.admin.id))
    publish(people.PersonChanged(cast.agent.id, None, {"name": "Nuria"}, {"name": "Nuria C.", "created_at": time.now()}))
    publish(people.DelegationStarted(7, cast.head.id, cast.delegate.id, time.now(), time.now()))
    assert recorded() == [
        ("role.granted", cast.admin.id, cast.agent.id),
        ("person.changed", None, cast.agent.id),
        ("delegation.started", cast.head.id, 7),
    ]
    granted, changed, _ = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    assert granted.after == {"role": "head", "department_id": cast.it.id}
    assert (changed.before, changed.after["name"]) == ({"name": "Nuria"}, "Nuria C.")


def test_SE62_signing_in_and_failing_to_leave_entries_without_the_typed_name(cast: Cast, client) -> None:
    client.post("/sign-in", data={"name": "employee@demo.example", "password": "wrong"})
    client.post("/sign-in", data={"name": "nobody@demo.example", "password": "wrong"})
    client.post("/sign-in", data={"name": "employee@demo.example", "password": PASSWORD})
    assert recorded() == [
        ("session.refused", None, cast.employee.id),
        ("session.refused", None, 0),
        ("session.started", cast.employee.id, cast.employee.id),
    ]
    assert "nobody" not in str([entry.__dict__ for entry in db.session.scalars(select(AuditEntry))])
