"""Wiring of knowledge."""

from flask import Flask

from portal.knowledge import views


def register(app: Flask) -> None:
    """Add the standards of departments to the portal."""
    app.register_blueprint(views.bp)
