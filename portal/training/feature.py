"""Wiring of training."""

from flask import Flask
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from portal.core import navigation, subjects
from portal.core.text import in_language
from portal.search import kinds as search_kinds
from portal.training import blocks, calendars, enrolments, finding, jobs, messages, queries, subscribers
from portal.training.models import Topic, TrainingSession
from portal.training.views import attending, certificates, enrolling, index, managing, mandatory, publishing, show
from portal.training.views.blueprint import bp

VIEWS = (attending, certificates, index, show, enrolling, publishing, managing, mandatory)


def register(app: Flask) -> None:
    """Add training to the portal."""
    app.register_blueprint(bp)
    app.register_blueprint(certificates.outside)
    subjects.register(subject())
    subjects.register(enrolments.subject())
    subjects.register(topic_subject())
    search_kinds.register(finding.SOURCE)
    blocks.register()
    calendars.install()
    subscribers.install()
    jobs.install()
    entry = navigation.Entry("training.index", _("Learn"), "school", 40, reads=blocks.to_answer, count=blocks.remember)
    navigation.register(entry)


def subject() -> subjects.Subject:
    """Return what the shared services know of sessions."""
    return subjects.Subject(
        kind=queries.KIND,
        model=TrainingSession,
        visible_to=queries.visible_to,
        title=lambda session: in_language(session.title),
        address=lambda session: f"/training/{session.public_id}",
        reference=lambda session: "",
        is_confidential=lambda session: False,
        message_context=lambda session, data, person, now: {"session": session},
    )


def topic_subject() -> subjects.Subject:
    """Return what messages about what falls due know of topics."""
    return subjects.Subject(
        kind=messages.TOPIC,
        model=Topic,
        visible_to=lambda person, now: select(Topic),
        title=lambda topic: in_language(topic.name),
        address=lambda topic: "/training/topics",
        reference=lambda topic: "",
        is_confidential=lambda topic: False,
    )
