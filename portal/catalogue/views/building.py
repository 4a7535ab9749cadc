"""The form builder: questions left, live preview right; every edit is a POST that works without JavaScript (design.md 12)."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs

from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from portal.catalogue import editing, pricelist, questions, versions
from portal.catalogue.actions import forms
from portal.catalogue.actions.forms import NotPublishable, StaleForm
from portal.catalogue.formkit.changes import changes
from portal.catalogue.formkit.conditions import SchemaError
from portal.catalogue.formkit.rows import COLUMN_TYPES
from portal.catalogue.formkit.schema import Field, Form
from portal.catalogue.formkit.types.registry import known
from portal.catalogue.models import Service
from portal.catalogue.queries import context_of, form_of
from portal.catalogue.questions import Desk, Values
from portal.catalogue.views import workbench
from portal.catalogue.views.editing import bp, edited_service, inspected_service
from portal.catalogue.views.workbench import Shown
from portal.core import clock, language
from portal.core.errors import Refused
from portal.core.forms import posted_value
from portal.core.hypermedia import own_path, query, query_string, redirect_to, render
from portal.core.policy import signed_in
from portal.people.queries import me

FRAGMENTS = ("builder", "preview")


@bp.get("/admin/catalogue/<public_id>/form")
@signed_in
def form(public_id: str) -> Response:
    """Show the questions and the preview; one of them may be open for editing."""
    service = inspected_service(public_id)
    shown = Shown(question=query("question"), section=query("section"), preview=query("preview"), tried=_tried())
    return _page(service, shown)


def _tried() -> MultiDict[str, str]:
    """Return the answers that the editor tries in the preview; they travel in the address and are kept nowhere."""
    return MultiDict(parse_qs(query_string(), keep_blank_values=True))


def _page(service: Service, shown: Shown, status: int = 200) -> Response:
    view = workbench.view_of(service, shown, me(), clock.now())
    return render("catalogue/editor/form.html", fragments=FRAGMENTS, status=status, service=service, view=view)


@bp.post("/admin/catalogue/<public_id>/form/questions")
@signed_in
def add_question(public_id: str) -> Response:
    """Add a question after the open one, and open it."""
    service = edited_service(public_id)
    label, kind = posted_value("label").strip(), posted_value("type")
    if kind not in (COLUMN_TYPES if posted_value("into") else known()):
        raise BadRequest
    if not label:
        return _page(service, Shown(adding=_("Write the question first."), adding_type=kind), 422)
    key = editing.key_for(label, versions.keys_used(service.id) | _keys(service))
    field = Field(key=key, type=kind, label={language.current(): label})
    rows, after = posted_value("into"), posted_value("after") or None
    if rows:
        return _edit(service, lambda old: editing.add_column(old, rows, field), question=key)
    return _edit(service, lambda old: editing.add_field(old, field, after), question=key)


def _keys(service: Service) -> frozenset[str]:
    form = versions.working_form(service.id)
    return frozenset(form.by_key) | {section.key for section in form.sections}


@bp.post("/admin/catalogue/<public_id>/form/questions/<key>")
@signed_in
def save_question(public_id: str, key: str) -> Response:
    """Save the open question; "Add option" and "Remove option" save too."""
    service = edited_service(public_id)
    work = versions.work_of(service.id)
    old = work.form.by_key.get(key)
    if old is None:
        return _conflict(service, _("This question was removed meanwhile."), gone=True)
    desk = versions.desk_for_saving(service.id, work, key, context_of(me(), clock.now()))
    values = workbench.posted_texts()
    found = questions.read(old, values, desk)
    if found.problems:
        return _page(service, Shown(question=key, values=values, problems=found.problems), 422)
    change = _changing(found)
    return _edit(service, change, question=key, desk=desk)


def _changing(found: questions.Read) -> Callable[[Form], Form]:
    return lambda old: editing.change_field(old, found.question, found.section, found.in_title)


@bp.post("/admin/catalogue/<public_id>/form/questions/<key>/removal")
@signed_in
def remove_question(public_id: str, key: str) -> Response:
    """Take a question out of the draft."""
    return _edit(edited_service(public_id), lambda old: editing.remove_field(old, key))


@bp.post("/admin/catalogue/<public_id>/form/order")
@signed_in
def move(public_id: str) -> Response:
    """Move a question or a section one place up or down."""
    service = edited_service(public_id)
    what, _colon, rest = posted_value("move").partition(":")
    direction, _colon, key = rest.partition(":")
    step = {"up": -1, "down": 1}.get(direction)
    if step is None or what not in ("question", "section"):
        raise BadRequest
    mover = editing.move_field if what == "question" else editing.move_section
    return _edit(service, lambda old: mover(old, key, step), question=posted_value("open"))


@bp.post("/admin/catalogue/<public_id>/form/sections")
@signed_in
def add_section(public_id: str) -> Response:
    """Add a section at the end."""
    service = edited_service(public_id)
    title = posted_value("title").strip()
    if not title:
        return _page(service, Shown(adding_section=_("Write the title of the section first.")), 422)
    key = editing.key_for(title, versions.keys_used(service.id) | _keys(service))
    return _edit(service, lambda old: editing.add_section(old, key, {language.current(): title}))


@bp.post("/admin/catalogue/<public_id>/form/sections/<key>")
@signed_in
def save_section(public_id: str, key: str) -> Response:
    """Save the words of a section."""
    service = edited_service(public_id)
    words = {name: {each: posted_value(f"{name}.{each}").strip() for each in workbench.languages()} for name in ("title", "help")}
    return _edit(service, lambda old: editing.change_section(old, key, words["title"], words["help"]), section=key)


@bp.post("/admin/catalogue/<public_id>/form/sections/<key>/removal")
@signed_in
def remove_section(public_id: str, key: str) -> Response:
    """Take a section away; its questions stay, in the section before it."""
    return _edit(edited_service(public_id), lambda old: editing.remove_section(old, key))


@bp.post("/admin/catalogue/<public_id>/form/prices")
@signed_in
def save_pricing(public_id: str) -> Response:
    """Save in which currency, with which tax and how often it is paid, or which answer is the amount (forms.md 22)."""
    service = edited_service(public_id)
    values = workbench.posted_texts()
    found = pricelist.read(values, language.current())
    if found.problems:
        return _page(service, Shown(pricing=values, wrong_pricing=found.problems), 422)
    return _edit(service, lambda old: replace(old, pricing=found.pricing))


@bp.post("/admin/catalogue/<public_id>/form/publication")
@signed_in
def publish(public_id: str) -> Response:
    """Publish the draft, or say what blocks it (FO12, FO18)."""
    service = edited_service(public_id)
    try:
        version = forms.publish_form(service, me(), posted_value("seen"), clock.now())
    except StaleForm as stale:
        return _conflict(service, stale.reason)
    except NotPublishable as refused:
        return _page(service, Shown(refused=refused.findings), 422)
    notice = _("Version %(number)s is published.", number=version.number)
    return redirect_to("catalogue_editor.form", public_id=public_id, notice=notice)


@bp.get("/admin/catalogue/<public_id>/form/removal")
@signed_in
def confirm_discarding(public_id: str) -> Response:
    """Show what would be lost, since it cannot be undone."""
    service = edited_service(public_id)
    work = versions.work_of(service.id)
    if work.draft is None:
        return redirect_to("catalogue_editor.form", public_id=public_id)
    changed = changes(form_of(work.last), work.form, language.current()) if work.last else ()
    return render("catalogue/editor/discard.html", service=service, draft=work.draft, changed=changed, seen=work.seen)


@bp.post("/admin/catalogue/<public_id>/form/removal")
@signed_in
def discard(public_id: str) -> Response:
    """Throw the draft away."""
    service = edited_service(public_id)
    try:
        forms.discard_form(service, me(), posted_value("seen"))
    except StaleForm as stale:
        return _conflict(service, stale.reason)
    return redirect_to("catalogue_editor.form", public_id=public_id, notice=_("The draft is discarded."))


def _edit(
    service: Service, change: Callable[[Form], Form], question: str = "", section: str = "", desk: Desk | None = None
) -> Response:
    """Apply one edit and go back to the page; what came too late is shown beside what is there now (FO8)."""
    try:
        forms.edit_form(service, me(), posted_value("seen"), change, clock.now())
    except StaleForm as stale:
        return _conflict(service, stale.reason, question if desk else "", desk)
    except editing.NoSuchPart:
        raise Refused(_("This part of the form is no longer there.")) from None
    except SchemaError:
        raise Refused(_("This text is too long, or the form has too many questions.")) from None
    address = {name: value for name, value in (("question", question), ("section", section)) if value}
    return redirect_to("catalogue_editor.form", public_id=service.public_id, **address)


def _conflict(service: Service, reason: str, question: str = "", desk: Desk | None = None, gone: bool = False) -> Response:
    mine = workbench.posted_texts()
    theirs: Values = questions.flat(desk.form.by_key[question], desk) if desk else MultiDict()
    return render(
        "catalogue/editor/conflict.html",
        fragments=("builder",),
        status=409,
        service=service,
        reason=reason,
        differences=workbench.differences(mine, theirs) if desk or gone else [],
        action=own_path(),
        again=None if gone else workbench.again(mine, versions.seen_now(service.id)),
        back=url_for("catalogue_editor.form", public_id=service.public_id, question=question or None),
    )
