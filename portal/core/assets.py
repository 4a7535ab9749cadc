"""Addresses of static files."""

from flask import Flask, url_for


def install(app: Flask) -> None:
    """Offer `asset()` to templates."""
    app.jinja_env.globals["asset"] = lambda path: url_for("static", filename=path)
