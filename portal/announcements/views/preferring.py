"""How a person hears of announcements, signed in or from a mail with one press (rule 15, AN14)."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.announcements import actions
from portal.announcements.forms import PreferenceForm
from portal.announcements.models import AnnouncementPreference
from portal.announcements.views.blueprint import bp
from portal.core import security
from portal.core.config import base_url
from portal.core.db import db
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import decided, public, signed_in
from portal.people.models import Person
from portal.people.queries import me

PURPOSE = "announcements-unsubscribe"


def link_for(person: Person) -> str:
    """Return the address of the plain page, which ends with the person's epoch and holds no session."""
    path = url_for("announcements.unsubscription", token=security.sign(PURPOSE, [person.public_id, person.session_epoch]))
    return base_url() + path


@bp.get("/announcements/preferences")
@signed_in
def preferences() -> Response:
    """Show how the person hears of announcements."""
    decided()
    found = db.session.get(AnnouncementPreference, me().id)
    form = PreferenceForm(data={"digest": found.digest if found else "weekly", "mail": found.mail if found else True})
    return render("announcements/preferences.html", form=form)


@bp.post("/announcements/preferences")
@signed_in
def prefer() -> Response:
    """Keep how the person wants to hear of announcements."""
    decided()
    form = PreferenceForm.read()
    if not form.validate():
        return render("announcements/preferences.html", status=422, form=form)
    actions.prefer(me(), form.digest.data, bool(form.mail.data))
    return redirect_to("announcements.preferences", notice=_("Saved."))


@bp.get("/announcements/unsubscription/<token>")
@public
def unsubscription(token: str) -> Response:
    """Show the plain page with its one button; opening it changes nothing."""
    _person(token)
    return render("announcements/unsubscription.html", token=token, done=False)


@bp.post("/announcements/unsubscription/<token>")
@public
def unsubscribe(token: str) -> Response:
    """End digests and mails of what is only important."""
    actions.unsubscribe(_person(token))
    return redirect_to("announcements.unsubscribed")


@bp.get("/announcements/unsubscribed")
@public
def unsubscribed() -> Response:
    """Say what was ended and what still comes."""
    return render("announcements/unsubscription.html", token="", done=True)


def _person(token: str) -> Person:
    security.keep_address()
    found = security.unsign(PURPOSE, token)
    person = db.session.scalar(select(Person).where(Person.public_id == found[0], Person.active)) if found else None
    if person is None or found is None or person.session_epoch != found[1]:
        raise NotFound
    return person
