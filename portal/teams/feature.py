"""Wiring of teams."""

from flask import Flask

from portal.teams import subscribers, views


def register(app: Flask) -> None:
    """Add the teams of departments to the portal."""
    app.register_blueprint(views.bp)
    subscribers.install()
