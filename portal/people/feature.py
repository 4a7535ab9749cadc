"""Wiring of people and departments."""

from flask import Flask


def register(app: Flask) -> None:
    """Add the people package to the portal."""
