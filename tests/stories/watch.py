"""A clock on the wall of the office that stands still until the story moves it, and a camera for who wants to look."""

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page

from portal.core import clock
from tests.live import LiveServer

MADRID = ZoneInfo("Europe/Madrid")


class Watch:
    """The portal's time. What is not the portal's, such as the browser, goes on."""

    def __init__(self) -> None:
        self.shows = datetime(2026, 3, 6, 17, 0, tzinfo=MADRID)

    def set(self, text: str) -> None:
        """Let it be "2026-03-09 10:00" in Madrid."""
        self.shows = datetime.fromisoformat(text).replace(tzinfo=MADRID)

    def now(self, zone: object = UTC) -> datetime:
        """Stand in for `datetime.now`."""
        return self.shows.astimezone(UTC)


@pytest.fixture
def watch(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Friday 6 March 2026, five in the afternoon in Madrid."""
    made = Watch()
    monkeypatch.setattr(clock, "datetime", made)
    return made


def picture(page: Page, name: str) -> None:
    """Keep what is seen in the folder that STORY_PICTURES names, if it names one."""
    folder = os.environ.get("STORY_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
