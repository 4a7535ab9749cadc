"""Wiring of people and departments."""

from flask import Flask

from portal.core import security
from portal.people.views import language
from portal.people.views.common import bp


def register(app: Flask) -> None:
    """Add the people package to the portal."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(languages=language.languages, return_target=security.return_target)
