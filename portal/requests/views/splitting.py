"""Splitting a request into several (permissions.md 2, row 14)."""

from flask_babel import ngettext
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from portal.conversations import queries as conversations
from portal.core import clock
from portal.core.errors import Refused
from portal.core.hypermedia import redirect_to
from portal.core.policy import authorize, signed_in
from portal.core.text import in_language
from portal.people.queries import me
from portal.requests import actions, policies
from portal.requests.forms import SplitForm
from portal.requests.models import Request
from portal.requests.queries import KIND
from portal.requests.splitting import services_for
from portal.requests.views.blueprint import bp, find
from portal.requests.views.handling import draw
from portal.requests.views.show import conflict


def split_form(request: Request) -> SplitForm:
    """Return the form with what the department offers."""
    key = conversations.new_send_key(KIND, request.id, me())
    services = [(service.public_id, in_language(service.name)) for service in services_for(request)]
    usual = {f"service_{number}": request.service.public_id for number in (1, 2, 3)}
    return SplitForm.read(title=request.title, send_key=key, **usual).offer(services)


@bp.get("/requests/<reference>/split")
@signed_in
def split_page(reference: str) -> Response:
    """Say what stays, and what becomes a request of its own."""
    request = find(reference)
    authorize(policies.may_work(me(), request, clock.now()))
    return draw("split", request, split_form(request))


@bp.post("/requests/<reference>/split")
@signed_in
def split(reference: str) -> Response:
    """Make each part a request of its own."""
    request = find(reference)
    authorize(policies.may_work(me(), request, clock.now()))
    form = split_form(request)
    key = conversations.read_send_key(form.send_key.data or "", KIND, request.id, me())
    if key is None:
        raise BadRequest
    if not form.validate():
        return draw("split", request, form, status=422)
    services = {service.public_id: service for service in services_for(request)}
    parts = [actions.Part(title, services[service]) for title, service in form.filled]
    try:
        actions.split(request, parts, key, me(), clock.now(), title=(form.title.data or "").strip())
    except Refused as refused:
        return conflict(reference, refused, None)
    notice = ngettext("%(num)s new request. It is linked below.", "%(num)s new requests. They are linked below.", len(parts))
    return redirect_to("requests.show", notice=notice, anchor="links", reference=reference)
