"""Wiring of the demo organisation."""

from flask import Flask

from portal.demo.commands import demo_commands


def register(app: Flask) -> None:
    """Add the command that loads the demo organisation."""
    app.cli.add_command(demo_commands)
