"""The page of components: every one is there, for administrators."""

import re
from pathlib import Path

import pytest

from tests.cast.people import sign_in

pytestmark = pytest.mark.sqlite_only
TEMPLATES = Path(__file__).parents[2] / "templates"
INNER = {"avatar", "brand", "field_error", "first_error", "departures", "post_button"}


def test_administrator_sees_every_component(client, cast):
    answer = sign_in(client, cast.admin).get("/admin/components")
    assert answer.status_code == 200


def test_others_are_refused_with_a_reason(client, cast):
    answer = sign_in(client, cast.employee).get("/admin/components", headers={"Accept-Language": "en"})
    assert answer.status_code == 403
    assert "This page is for administrators." in answer.text


def test_page_shows_every_component():
    shown = set(re.findall(r"ui\.(\w+)\(", (TEMPLATES / "admin" / "components.html").read_text()))
    assert {path.stem for path in (TEMPLATES / "ui").glob("*.html")} - shown == INNER
