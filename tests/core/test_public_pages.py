"""The layout of everybody outside: nobody is asked for, no cookie, the language of the path, light."""

import gzip
import re

import pytest
from flask import make_response, render_template_string
from werkzeug.exceptions import NotFound

from portal.core import public_pages, security
from tests.cast import people

pytestmark = pytest.mark.sqlite_only
BUDGET = 60_000
ADDRESS = re.compile(r'(?:href|src)="(/static/[^"#]+)')
PAGE = """{% extends "layouts/public.html" %}{% block title %}x{% endblock %}
{% block main %}<h1>{{ _("Sign out") }}</h1>{{ ui.icon("check") }}
{{ me or "nobody" }}{{ notice() or "" }}{% endblock %}"""


def draw(app, lang, **environment):
    with app.test_request_context("/somewhere", **environment):
        public_pages.begin(lang)
        return app.process_response(public_pages.keep(make_response(render_template_string(PAGE))))


def test_language_of_the_path_decides(app):
    assert '<html lang="es">' in draw(app, "es", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert "<h1>Salir<" in draw(app, "es", headers={"Cookie": "language=en"}).get_data(as_text=True)
    assert "Sign out" in draw(app, "en").get_data(as_text=True)


def test_unknown_language_is_an_unknown_page(app):
    with pytest.raises(NotFound):
        draw(app, "xx")


def test_administrator_and_visitor_get_the_same_bytes_and_no_cookie(app, cast):
    secret = people.open_session(cast.admin)
    with app.test_request_context():
        notice = security.sign("notice", "done")
    cookie = f"session={secret}; notice={notice}; language=en"
    inside, outside = draw(app, "es", headers={"Cookie": cookie}), draw(app, "es")
    assert inside.data == outside.data
    for answer in (inside, outside):
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "max-age=15" in answer.headers["Cache-Control"]


def test_personal_page_is_kept_nowhere_and_found_by_nobody(app):
    with app.test_request_context():
        public_pages.begin("en")
        answer = app.process_response(public_pages.personal(make_response("x")))
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_first_visit_leaves_room_within_sixty_thousand_bytes(app, client):
    page = draw(app, "es").get_data(as_text=True)
    files = [client.get(address, headers={"Accept-Encoding": "gzip"}).data for address in set(ADDRESS.findall(page))]
    assert sum(map(len, files)) + len(gzip.compress(page.encode())) <= BUDGET - 9_000  # what a page may add itself
