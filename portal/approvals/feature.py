"""Wiring of approvals."""

from flask import Flask, url_for
from flask_babel import lazy_gettext as _

from portal.approvals import blocks as home
from portal.approvals import jobs, links, models, policies, queries, subscribers, words
from portal.approvals.messages import KIND
from portal.approvals.views import administering, deciding, forwarding, inbox, linked, receipts  # noqa: F401 - their routes stand on one blueprint
from portal.core import blocks, clock, navigation, subjects
from portal.core.jobs import handler


def register(app: Flask) -> None:
    """Add approvals to the portal."""
    app.register_blueprint(inbox.bp)
    subscribers.install()
    links.install(str(app.config[links.LIMIT]))
    subjects.register(
        subjects.Subject(
            kind=KIND,
            model=models.Approval,
            visible_to=queries.administered_by,
            title=lambda approval: str(_("Approval without approver")),
            address=lambda approval: url_for("approvals.administration", public_id=approval.public_id),
            reference=queries.reference_of,
        )
    )
    navigation.register(
        navigation.Entry(
            "approvals.index",
            _("To approve"),
            "checkup-list",
            position=100,
            group="role",
            reads=lambda person: queries.waiting_or_none(person, clock.now()),
        )
    )
    blocks.register(home.ERRAND)
    navigation.register(
        navigation.Entry(
            "approvals.blocked",
            _("Approvals without approver"),
            "alert-triangle",
            position=300,
            group="own",
            shown=lambda person: bool(policies.is_administrator(person, clock.now())),
        )
    )
    handler("approvals.remind", jobs.remind, every=jobs.OFTEN)
    app.jinja_env.globals.update(approval_steps=words.steps_of, approval_preview_steps=words.preview_steps)
