"""Writing on a request: comments, notes, corrections, followers."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.catalogue.formkit.values import Choice
from portal.catalogue.queries import people_for
from portal.conversations import queries as conversations
from portal.conversations.models import Comment
from portal.core import clock
from portal.core.errors import Refused
from portal.core.forms import posted_files
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, get_or_404, signed_in, survives_sign_in
from portal.people.models import Person
from portal.people.queries import me, visible_to
from portal.requests import actions, policies, queries
from portal.requests.forms import TO_SERVICE, CommentForm, TextForm, WatcherForm
from portal.requests.models import Request
from portal.requests.page import Page
from portal.requests.queries import KIND
from portal.requests.views import uploads
from portal.requests.views.blueprint import bp, find, keeps_text
from portal.requests.views.show import conflict, invalid


@bp.post("/requests/<reference>/comments")
@survives_sign_in(uploads.keep_for_later)
@keeps_text
def comment(reference: str) -> Response:
    """Write to everybody, or to the service alone."""
    request, person, now = find(reference), me(), clock.now()
    form = CommentForm.read()
    internal = form.audience.data == TO_SERVICE
    allowed = policies.may_write_note if internal else policies.may_comment
    authorize(allowed(person, request, now))
    key, valid = conversations.read_send_key(form.send_key.data or "", KIND, request.id, person), form.validate()
    try:
        files = uploads.take(form, request, person, key)
        if not valid or not complete(form, key, bool(files or posted_files("file"))):
            return invalid(request, form)
        if not internal:
            refuse_unseen(request, form, person)
        made = actions.comment(request, person, form.text.data or "", internal, now, files, key)
    except Refused as refused:
        return conflict(reference, refused, form)
    return redirect_to("requests.show", notice=_("Sent."), anchor=f"comment_{made.public_id}", reference=reference)


def complete(form: CommentForm, key: str | None, has_file: bool) -> bool:
    """Say what is missing: a key of this page, and a text or a file (CM rule 8)."""
    if not (form.text.data or "").strip() and not has_file:
        form.text.errors = [_("Write something, or add a file.")]
        return False
    if key is None:
        form.text.errors = [_("This page was open for too long. Read your text again and send it.")]
        return False
    if form.refused_file:
        form.file.errors = [form.refused_file]
    return not form.refused_file


def refuse_unseen(request: Request, form: CommentForm, person: Person) -> None:
    """Let agents read what others wrote meanwhile before they answer; the requester is never delayed (CM rule 7)."""
    shown = form.last.data or ""
    last = int(shown) if shown.isdecimal() else 0
    if request.is_of(person.id) or form.seen_new.data or not conversations.others_wrote(KIND, request.id, person.id, last):
        return
    form.seen_new.data, form.last.data = "yes", str(conversations.last_id(KIND, request.id))
    raise Refused(_("Somebody wrote meanwhile. Read it, then send your text, which is still in its box."))


def find_comment(request: Request, comment_id: str) -> Comment:
    """Return a comment through its request; an internal one only for who may read it (PE-15)."""
    found = select(Comment).where(Comment.subject_kind == KIND, Comment.subject_id == request.id)
    if not policies.may_read_internal(me(), request, clock.now()):
        found = found.where(~Comment.internal)
    return get_or_404(found, Comment.public_id == comment_id)


@bp.get("/requests/<reference>/comments/<comment_id>/correction")
@signed_in
def correction(reference: str, comment_id: str) -> Response:
    """Show an own comment to put it right."""
    request = find(reference)
    found = find_comment(request, comment_id)
    authorize(policies.may_change_comment(me(), found, clock.now()))
    return render("requests/correction.html", request=request, comment=found, form=TextForm(data={"text": found.text}))


@bp.post("/requests/<reference>/comments/<comment_id>/correction")
@signed_in
@keeps_text
def correct(reference: str, comment_id: str) -> Response:
    """Put an own comment right (CM rule 2)."""
    request, form = find(reference), TextForm.read()
    found = find_comment(request, comment_id)
    authorize(policies.may_change_comment(me(), found, clock.now()))
    if not form.validate():
        return render("requests/correction.html", status=422, request=request, comment=found, form=form)
    try:
        actions.correct_comment(request, found, me(), form.text.data or "", clock.now())
    except Refused as refused:
        return conflict(reference, refused, CommentForm(data={"text": form.text.data}))
    return redirect_to("requests.show", notice=_("Corrected."), anchor=f"comment_{comment_id}", reference=reference)


@bp.post("/requests/<reference>/comments/<comment_id>/withdrawal")
@signed_in
def withdraw_comment(reference: str, comment_id: str) -> Response:
    """Take back an own comment (CM rule 2)."""
    request = find(reference)
    found = find_comment(request, comment_id)
    authorize(policies.may_change_comment(me(), found, clock.now()))
    actions.withdraw_comment(request, found, me(), clock.now())
    return redirect_to("requests.show", notice=_("Your comment is withdrawn."), reference=reference)


# --- followers -------------------------------------------------------------------------------------------------------


@bp.get("/requests/<reference>/watchers")
@signed_in
def watchers(reference: str) -> Response:
    """Show who follows and a form to add somebody."""
    request = find(reference)
    return render_watchers(request, WatcherForm(), ())


def render_watchers(request: Request, form: WatcherForm, found: Sequence[Choice], status: int = 200) -> Response:
    """Draw the page of followers; `found` are the people that the name may mean."""
    page = Page(request, me(), clock.now())
    return render("requests/watchers.html", status=status, page=page, request=request, form=form, found=found)


@bp.post("/requests/<reference>/watchers")
@signed_in
def add_watcher(reference: str) -> Response:
    """Let one more person see the request; a name that fits several people asks which (CM rule 6)."""
    request, form, now = find(reference), WatcherForm.read(), clock.now()
    authorize(policies.may_add_watcher(me(), request, now))
    found = people_for(me(), now, form.person.data or "") if form.validate() else ()
    if len(found) != 1:
        form.person.errors = [_("Which of them?") if found else _("Nobody here has this name or address.")]
        return render_watchers(request, form, found, status=422)
    watcher = get_or_404(visible_to(me(), now), Person.public_id == found[0].value)
    authorize(policies.may_be_added(me(), watcher, request, now))
    actions.add_watcher(request, watcher, me(), now)
    notice = _("%(name)s sees this request now.", name=watcher.name)
    return redirect_to("requests.watchers", notice=notice, reference=reference)


@bp.post("/requests/<reference>/watchers/<person_id>/removal")
@signed_in
def remove_watcher(reference: str, person_id: str) -> Response:
    """End somebody's following, or one's own."""
    request, now = find(reference), clock.now()
    watcher = get_or_404(queries.watchers_of(request), Person.public_id == person_id)
    authorize(policies.may_remove_watcher(me(), request, watcher, now))
    actions.remove_watcher(request, watcher, me(), now)
    if watcher.id == me().id:
        return redirect_to("requests.index", notice=_("You no longer follow it."))
    return redirect_to("requests.watchers", notice=_("%(name)s no longer sees it.", name=watcher.name), reference=reference)
