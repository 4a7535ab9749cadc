"""Commands of tracking: carriers that push their news."""

import click
from flask import current_app
from flask.cli import AppGroup

from portal.core.db import transaction
from portal.tracking import carriers, zones

commands = AppGroup("carriers", help="Carriers that push news of shipments.")


@commands.command("add")
@click.argument("name")
@click.option("--zone", help="Time zone of its times without an offset; that of the house unless given.")
def add(name: str, zone: str | None) -> None:
    """Let a carrier report, and print the secret with which it signs."""
    own = zone or str(current_app.config["PORTAL_TIMEZONE"])
    if not zones.is_name(own):
        raise click.ClickException(f"There is no time zone {own}.")
    with transaction():
        made = carriers.carrier(name) or carriers.add(name, own)
        secret = carriers.secret_of(made)
    click.echo(secret)
