"""The list and a page of 20,000 announcements: as many statements as with a few, read from an index."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, text

from portal.announcements.models import Announcement
from portal.core import clock
from portal.core.db import db
from tests.announcements.conftest import make
from tests.cast.people import Cast, sign_in
from tests.performance import plans
from tests.performance.meter import Statement, statements
from tests.performance.test_budgets import STATEMENTS

TIMES, EACH = 200, 100
COPIED = (
    "kind, level, access, department_id, author_id, version, edit, "
    "publish_at, publish_wall, zone, expire_at, published_at, published_by_id"
)
MORE = f"""
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {EACH - 1})
INSERT INTO announcement (public_id, {COPIED})
SELECT 'many' || substr(public_id, 10, 3) || CAST(10000 + n AS VARCHAR(5)), {COPIED}
FROM announcement, numbers WHERE public_id LIKE 'many%'
"""
FOR_EACH = "FROM announcement WHERE public_id LIKE 'many%'"
WORDS = '\'{"es": "Título", "en": "Title"}\''
TEXTS = f"""
INSERT INTO announcement_version (announcement_id, number, edit, title, body, at, by_id)
SELECT id, 1, 0, {WORDS}, {WORDS}, published_at, author_id {FOR_EACH}
"""
AUDIENCES = f"INSERT INTO announcement_audience (announcement_id, kind) SELECT id, 'employees' {FOR_EACH}"
PAGES = ("/announcements", "/announcements?show=archive", "/announcements?kind=story", "/announcements?show=to_confirm", "/")


def fill(cast: Cast) -> None:
    """Add 20,000 announcements, one in ten of them still current, some of these to be confirmed."""
    db.session.execute(insert(Announcement), [row(number, cast) for number in range(TIMES)])
    for statement in (MORE, TEXTS, AUDIENCES, "ANALYZE"):
        db.session.execute(text(statement))
    db.session.commit()


def row(number: int, cast: Cast) -> dict[str, Any]:
    """Return one of the announcements of which the others are copies."""
    at = clock.now() - timedelta(days=number + 1)
    return {
        "public_id": f"many{number:08}",
        "kind": "story" if number % 5 == 0 else "news",
        "level": "to_confirm" if number == 2 else "info",
        "access": "open",
        "department_id": cast.it.id,
        "author_id": cast.editor.id,
        "version": 1,
        "edit": 0,
        "publish_at": at,
        "publish_wall": "2026-01-01T00:00",
        "zone": "Europe/Madrid",
        "expire_at": None if number < TIMES // 10 else at + timedelta(days=1),
        "published_at": at,
        "published_by_id": cast.editor.id,
    }


def read(app: Flask, person, address: str) -> list[Statement]:
    client = sign_in(app.test_client(), person)
    client.get(address)
    with statements(db.engine) as found:
        assert client.get(address).status_code == 200, address
    return found


def test_20_000_announcements_take_as_few_statements_and_no_whole_reading(app: Flask, cast: Cast) -> None:
    pages = (*PAGES, f"/announcements/{make(cast, cast.employee, level='to_confirm').public_id}")
    few = {page: len(read(app, cast.employee, page)) for page in pages}
    fill(cast)
    many = {page: read(app, cast.employee, page) for page in pages}
    assert not {page: len(found) for page, found in many.items() if len(found) > min(few[page], STATEMENTS)}
    read_by = [each for page in PAGES[:3] for each in many[page] if each.text.startswith(("SELECT", "WITH"))]
    steps = [step for each in read_by for step in plans.plan(each)]
    assert any("announcement" in step for step in steps)
    assert not [step for step in steps if re.search(r"(SCAN|Seq Scan on) announcement(_\d)?($| )(?!USING|.*INDEX)", step)]


@pytest.mark.sqlite_only
def test_pages_follow_each_other_by_key(app: Flask, cast: Cast) -> None:
    for _ in range(60):
        make(cast, cast.employee)
    client = sign_in(app.test_client(), cast.employee)
    address, seen = "/announcements", []
    while address:
        page = client.get(address).text.partition('id="announcement_list"')[2]
        seen += re.findall(r'href="/announcements/([a-z0-9]{12})"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = unescape(following[1]) if following else ""
    assert len(seen) == len(set(seen)) == 60
