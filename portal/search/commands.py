"""`flask search`: the index against what it stands for."""

import sys

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db, transaction
from portal.search import actions
from portal.search.kinds import sources
from portal.search.models import Entry

search_commands = AppGroup("search", help="The index of the search.")


@search_commands.command("rebuild")
@with_appcontext
def rebuild() -> None:
    """Index everything anew, in one transaction: people search on meanwhile."""
    with transaction():
        actions.forget_spellings()
        for source in sources():
            click.echo(f"{source.kind}: {actions.rebuild(source, clock.now())}")


@search_commands.command("check")
@with_appcontext
def check() -> None:
    """Compare the number of things with the number of entries; ends with 1 when they differ."""
    different = False
    for source in sources():
        things = db.session.scalar(select(func.count()).select_from(source.listed().subquery()))
        entries = db.session.scalar(select(func.count()).where(Entry.kind == source.kind))
        click.echo(f"{source.kind}: {things} things, {entries} entries")
        different |= things != entries
    if different:
        click.echo("The index differs: run 'flask --app wsgi search rebuild'.")
        sys.exit(1)
