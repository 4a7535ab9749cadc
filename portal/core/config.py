"""Settings: from the mapping given, the environment, `.env`, then `instance/config.toml`, in this order (contract.md)."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, current_app

DEFAULTS: dict[str, object] = {
    "PORTAL_ENV": "production",
    "PORTAL_SECRET_KEY": "",
    "PORTAL_DATABASE_URL": "sqlite:///portal.db",
    "PORTAL_BASE_URL": "http://127.0.0.1:8000",
    "PORTAL_TRUSTED_HOSTS": "",
    "PORTAL_MAIL_URL": "",
    "PORTAL_FILES": "files",
    "PORTAL_TIMEZONE": "Europe/Madrid",
    "PORTAL_LANGUAGES": "es,en",
    "PORTAL_NAME": "Ventanilla",
    "PORTAL_REFERENCE_PREFIX": "VEN",
    "PORTAL_APPROVAL_LINK_LIMIT": "",
    "PORTAL_TRACKING_PREFIX": "",
    "PORTAL_TRACKING_DAYS": "60",
    "PORTAL_INTERNAL_NETWORKS": "",
    "PORTAL_STATUS_COPY": "status-copy",
    "PORTAL_TAG_AUTHORITY": "ventanilla.example",
}
SHORTEST_SECRET = 32


class BadSetting(RuntimeError):
    """A setting with which the portal must not start."""


def load(app: Flask, given: Mapping[str, object] | None) -> None:
    """Fill `app.config`; raise BadSetting with a sentence when production lacks what it needs (SE-60)."""
    instance = Path(app.instance_path)
    settings = DEFAULTS | _toml(instance / "config.toml") | _dotenv(Path(app.root_path).parent / ".env")
    settings |= {name: os.environ[name] for name in DEFAULTS if name in os.environ}
    settings |= given or {}
    app.config.update(settings)
    app.config["PORTAL_DATABASE_URL"] = _inside(instance, str(settings["PORTAL_DATABASE_URL"]))
    app.config["PORTAL_FILES"] = str(instance / str(settings["PORTAL_FILES"]))
    app.config["SECRET_KEY"] = settings["PORTAL_SECRET_KEY"]
    app.config["TESTING"] = settings["PORTAL_ENV"] == "test"
    hosts = [host for host in str(settings["PORTAL_TRUSTED_HOSTS"]).replace(" ", "").split(",") if host]
    app.config["TRUSTED_HOSTS"] = hosts or None
    app.config["LANGUAGES"] = str(settings["PORTAL_LANGUAGES"]).replace(" ", "").split(",")
    check(app)


def base_url() -> str:
    """Return the configured address of the portal without a slash at its end, never that of a request (SE-36)."""
    return str(current_app.config["PORTAL_BASE_URL"]).rstrip("/")


def check(app: Flask) -> None:
    """Refuse to start on a missing or weak secret, and in production without trusted hosts."""
    if len(str(app.config["SECRET_KEY"])) < SHORTEST_SECRET:
        raise BadSetting(f"PORTAL_SECRET_KEY is missing or too short: set at least {SHORTEST_SECRET} random characters.")
    if app.config["PORTAL_ENV"] == "production" and not app.config["TRUSTED_HOSTS"]:
        raise BadSetting("PORTAL_TRUSTED_HOSTS is missing: name the hosts under which people reach the portal.")


def _inside(instance: Path, url: str) -> str:
    """A relative SQLite path always means the instance folder; PostgreSQL always means psycopg 3."""
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith(prefix + "/") and ":memory:" not in url:
        return f"{prefix}{instance / url.removeprefix(prefix)}"
    return url


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text()) if path.exists() else {}


def _dotenv(path: Path) -> dict[str, object]:
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs if name.strip() in DEFAULTS}
