"""What is done with a request: each step a small resource, each form also a page of its own (contract.md)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.attachments.models import StoredFile
from portal.conversations import queries as conversations
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import Decision, authorize, signed_in, survives_sign_in
from portal.core.text import in_language
from portal.people.models import Department, Person
from portal.people.queries import agents_of, me
from portal.requests import actions, policies
from portal.requests.forms import AssignForm, CommentForm, MoveForm, ReasonForm, TextForm, option
from portal.requests.models import Request
from portal.requests.page import Page
from portal.requests.queries import KIND
from portal.requests.views import uploads
from portal.requests.views.blueprint import bp, find, keeps_text
from portal.requests.views.show import conflict, fresh, invalid

May = Callable[[Person, Request, datetime], Decision]
Act = Callable[[Request, Person, str, datetime, str | None, Sequence[StoredFile]], object]


def back(reference: str, notice: str) -> Response:
    """Lead to the request's page."""
    return redirect_to("requests.show", notice=notice, reference=reference)


def do(reference: str, act: Callable[[], object], notice: str) -> Response:
    """Do it and lead to the request's page; what its state does not allow any more answers 409 on that page."""
    try:
        act()
    except Refused as refused:
        return conflict(reference, refused, None)
    return back(reference, notice)


# --- one button ------------------------------------------------------------------------------------------------------


def press(reference: str, may: May, act: Callable[[Request, Person, datetime], object], notice: str) -> Response:
    """Do what is one button, if the person may; lead to the request's page."""
    request = find(reference)
    authorize(may(me(), request, clock.now()))
    return do(reference, partial(act, request, me(), clock.now()), notice)


@bp.post("/requests/<reference>/taking")
@signed_in
def take(reference: str) -> Response:
    """Have it from now on."""
    return press(reference, policies.may_work, actions.take, _("You have it now."))


@bp.post("/requests/<reference>/release")
@signed_in
def release(reference: str) -> Response:
    """Give it back to the queue."""
    return press(reference, policies.may_work, actions.give_back, _("It stands in the queue again."))


@bp.post("/requests/<reference>/confirmation")
@signed_in
def confirm(reference: str) -> Response:
    """Say that all is fine."""
    return press(reference, policies.may_confirm, actions.confirm, _("Thank you. The request is closed."))


# --- a sentence ------------------------------------------------------------------------------------------------------


def say(reference: str, may: May, act: Act, notice: str) -> Response:
    """Do what needs a sentence from the box of the conversation; keep the text whatever comes in between."""
    request, person = find(reference), me()
    authorize(may(person, request, clock.now()))
    form, sentence = CommentForm.read(), TextForm.read()
    key = conversations.read_send_key(form.send_key.data or "", KIND, request.id, person)
    try:
        files = uploads.take(form, request, person, key)
        if not sentence.validate() or form.refused_file:
            form.text.errors, form.file.errors = list(sentence.text.errors), list(filter(None, [form.refused_file]))
            return invalid(request, form)
        act(request, person, form.text.data or "", clock.now(), key, files)
    except Refused as refused:
        return conflict(reference, refused, form)
    return back(reference, notice)


@bp.post("/requests/<reference>/solution")
@survives_sign_in(uploads.keep_for_later)
@keeps_text
def solve(reference: str) -> Response:
    """Say that it is done."""
    return say(reference, policies.may_work, actions.solve, _("Solved. The requester is told."))


@bp.post("/requests/<reference>/question")
@survives_sign_in(uploads.keep_for_later)
@keeps_text
def ask(reference: str) -> Response:
    """Ask the requester and wait for the answer."""
    return say(reference, policies.may_work, actions.ask_requester, _("Asked. It waits."))


@bp.post("/requests/<reference>/reopening")
@survives_sign_in(uploads.keep_for_later)
@keeps_text
def reopen(reference: str) -> Response:
    """Say what is not solved."""
    return say(reference, policies.may_reopen, actions.reopen, _("Reopened."))


