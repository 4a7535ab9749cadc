"""Wiring of accounts."""

from datetime import timedelta

from flask import Flask
from flask_babel import lazy_gettext as _

from portal.accounts import actions, api_tokens, commands, jobs, sessions, subscribers
from portal.accounts.views import account, admin, factor, reset, sign_in
from portal.accounts.views.common import bp
from portal.core import events, navigation, policy
from portal.core import jobs as core_jobs
from portal.people.events import PersonDeactivated, RoleGranted

PAGES = (account, admin, factor, reset, sign_in)  # importing them has filled the blueprint


def register(app: Flask) -> None:
    """Add signing in to the portal."""
    sessions.install(app)
    app.register_blueprint(bp)
    app.cli.add_command(commands.people)
    app.cli.add_command(commands.tokens)
    policy.read_tokens_with(api_tokens.current)
    events.subscribe(PersonDeactivated, subscribers.end_access)
    events.subscribe(RoleGranted, subscribers.demand_factor)
    core_jobs.handler(actions.RESET_JOB, jobs.announce_reset)
    core_jobs.handler("accounts.sweep", jobs.sweep, every=timedelta(hours=1))
    navigation.register(navigation.Entry("accounts.account", _("Password and devices"), "key", 920, group="own"))
