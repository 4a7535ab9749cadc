"""Wiring of audit."""

from flask import Flask

from portal.audit import models  # noqa: F401 - the tables are known from the start


def register(app: Flask) -> None:
    """Add the audit package to the portal."""
