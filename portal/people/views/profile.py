"""A person's own entry and preferences."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import refresh
from werkzeug.wrappers import Response

from portal.core.db import db
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import decided, signed_in
from portal.people import actions
from portal.people.forms import VISIBLE, ProfileForm, choices, zones
from portal.people.models import Person
from portal.people.queries import me
from portal.people.views.common import bp, differences, revision_of
from portal.people.views.language import languages as offered

PAGE = "people/me.html"


@bp.get("/people/me")
@signed_in
def profile() -> Response:
    """Show the form with which a person changes the own entry."""
    decided()
    return render(PAGE, form=_form(me()), person=me(), conflict=[])


def _form(person: Person) -> ProfileForm:
    form = ProfileForm.read(**_stored(person), revision=person.revision)
    form.language.choices = choices({"": _("As the browser")} | dict(offered()))
    form.time_zone.choices = choices({"": _("As the company")} | zones())
    return form


def _stored(person: Person) -> dict[str, Any]:
    plain = ("site", "phone", "languages", "working_hours", "mail_of_progress")
    found: dict[str, Any] = {name: getattr(person, name) for name in plain}
    found["public_fields"] = [name for name in person.public_fields.split(",") if name in VISIBLE]
    return found | {name: getattr(person, name) or "" for name in ("language", "time_zone", "theme")}


@bp.post("/people/me")
@signed_in
def save_profile() -> Response:
    """Store the person's own fields; what somebody else saved meanwhile is shown beside what was typed (C10)."""
    decided()
    person, form = me(), _form(me())
    if not form.validate():
        return render(PAGE, form=form, person=person, conflict=[], status=422)
    try:
        actions.edit_person(person, _fields(form), revision_of(form), by=person)
    except actions.Stale:
        return _conflict(form, person)
    refresh()  # the confirmation is in the language just chosen
    return redirect_to("people.profile", notice=_("Your entry is stored."))


def _fields(form: ProfileForm) -> dict[str, Any]:
    plain = ("site", "phone", "languages", "working_hours", "mail_of_progress")
    found: dict[str, Any] = {name: form[name].data for name in plain}
    found["public_fields"] = ",".join(form.public_fields.data or [])
    return found | {name: form[name].data or None for name in ("language", "time_zone", "theme")}


def _conflict(form: ProfileForm, person: Person) -> Response:
    db.session.refresh(person)
    conflict = differences(form, _stored(person))
    form.revision.data = str(person.revision)
    return render(PAGE, form=form, person=person, conflict=conflict, status=409)
