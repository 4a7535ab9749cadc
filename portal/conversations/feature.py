"""Wiring of conversations."""

from flask import Flask

from portal.conversations import models  # noqa: F401 - the tables are known from the start


def register(app: Flask) -> None:
    """Add the conversations package to the portal."""
