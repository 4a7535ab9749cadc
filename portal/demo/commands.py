"""The command that loads the demo."""

import click
from flask.cli import AppGroup, with_appcontext

from portal.core import clock
from portal.core.errors import Refused
from portal.demo import loading
from portal.demo.scale import adding

demo_commands = AppGroup("demo", help="The demo organisation.")


@demo_commands.command("load")
@click.option("--scale", type=click.IntRange(1, 1_000_000), help="Add so many more requests, for measurements.")
@with_appcontext
def load(scale: int | None) -> None:
    """Load Almenara Logística: people, services and requests of the last months; with --scale, many more of them."""
    now = clock.now()
    try:
        loading.refuse_where_it_must_not_be()
        if not (scale and loading.is_there()):
            click.echo(f"Almenara Logística is there, with {loading.load(now)} requests.")
    except Refused as refused:
        raise click.ClickException(refused.reason) from None
    if scale:
        adding.add(scale, now)
        click.echo(f"{scale} requests added.")
