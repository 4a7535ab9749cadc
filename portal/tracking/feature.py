"""Wiring of tracking."""

from datetime import timedelta

from flask import Flask
from flask_babel import lazy_gettext as _

from portal.core import jobs as work
from portal.core import navigation, security
from portal.core.navigation import Entry
from portal.tracking import codes, jobs
from portal.tracking.views import public


def register(app: Flask) -> None:
    """Add tracking to the portal."""
    app.register_blueprint(public.bp)
    security.log_as("code", codes.loggable)
    navigation.register(Entry("tracking.start", _("Follow a shipment"), "truck", 20, "public"))
    work.handler("tracking.sweep", jobs.sweep, every=timedelta(hours=1))
