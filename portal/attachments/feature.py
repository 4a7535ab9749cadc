"""Wiring of attachments."""

from flask import Flask

from portal.attachments import models  # noqa: F401 - the tables are known from the start


def register(app: Flask) -> None:
    """Add the attachments package to the portal."""
