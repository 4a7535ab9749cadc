"""Commands that need no business noun; features add theirs in `feature.py`."""

import signal
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from portal.core import jobs as job_table
from portal.core import schema

job_commands = AppGroup("jobs", help="Timed work.")


def install(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(upgrade)
    app.cli.add_command(job_commands)


@click.command("upgrade")
@with_appcontext
def upgrade() -> None:
    """Bring the database to the version of this portal."""
    schema.upgrade()


@job_commands.command("run")
@click.option("--once", is_flag=True, help="Run what is due and end.")
def run_jobs(once: bool) -> None:
    """Run jobs as they fall due, until interrupted."""
    if once:
        click.echo(f"{job_table.run_due()} jobs done")
        return
    stopping: list[int] = []

    def stop(number: int, frame: Any) -> None:
        stopping.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    job_table.work_forever(lambda: bool(stopping))
