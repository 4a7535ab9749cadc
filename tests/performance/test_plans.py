"""The reader of plans tells a table read from end to end from one that is looked up."""

import re

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.core.db import db
from portal.requests.models import ACTIVE, QUEUE_ORDER, Request, stored_in
from tests.performance import plans
from tests.performance.meter import Statement, statements


@pytest.mark.parametrize(
    ("condition", "whole"), [((), True), ((Request.id == 1,), False), ((Request.title_folded == "a",), True)]
)
def test_a_whole_reading_of_requests_is_named(app: Flask, condition: tuple, whole: bool) -> None:
    if db.engine.dialect.name == "postgresql":  # which reads a table of no rows from end to end, if it has counted them
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
    with statements(db.engine) as found:
        db.session.execute(select(Request.title).where(*condition))
    assert bool(plans.scans(found)) is whole


@pytest.mark.parametrize("team_id", [7, None], ids=["a team", "none"])
def test_the_queue_of_a_team_is_read_in_its_order(app: Flask, team_id: int | None) -> None:
    of_team = Request.team_id.is_(None) if team_id is None else Request.team_id == team_id
    first = select(Request.id).where(Request.department_id == 1, of_team, stored_in(ACTIVE)).order_by(*QUEUE_ORDER).limit(25)
    if db.engine.dialect.name == "postgresql":
        for way in ("seqscan", "bitmapscan", "sort"):  # a sort only where no index gives the order
            db.session.execute(text(f"SET LOCAL enable_{way} = off"))
    with statements(db.engine) as found:
        db.session.execute(first)
    steps = " ".join(step for statement in found for step in plans.plan(statement))
    assert "ix_request_team" in steps or (team_id is None and "ix_request_queue" in steps)
    assert not re.search(r"\bSort\b|TEMP B-TREE", steps), steps


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("condition", "whole"), [("", True), (" WHERE search_terms MATCH 'sala'", False)])
def test_a_whole_reading_of_the_index_is_named(app: Flask, condition: str, whole: bool) -> None:
    assert bool(plans.scans([Statement(f"SELECT subject FROM search_terms{condition}", ())])) is whole
