"""The bell and the machines' pages in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from portal.core import clock, jobs
from portal.core.db import db
from portal.notifications.actions import notify
from portal.notifications.models import Outbox
from tests import things
from tests.cast import people
from tests.live import LiveServer, assert_no_violations

PAGES = ["/notifications", "/admin/mail", "/admin/jobs"]


@pytest.fixture
def news(page: Page, live_server: LiveServer) -> Page:
    """A browser of an administrator with news, a failed mail and a job that was put aside."""
    app = live_server.app
    loader = app.jinja_env.loader
    with app.app_context():
        cast = people.build()
        things.teach(app)
        things.hidden.clear()
        for number in range(3):
            notify([cast.admin.id], "thing/solved", things.KIND, cast.it.id, f"e{number}", clock.now(), mail=True)
        db.session.flush()
        row = db.session.query(Outbox).first()
        row.state, row.reason = "failed", "550 5.1.1 no such person"
        db.session.add(jobs.Job(kind="test", run_at=clock.now(), attempts=3, error="Boom", parked_at=clock.now()))
        db.session.commit()
        db.session.refresh(cast.admin)
    client = people.sign_in(app.test_client(), cast.admin)
    cookie = client.get_cookie("session")
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    yield page
    app.jinja_env.loader = loader


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_have_no_violations(news: Page, path: str, scheme: str, width: int) -> None:
    news.set_viewport_size({"width": width, "height": 800})
    news.emulate_media(color_scheme=scheme)
    news.goto(path)
    assert_no_violations(news)
    assert news.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_all_are_marked_read_in_place(news: Page) -> None:
    news.goto("/notifications")
    expect(news.locator("#news [data-unread]")).to_have_count(3)
    news.get_by_role("button", name="Marcar todo como leído").click()
    expect(news.locator("#news [data-unread]")).to_have_count(0)
    expect(news.locator("#messages")).to_contain_text("leído")