# --- a page of its own -----------------------------------------------------------------------------------------------


def draw(template: str, request: Request, form: Any, status: int = 200, **more: Any) -> Response:
    """Show the form of one step."""
    page = Page(request, me(), clock.now())
    return render(f"requests/{template}.html", status=status, page=page, request=request, form=form, **more)


@bp.get("/requests/<reference>/withdrawal")
@signed_in
def withdrawal(reference: str) -> Response:
    """Ask whether it is needed no longer, and why."""
    request = find(reference)
    authorize(policies.may_withdraw(me(), request, clock.now()))
    return draw("withdrawal", request, ReasonForm())


@bp.post("/requests/<reference>/withdrawal")
@signed_in
@keeps_text
def withdraw(reference: str) -> Response:
    """Withdraw it (requests.md 5)."""
    request, form = find(reference), ReasonForm.read()
    authorize(policies.may_withdraw(me(), request, clock.now()))
    if not form.validate():
        return draw("withdrawal", request, form, status=422)
    act = partial(actions.withdraw, request, me(), (form.text.data or "").strip(), clock.now())
    return do(reference, act, _("Your request is withdrawn."))


def assign_form(request: Request) -> AssignForm:
    """Return the form with the agents of the queue."""
    form = AssignForm.read()
    form.person.choices = [option(each.public_id, each.name) for each in agents_of(request.department_id, clock.now())]
    return form


@bp.get("/requests/<reference>/assignment")
@signed_in
def assignment(reference: str) -> Response:
    """Choose an agent."""
    request = find(reference)
    authorize(policies.may_work(me(), request, clock.now()))
    return draw("assignment", request, assign_form(request))


@bp.post("/requests/<reference>/assignment")
@signed_in
def assign(reference: str) -> Response:
    """Let another agent have it."""
    request = find(reference)
    authorize(policies.may_work(me(), request, clock.now()))
    form = assign_form(request)
    if not form.validate():
        return draw("assignment", request, form, status=422)
    person = next(each for each in agents_of(request.department_id, clock.now()) if each.public_id == form.person.data)
    act = partial(actions.assign, request, person, me(), clock.now())
    return do(reference, act, _("%(name)s has it now.", name=person.name))


def windows_but(department_id: int) -> list[Department]:
    """Return the other departments in which one can ask, by number."""
    found = select(Department).where(Department.number.is_not(None), Department.id != department_id)
    return list(db.session.scalars(found.order_by(Department.number)))


def move_form(request: Request) -> MoveForm:
    """Return the form with the other windows."""
    form = MoveForm.read()
    form.department.choices = [
        option(each.slug, f"{each.number} {in_language(each.name)}") for each in windows_but(request.department_id)
    ]
    return form


@bp.get("/requests/<reference>/move")
@signed_in
def move_page(reference: str) -> Response:
    """Choose another department and say why."""
    request = find(reference)
    authorize(policies.may_work(me(), request, clock.now()))
    return draw("move", request, move_form(request))


@bp.post("/requests/<reference>/move")
@signed_in
@keeps_text
def move(reference: str) -> Response:
    """Pass it on; whoever moved it may not see it any more (PE-4)."""
    request = find(reference)
    authorize(policies.may_work(me(), request, clock.now()))
    form = move_form(request)
    if not form.validate():
        return draw("move", request, form, status=422)
    target = next(each for each in windows_but(request.department_id) if each.slug == form.department.data)
    try:
        share = form.share_notes.data == "yes"
        actions.move_to_department(request, target, form.text.data or "", me(), clock.now(), share)
    except Refused as refused:
        return conflict(reference, refused, CommentForm(data={**fresh(Page(request, me(), clock.now())), "text": form.text.data}))
    notice = _("%(reference)s is with %(department)s now.", reference=reference, department=in_language(target.name))
    return redirect_to("requests.queue", notice=notice)
