"""Many requests for measurements are as consistent as those that the actions make."""

from flask import Flask
from sqlalchemy import func, select, text

from portal.conversations.models import Comment
from portal.core.db import db
from portal.people.models import Department
from portal.requests.models import Assignment, Request, RequestAnswers, RequestEvent, State
from portal.search.models import Entry
from tests.demo.conftest import MANY

DEMO = 200
WORKED_ON = (State.IN_PROGRESS, State.WAITING_FOR_REQUESTER, State.SOLVED, State.CLOSED)


def test_scale_adds_requests_with_all_that_belongs_to_them(larger: Flask) -> None:
    added = select(Request.id).where(Request.send_key.startswith("scale-"))
    ids = list(db.session.scalars(added))
    assert len(ids) == MANY
    assert db.session.scalar(select(func.count()).where(Department.number.is_not(None))) == 40
    comments = select(func.count()).where(Comment.subject_kind == "request", Comment.subject_id.in_(ids))
    assert db.session.scalar(comments) == 3 * MANY
    for model in (RequestAnswers, RequestEvent):
        assert set(db.session.scalars(select(model.request_id).where(model.request_id.in_(ids)))) == set(ids)
    taken = set(db.session.scalars(added.where(Request.state.in_(WORKED_ON))))
    assert set(db.session.scalars(select(Assignment.request_id).where(Assignment.request_id.in_(ids)))) == taken
    found = select(func.count()).where(Entry.kind == "request")
    assert db.session.scalar(found) == MANY + DEMO
    after = db.session.scalar(select(func.max(Request.created_at)))
    assert after <= db.session.scalar(select(func.max(RequestEvent.at)))
    if db.engine.dialect.name == "postgresql":  # its own counter goes on after what was numbered here
        last = db.session.scalar(text("SELECT last_value FROM request_id_seq"))
        assert last == db.session.scalar(select(func.max(Request.id)))
