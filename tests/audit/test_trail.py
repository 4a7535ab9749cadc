"""The audit trail is added to and never changed, whoever asks the database."""

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from portal.audit import actions
from portal.audit.models import AuditEntry
from portal.core.db import db
from tests.cast.people import Cast, sign_in


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
