"""Wiring of files."""

from flask import Flask

from portal.attachments import jobs
from portal.attachments.views import bp
from portal.core import jobs as timed_work


def register(app: Flask) -> None:
    """Add downloads and the care of files to the portal."""
    app.register_blueprint(bp)
    timed_work.handler(jobs.SWEEP, jobs.sweep, every=jobs.EVERY, outside=True)
    timed_work.handler(jobs.VERIFY, jobs.verify, every=jobs.EVERY, outside=True)
