"""The first page."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.core import blocks, clock, security
from portal.core.hypermedia import Row, nothing_new, query, render
from portal.core.policy import decided, signed_in
from portal.core.text import date_in_full
from portal.home import composing
from portal.home.links import asks
from portal.people.queries import me

NOW = "now"
bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in
def index() -> Response:
    """Show what waits for the person and the blocks that features offer, each by itself (rules 14 to 16)."""
    decided()
    person, now = me(), clock.now()
    waiting = cache(partial(composing.for_you, person, now))
    if security.is_poll() and query("seen") == waiting().seen:
        return nothing_new()

    def one(name: str) -> Mapping[str, Any] | None:
        if name == NOW:
            return {"drawn": None}
        block = next((block for block in blocks.blocks_for(person, now) if block.name == name), None)
        drawn = composing.draw(block, person, now) if block else None
        return {"drawn": drawn} if drawn else None

    today = date_in_full(now)
    return render(
        "home/index.html",
        rows={"block": Row("home/_block.html", one)},
        text="",
        today=today[:1].upper() + today[1:],
        waiting=waiting,
        blocks=partial(composing.drawn, person, now),
        asks=asks(person, now),
    )
