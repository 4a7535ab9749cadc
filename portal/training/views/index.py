"""The list of sessions."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.hypermedia import query, render
from portal.core.pagination import one_of
from portal.core.policy import decided, signed_in
from portal.people.queries import me
from portal.training import lists, policies
from portal.training.cards import cards_of, leaf
from portal.training.views.blueprint import bp


@bp.get("/training")
@signed_in
def index() -> Response:
    """Show the sessions to come, the reader's own, or those that the reader teaches."""
    decided()
    person, now = me(), clock.now()
    wanted = asked()
    page = lists.page(wanted, query("cursor"), person, now)
    return render(
        "training/index.html",
        fragments=("session_list",),
        page=page,
        cards=cards_of([row[0] for row in page.rows], person, now),
        wanted=wanted,
        sites=lists.sites(person, now),
        teaches=bool(policies.may_publish(person, now)),
        leaf=leaf,
        address=address,
    )


def asked() -> lists.Wanted:
    """Return which list the address asks for; what is not offered answers 400 (PE-16)."""
    return lists.Wanted(
        show=one_of(query("show"), lists.SHOWS),
        site=query("site")[:80],
        free=one_of(query("free"), ("1",)) == "1",
        online=one_of(query("online"), ("1",)) == "1",
    )


def address(wanted: lists.Wanted, **change: Any) -> Mapping[str, Any]:
    """Return the parameters of a list like this one but for what changes; empty ones are left out."""
    values = {
        "show": wanted.show,
        "site": wanted.site,
        "free": "1" if wanted.free else "",
        "online": "1" if wanted.online else "",
    }
    return {key: value for key, value in (values | change).items() if value}
