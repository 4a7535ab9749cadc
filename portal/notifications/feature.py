"""Wiring of notifications."""

from flask import Flask

from portal.notifications import models  # noqa: F401 - the tables are known from the start


def register(app: Flask) -> None:
    """Add the notifications package to the portal."""
