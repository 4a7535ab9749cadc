"""How a stage is said and drawn wherever it is shown, here and on the page of its subject."""

from flask_babel import gettext as _

# how `ui.route` draws a stage of this state
MARKS = {
    "approved": "done",
    "open": "here",
    "blocked": "here",
    "rejected": "no",
    "returned": "here",
    "waiting": "todo",
    "ended": "skip",
}


def in_place_of(stand_in: str | None, absent: str) -> str:
    """Return the name of somebody, with who stands in, if anybody does."""
    return str(_("%(name)s, for %(absent)s", name=stand_in, absent=absent)) if stand_in else absent


def to_decide_by(when: str, late: bool) -> str:
    """Return by when a stage is to be decided, and when that time has passed."""
    return str(_("was to be decided by %(when)s", when=when) if late else _("decides by %(when)s", when=when))
