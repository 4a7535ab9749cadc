"""What administrators do with somebody's account, beside the administration of people."""

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.accounts import actions
from portal.accounts.policies import may_secure
from portal.accounts.views.common import bp
from portal.core import clock, security
from portal.core.hypermedia import redirect_to
from portal.core.policy import authorize, get_or_404, signed_in
from portal.people import policies
from portal.people.models import Person
from portal.people.queries import me

PAGE = "people_admin.admin_person"


def _person(public_id: str) -> Person:
    """Return somebody else's account for an administrator."""
    authorize(policies.may_manage(me(), clock.now()))
    person = get_or_404(select(Person), Person.public_id == public_id)
    authorize(may_secure(me(), person))
    return person


@bp.post("/admin/people/<public_id>/sessions/ending")
@signed_in
def end_sessions_of(public_id: str) -> Response:
    """Sign somebody out everywhere (SE-3)."""
    person = _person(public_id)
    actions.end_sessions(person, me())
    return redirect_to(PAGE, public_id=public_id, notice=_("%(name)s has been signed out everywhere.", name=person.name))


@bp.post("/admin/people/<public_id>/factor/removal")
@signed_in
def remove_factor_of(public_id: str) -> Response:
    """Take the second factor of somebody who has lost their phone (SE-7)."""
    person = _person(public_id)
    security.need_confirmation(PAGE, public_id=public_id)
    actions.remove_factor_of(person, me())
    return redirect_to(PAGE, public_id=public_id, notice=_("The second step of %(name)s is gone.", name=person.name))
