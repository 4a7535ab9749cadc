"""What is done with the promise of a request: its priority, pauses, a date beside it, and what was not kept."""

from functools import partial

from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.policy import authorize, signed_in
from portal.people.queries import me
from portal.requests import actions, policies
from portal.requests.models import Request
from portal.requests.page import Page
from portal.requests.promise_forms import AnnulForm, AssessForm, ExpectForm, PauseForm
from portal.requests.views.blueprint import bp, find, keeps_text
from portal.requests.views.handling import do, draw, press

# --- priority --------------------------------------------------------------------------------------------------------


@bp.get("/requests/<reference>/priority")
@signed_in
def priority(reference: str) -> Response:
    """Show what the priority follows from."""
    request = find(reference)
    authorize(policies.may_assess(me(), request, clock.now()))
    return draw("priority", request, AssessForm.of(request))


@bp.post("/requests/<reference>/priority")
@signed_in
@keeps_text
def assess(reference: str) -> Response:
    """Change what the priority follows from, or set it directly, with a reason (service-levels.md 34)."""
    request = find(reference)
    authorize(policies.may_assess(me(), request, clock.now()))
    form = AssessForm.of(request)
    if not form.validate():
        return draw("priority", request, form, status=422)
    reason, direct = str(form.text.data).strip(), form.direct.data or None
    act = partial(actions.assess, request, form.given, direct, reason, me(), clock.now())
    return do(reference, act, _("The priority is kept. The promise follows it."))


# --- pauses ----------------------------------------------------------------------------------------------------------


@bp.get("/requests/<reference>/pause")
@signed_in
def pause_page(reference: str) -> Response:
    """Ask why it waits, and until when."""
    request = find(reference)
    authorize(policies.may_pause(me(), request, clock.now()))
    return draw("pause", request, PauseForm.fill())


@bp.post("/requests/<reference>/pause")
@signed_in
@keeps_text
def pause(reference: str) -> Response:
    """Let it wait (service-levels.md 20)."""
    request, form, now = find(reference), PauseForm.fill(), clock.now()
    authorize(policies.may_pause(me(), request, now))
    if not form.fits(now):
        return draw("pause", request, form, status=422)
    said = {"note": (form.note.data or "").strip(), "question": (form.question.data or "").strip()}
    act = partial(actions.pause, request, form.chosen, me(), now, resumes_at=form.moment, **said)
    return do(reference, act, _("It waits. The person who asked sees for what."))


@bp.post("/requests/<reference>/resumption")
@signed_in
def resume(reference: str) -> Response:
    """Let it go on."""
    return press(reference, policies.may_pause, actions.resume, _("It goes on."))


# --- a date beside the promise -----------------------------------------------------------------------------------------


@bp.get("/requests/<reference>/expected-date")
@signed_in
def expected_date(reference: str) -> Response:
    """Ask when it is to be expected."""
    request = find(reference)
    authorize(policies.may_expect(me(), request, clock.now()))
    return draw("expected_date", request, ExpectForm.read())


@bp.post("/requests/<reference>/expected-date")
@signed_in
@keeps_text
def expect(reference: str) -> Response:
    """Say when it is to be expected; the promise stays (service-levels.md 38)."""
    request, form, now = find(reference), ExpectForm.read(), clock.now()
    authorize(policies.may_expect(me(), request, now))
    if not form.fits(now) or form.moment is None:
        return draw("expected_date", request, form, status=422)
    act = partial(actions.expect, request, form.moment, str(form.text.data).strip(), me(), now)
    return do(reference, act, _("Told. The promise stays."))


# --- what was not kept -------------------------------------------------------------------------------------------------


def about_missed(request: Request, missed: str, form: AnnulForm, status: int = 200) -> Response:
    """Show the promise of this name with the form."""
    one = next((one for one in Page(request, me(), clock.now()).broken if one.name == missed and one.counts), None)
    if one is None:
        raise NotFound
    return draw("annulment", request, form, status, one=one)


@bp.get("/requests/<reference>/missed/<missed>/annulment")
@signed_in
def annulment(reference: str, missed: str) -> Response:
    """Ask why a promise that was not kept does not count."""
    request = find(reference)
    authorize(policies.may_annul(me(), request, clock.now()))
    return about_missed(request, missed, AnnulForm())


@bp.post("/requests/<reference>/missed/<missed>/annulment")
@signed_in
@keeps_text
def annul(reference: str, missed: str) -> Response:
    """Say why it does not count; the fact stays (service-levels.md 27)."""
    request, form = find(reference), AnnulForm.read()
    authorize(policies.may_annul(me(), request, clock.now()))
    if not form.validate():
        return about_missed(request, missed, form, 422)
    act = partial(actions.annul, request, missed, str(form.text.data).strip(), me(), clock.now())
    return do(reference, act, _("Both are shown: that it was not kept, and why it does not count."))
