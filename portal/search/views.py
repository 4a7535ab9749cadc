"""The page of the search."""

from flask import Blueprint
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from portal.core import clock, hypermedia
from portal.core.db import observe
from portal.core.forms import clean
from portal.core.hypermedia import render
from portal.core.policy import authorize, decided, signed_in
from portal.people.queries import me
from portal.search import actions, kinds, policies, queries

OVERVIEW = 6
bp = Blueprint("search", __name__)


@bp.get("/search")
@signed_in
def index() -> Response:
    """Search, and show what the person may see of it; `kind` shows one group at length."""
    decided()
    text, kind = clean(hypermedia.query("q")).strip(), hypermedia.query("kind")
    if kind and kind not in {source.kind for source in kinds.sources()}:
        raise BadRequest
    results, whole = None, hypermedia.wanted() is None
    if queries.is_searchable(text):
        size = queries.CANDIDATES if kind else OVERVIEW
        results = queries.search(me(), text, clock.now(), size, kind)
        if not results.groups and whole:
            observe(lambda: actions.count_miss(text, clock.now()))
    return render(
        "search/index.html", fragments=("results",), text=text, kind=kind, results=results, most=queries.CANDIDATES, whole=whole
    )


@bp.get("/admin/search")
@signed_in
def misses() -> Response:
    """Show what people looked for in vain, week by week, and not who (rule 21)."""
    authorize(policies.may_read_misses(me(), clock.now()))
    return render("search/misses.html", misses=queries.frequent_misses(clock.now()))
