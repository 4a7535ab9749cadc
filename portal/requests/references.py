"""References are drawn at random and never count anything (requests.md 10, PE-20)."""

import secrets

from flask import current_app
from sqlalchemy import func, select

from portal.core.db import db
from portal.requests.models import Request

DIGITS = 6
TENTH = 10 ** (DIGITS - 1)


def draw() -> str:
    """Return a reference that may be free: six digits, seven once a tenth of those is used."""
    used = db.session.scalar(select(func.max(Request.id))) or 0
    digits = DIGITS if used < TENTH else DIGITS + 1
    return f"{prefix()}-{secrets.randbelow(10**digits):0{digits}d}"


def prefix() -> str:
    """Return what references begin with in this installation."""
    return str(current_app.config["PORTAL_REFERENCE_PREFIX"])


def read(typed: str) -> str:
    """Return the reference that somebody typed, with or without its prefix."""
    digits = typed.strip().upper().removeprefix(prefix().upper()).lstrip("- ")
    return f"{prefix()}-{digits}"
