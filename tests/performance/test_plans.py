"""The reader of plans tells a table read from end to end from one that is looked up."""

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.core.db import db
from portal.requests.models import Request
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


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("condition", "whole"), [("", True), (" WHERE search_terms MATCH 'sala'", False)])
def test_a_whole_reading_of_the_index_is_named(app: Flask, condition: str, whole: bool) -> None:
    assert bool(plans.scans([Statement(f"SELECT subject FROM search_terms{condition}", ())])) is whole
