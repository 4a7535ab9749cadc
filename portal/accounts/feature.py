"""Wiring of accounts."""

from flask import Flask

from portal.accounts import sessions
from portal.accounts.views import bp


def register(app: Flask) -> None:
    """Add signing in to the portal."""
    sessions.install(app)
    app.register_blueprint(bp)
