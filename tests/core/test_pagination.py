"""Keyset paging shows each row once, forwards and backwards (RQ11 is the same for requests)."""

import pytest
from sqlalchemy import select
from werkzeug.exceptions import BadRequest

from portal.core.db import db
from portal.core.pagination import page_of
from portal.people.models import Department


@pytest.fixture
def departments(app):
    for number in range(60):
        db.session.add(Department(slug=f"d{number}", number=number, name={"en": "same"}))
    db.session.flush()
    return select(Department.revision, Department.id), (Department.revision, Department.id)


def ids(page):
    return [row.id for row in page.rows]


def test_pages_show_each_row_once_and_lead_back(departments):
    listed, keys = departments
    first = page_of(listed, keys, None)
    second = page_of(listed, keys, first.next)
    third = page_of(listed, keys, second.next)
    seen = ids(first) + ids(second) + ids(third)
    assert len(seen) == len(set(seen)) == 60
    assert seen == sorted(seen)
    assert (first.previous, third.next) == (None, None)
    assert ids(page_of(listed, keys, third.previous)) == ids(second)
    assert ids(page_of(listed, keys, second.previous)) == ids(first)


def test_descending_pages(departments):
    listed, keys = departments
    first = page_of(listed, keys, None, descending=True)
    second = page_of(listed, keys, first.next, descending=True)
    assert ids(first) + ids(second) == sorted(ids(first) + ids(second), reverse=True)
    assert ids(page_of(listed, keys, second.previous, descending=True)) == ids(first)


@pytest.mark.parametrize("cursor", ["x", ">", ">e30", ">W10", ">WzEsMixbXV0", "<!!!"])
def test_malformed_cursor_is_refused(departments, cursor):
    with pytest.raises(BadRequest):
        page_of(*departments, cursor)


def test_unknown_size_is_refused(departments):
    with pytest.raises(BadRequest):
        page_of(*departments, None, size=1000)
