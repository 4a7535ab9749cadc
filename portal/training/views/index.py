"""The list of sessions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.hypermedia import query, render
from portal.core.pagination import one_of
from portal.core.policy import decided, signed_in
from portal.core.text import date_in_full, in_language
from portal.people.queries import me
from portal.training import lists, policies, standing
from portal.training.cards import cards_of, leaf
from portal.training.views.blueprint import bp


@bp.get("/training")
@signed_in
def index() -> Response:
    """Show the sessions to come, the reader's own, or those that the reader teaches."""
    decided()
    person, now = me(), clock.now()
    wanted = asked()
    cells = standing.own_cells(person, now)
    page = lists.page(wanted, query("cursor"), person, now)
    cards = cards_of([row[0] for row in page.rows], person, now)
    return render(
        "training/index.html",
        fragments=("session_list",),
        page=page,
        cards=[replace(card, notes=standing.notes(card.session, cells)) for card in cards],
        wanted=wanted,
        sites=lists.sites(person, now),
        urgent=urgent(cells),
        may_see_matrix=bool(policies.may_see_matrix(person, now)),
        teaches=bool(policies.may_publish(person, now)),
        leaf=leaf,
        address=address,
    )


def urgent(cells: dict[int, Any]) -> str:
    """Return the sentence about what the reader must complete or renew first."""
    found = standing.most_urgent(cells)
    if found is None:
        return ""
    topic, day = in_language(found[0].name), date_in_full(found[1])
    return str(_("You have a mandatory training to complete: %(topic)s, by %(day)s.", topic=topic, day=day))


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
