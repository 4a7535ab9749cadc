"""Wiring of the service catalogue."""

from flask import Flask

from portal.catalogue import models  # noqa: F401 - its tables are known from here on


def register(app: Flask) -> None:
    """Add the service catalogue to the portal."""
