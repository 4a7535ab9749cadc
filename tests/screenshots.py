"""Makes the pictures of the README from the running product: `make screenshots`."""

import os
import tempfile
import threading
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from portal.app import create_app
from portal.core import schema
from tests import chromium
from tests.live import Quiet

FOLDER = Path(__file__).parent.parent / "docs" / "screenshots"
PASSWORD = "ventanilla-demo"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# name, who looks (nobody: from outside), where, at what size, in which language and scheme
SHOTS = (
    ("home", "employee", "/", DESK, "es", "light"),
    ("catalogue", "employee", "/catalogue", DESK, "es", "light"),
    ("form", "employee", "form", DESK, "en", "light"),
    ("request", "employee", "request", DESK, "es", "light"),
    ("approvals", "head", "/approvals", PHONE, "es", "light"),
    ("queue", "agent", "/requests/queue", DESK, "en", "dark"),
    ("builder", "head2", "builder", DESK, "es", "light"),
    ("search", "employee", "/search?q=portatil", PHONE, "es", "dark"),
    ("training", "employee", "/training", DESK, "es", "light"),
    ("announcements", "employee", "/announcements", DESK, "en", "light"),
    ("status", "", "/status/es/", DESK, "es", "dark"),
    ("tracking", "", "/track/en/7Q4M-KA2X-D9T", PHONE, "en", "light"),
)


def main() -> None:
    """Load the demo into a database of its own and look at it."""
    with tempfile.TemporaryDirectory() as folder:
        app = demo(Path(folder))
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        FOLDER.mkdir(parents=True, exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.flags())
            for shot in SHOTS:
                take(browser, f"http://127.0.0.1:{server.server_port}", *shot)
        server.shutdown()


def demo(folder: Path) -> Flask:
    """Return the portal on a new demo organisation."""
    os.environ.update(
        PORTAL_ENV="demo",
        PORTAL_SECRET_KEY=os.urandom(24).hex(),
        PORTAL_DATABASE_URL=f"sqlite:///{folder}/demo.db",
        PORTAL_FILES=str(folder / "files"),
    )
    app = create_app()
    with app.app_context():
        schema.upgrade()
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 0, result.output
    return app


def take(browser: Browser, url: str, name: str, who: str, where: str, size: dict[str, int], locale: str, scheme: str) -> None:
    """Sign in where somebody looks, go there, and keep what is seen."""
    context = browser.new_context(base_url=url, viewport=size, locale=locale, color_scheme=scheme, timezone_id="Europe/Madrid")
    page = context.new_page()
    if who:
        sign_in(page, who)
    if where == "request":
        page.goto("/requests")
        page.locator("#request_list a[href*='/requests/VEN-']").first.click()
    elif where == "form":
        page.goto("/search?q=laptop")
        page.locator("#results a[href*='/catalogue/']").first.click()
        page.locator("a[href$='/request']").first.click()
    elif where == "builder":
        page.goto("/admin/catalogue")
        page.locator("main a.subject").first.click()
        page.goto(f"{page.url}/form")
    else:
        page.goto(where)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")
    context.close()


def sign_in(page: Page, who: str) -> None:
    """Sign in as people do."""
    page.goto("/sign-in")
    page.locator("input[name=name]").fill(f"{who}@demo.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/")


if __name__ == "__main__":
    main()
