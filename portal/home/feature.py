"""Wiring of home."""

from flask import Flask
from flask_babel import lazy_gettext as _

from portal.core import blocks, navigation
from portal.home import links
from portal.home.views import bp


def register(app: Flask) -> None:
    """Add the first page to the portal."""
    app.register_blueprint(bp)
    navigation.register(navigation.Entry("home.index", _("Today"), "home", position=10))
    blocks.register(blocks.Block("links", _("Quick links"), 90, "home/links.html", links.for_person, aside=True))
