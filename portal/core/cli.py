"""Commands that need no business noun; features add theirs in `feature.py`."""

import signal
from threading import Thread
from typing import Any

import click
from flask import Flask, current_app
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
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # it is a proxy
    threads = [Thread(target=job_table.work_forever, args=(app, work, lambda: bool(stopping))) for work in job_table.works()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
