"""Wiring of the administration."""

from flask import Flask

from portal.admin.views import bp


def register(app: Flask) -> None:
    """Add the pages of the administration to the portal."""
    app.register_blueprint(bp)
