"""Wiring of status."""

from flask import Flask
from flask_babel import lazy_gettext as _

from portal.core import navigation
from portal.status import answering
from portal.status.views import data, feeds, pages


def register(app: Flask) -> None:
    """Add the public window to the portal."""
    answering.install(app)
    app.register_blueprint(pages.bp)
    app.register_blueprint(data.bp)
    app.register_blueprint(feeds.bp)
    navigation.register(navigation.Entry("status.index", _("Status"), "checkup-list", 10, group="public"))
