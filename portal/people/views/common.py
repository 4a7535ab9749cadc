"""What the pages of people share."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _

from portal.core import clock
from portal.core.forms import Form
from portal.core.text import in_language
from portal.people import queries
from portal.people.models import Person

bp = Blueprint("people", __name__)
admin_bp = Blueprint("people_admin", __name__)
INDENT = "\N{NO-BREAK SPACE}" * 3


def department_choices(empty: object | None = None) -> dict[str, Any]:
    """Return the departments for a select by their slugs, drawn as a tree; with `empty`, also none of them."""
    found: dict[str, Any] = {} if empty is None else {"": empty}
    for branch in queries.tree():
        found[branch.department.slug] = INDENT * branch.depth + in_language(branch.department.name)
    return found


def picker_of(field: str) -> dict[str, str]:
    """Return the attributes of a text input that finds people while one types; without JavaScript the name is enough."""
    return {
        "list": "person_hits",
        "hx-get": url_for("people.picker", field=field),
        "hx-trigger": "input delay:250ms",
        "hx-target": "#person_hits",
        "hx-sync": "this:replace",
    }


def revision_of(form: Any) -> int:
    """Return the revision that the form was shown with; nonsense is older than all."""
    text = str((form.revision.raw_data or [""])[0])
    return int(text) if text.isascii() and text.isdigit() else 0


def differences(form: Form, stored: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return (label, stored text, typed text) of the fields in which the two differ (C10)."""
    return [
        (str(form[name].label.text), _words(form[name], value), _words(form[name], form[name].data))
        for name, value in stored.items()
        if name in form and _words(form[name], value) != _words(form[name], form[name].data)
    ]


def _words(field: Any, value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_words(field, one) for one in value)
    labels = {choice.value: choice.label for choice in getattr(field, "choices", None) or []}
    if (value or "") in labels:
        return str(labels[value or ""]).strip()
    return "" if value is None else str(value)


def person_meant(field: Any, picked: str) -> tuple[Person | None, list[Person]]:
    """Return whom a typed name means, or the people it may mean; the field bears the sentence when it is not clear."""
    text = picked or (field.data or "").strip()
    if not text:
        return None, []
    found = queries.meant(text, queries.me(), clock.now())
    if len(found) == 1:
        return found[0], []
    if found:
        field.errors = [_("Several people have this name: choose one.")]
    else:
        field.errors = [_("Nobody here has this name.")]
    return None, found
