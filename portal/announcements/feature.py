"""Wiring of announcements."""

from flask import Flask
from flask_babel import lazy_gettext as _

from portal.announcements import blocks, finding, jobs, subjects, words
from portal.announcements.views import composing, managing, preferring, reading, reporting  # noqa: F401 - their routes
from portal.announcements.views.blueprint import bp
from portal.core import navigation
from portal.search import kinds


def register(app: Flask) -> None:
    """Add announcements to the portal."""
    app.register_blueprint(bp)
    app.jinja_env.filters.update(announcement_text=words.text, announcement_file=words.file)
    navigation.register(navigation.Entry("announcements.index", _("Announcements"), "speakerphone", position=50))
    kinds.register(finding.SOURCE)
    subjects.register()
    blocks.register()
    jobs.register()
