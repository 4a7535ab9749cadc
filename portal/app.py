"""create_app(): a table of contents of the portal."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from flask import Flask

from portal.core import assets, cli, compression, config, db, errors, health, language, log, pages, policy, security
from portal.core.web import Portal

ROOT = Path(__file__).parent.parent

# In the order of the storeys: a feature may rely on those before it.
FEATURES = (
    "people",
    "accounts",
    "teams",
    "attachments",
    "audit",
    "conversations",
    "notifications",
    "feeds",
    "search",
    "approvals",
    "service_levels",
    "catalogue",
    "requests",
    "status",
    "announcements",
    "knowledge",
    "training",
    "tracking",
    "home",
    "reports",
    "admin",
    "demo",
)


def create_app(given: Mapping[str, object] | None = None) -> Flask:
    """Return the portal, configured from `given`, the environment and the instance folder."""
    app = Portal(
        "portal",
        instance_path=str(ROOT / "instance"),
        static_folder=str(ROOT / "static"),
        template_folder=str(ROOT / "templates"),
    )
    config.load(app, given)
    log.install()
    db.init(app)
    compression.install(app)
    security.install(app)
    language.install(app)
    assets.install(app)
    errors.install(app)
    for name in FEATURES:
        import_module(f"portal.{name}.feature").register(app)
    app.register_blueprint(health.bp)
    pages.install(app)
    policy.require_declarations(app)
    cli.install(app)
    return app
