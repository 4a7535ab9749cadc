"""Wiring of status."""

from flask import Flask
from flask_babel import lazy_gettext as _

from portal.core import jobs, navigation
from portal.status import answering, checking, copying, deliveries, keeping, passing
from portal.status.views import checks, data, feeds, inside, pages, registry, subscribing
from portal.status.words import moment, state_word, status_fact

PAGES = (registry, checks)  # importing them has filled the blueprint of people inside


def register(app: Flask) -> None:
    """Add the public window to the portal."""
    answering.install(app)
    app.jinja_env.filters.update(status_fact=status_fact, status_state=state_word, status_moment=moment)
    deliveries.install()
    keeping.install()
    jobs.source("status.clock", passing.work)
    jobs.source("status.copy", copying.work)
    jobs.source("status.checks", checking.work)
    for documents in (pages.documents, data.documents, feeds.documents):
        copying.source(documents)
    app.register_blueprint(pages.bp)
    app.register_blueprint(data.bp)
    app.register_blueprint(feeds.bp)
    app.register_blueprint(subscribing.bp)
    app.register_blueprint(checks.heartbeats)
    app.register_blueprint(inside.bp)
    navigation.register(navigation.Entry("status.index", _("Status"), "checkup-list", 10, group="public"))
    navigation.register(
        navigation.Entry("status_inside.index", _("Status of services"), "checkup-list", 80, phone=False, minor=True)
    )
