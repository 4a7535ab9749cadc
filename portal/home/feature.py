"""Wiring of home."""

from flask import Flask
from flask_babel import lazy_gettext as _

from portal.core import navigation
from portal.home.views import bp


def register(app: Flask) -> None:
    """Add the first page to the portal."""
    app.register_blueprint(bp)
    navigation.register(navigation.Entry("home.index", _("Today"), "home", position=10))
