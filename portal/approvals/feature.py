"""Wiring of approvals."""

from flask import Flask


def register(app: Flask) -> None:
    """Add approvals to the portal."""
