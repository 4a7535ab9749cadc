"""The composer: a draft on the server that is looked at, handed in and published (page and fragments)."""

from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from portal.announcements import actions, composing, policies, queries
from portal.announcements.actions import drafts
from portal.announcements.composing import Sheet
from portal.announcements.forms import ComposerForm, kept
from portal.announcements.models import AnnouncementDraft
from portal.announcements.views import filing
from portal.announcements.views.blueprint import bp
from portal.core import clock, markup, security
from portal.core.db import db, keep
from portal.core.forms import posted, posted_value
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, decided, get_or_404, signed_in, survives_sign_in
from portal.core.security import sign_in_for
from portal.people.queries import me

FRAGMENTS = ("budget", "preview")
PURPOSE = "announcement_draft"


@bp.get("/announcements/drafts")
@signed_in
def draft_list() -> Response:
    """List what the person can go on with."""
    decided()
    authorize(policies.may_write(me(), clock.now()))
    found = db.session.scalars(queries.drafts_of(me(), clock.now()).order_by(AnnouncementDraft.saved_at.desc()).limit(100))
    return render("announcements/drafts.html", drafts=found.all())


@bp.post("/announcements/drafts")
@signed_in
def begin() -> Response:
    """Begin a draft, or go on with one that nobody has touched."""
    authorize(policies.may_write(me(), clock.now()))
    return redirect_to("announcements.compose", draft_id=drafts.begin(me(), clock.now()).public_id)


def _own(draft_id: str) -> AnnouncementDraft:
    return get_or_404(queries.drafts_of(me(), clock.now()), AnnouncementDraft.public_id == draft_id)


@bp.get("/announcements/drafts/<draft_id>")
@signed_in
def compose(draft_id: str) -> Response:
    """Show the composer with what was typed."""
    draft = _own(draft_id)
    authorize(policies.may_write(me(), clock.now()))
    form = ComposerForm(kept(draft.content))
    return _page(composing.opened(draft, form, me(), clock.now()))


def _page(sheet: Sheet, status: int = 200, stale: dict[str, str] | None = None) -> Response:
    sheet.form.revision.data = str(sheet.draft.revision)
    return render(
        "announcements/compose.html",
        fragments=FRAGMENTS,
        beside=("draft_state",),
        status=status,
        sheet=sheet,
        form=sheet.form,
        draft=sheet.draft,
        owner=security.sign(PURPOSE, [sheet.draft.public_id, me().public_id]),
        changing=sheet.draft.announcement,
        markdown=markup.markdown,
        files=filing.of(sheet.draft),
        stale=stale,
        may_publish=policies.may_publish(me(), clock.now()),
        may_hand_in=policies.may_hand_in(me(), sheet.draft, clock.now()),
        may_exceed=policies.may_exceed_budget(me(), clock.now()),
    )


def keep_for_later() -> Response:
    """Keep what was posted after the session ended, and ask its author to sign in again (forms.md 16)."""
    found = security.unsign(PURPOSE, posted_value("owner"))
    draft = drafts.of_owner(*found) if isinstance(found, list) else None
    if draft is None:
        raise BadRequest
    drafts.save(draft, ComposerForm(posted()).content, draft.revision, clock.now())
    return sign_in_for("announcements.compose", {"draft_id": draft.public_id})


@bp.post("/announcements/drafts/<draft_id>")
@survives_sign_in(keep_for_later)
def save(draft_id: str) -> Response:
    """Keep what was typed, then do what the button says: save, look at it, hand it in or publish it."""
    draft, now = _own(draft_id), clock.now()
    authorize(policies.may_write(me(), now))
    form = ComposerForm(posted())
    seen, wanted = form.revision.data or "", _button(form)
    if not (seen.isascii() and seen.isdecimal()):
        raise BadRequest
    sheet = composing.opened(draft, form, me(), now)
    try:
        drafts.save(draft, form.content, int(seen), now)
    except drafts.StaleDraft:
        return _page(sheet, 409, stale=draft.content)
    keep()
    if wanted == "publish":
        return _publish(sheet)
    if wanted == "hand_in":
        authorize(policies.may_hand_in(me(), draft, now))
        drafts.hand_in(draft, now)
        return redirect_to("announcements.draft_list", notice=_("Handed in. Communications sees it now and publishes it."))
    notice = _("Saved as a draft.") if wanted == "save" else None
    return redirect_to("announcements.compose", draft_id=draft_id, notice=notice)


def _button(form: ComposerForm) -> str:
    """Return what is to be done; a time that was offered instead of one that does not exist publishes at once (C2)."""
    wall, bar, fold = posted_value("take_time").partition("|")
    if bar:
        form.publish_wall.data, form.fold.data = wall, fold
        return "publish"
    return posted_value("go")


def _publish(sheet: Sheet) -> Response:
    authorize(policies.may_publish(me(), sheet.now))
    if sheet.draft.announcement is not None:
        return _correct(sheet)
    wanted = composing.judge(sheet)
    if wanted is None:
        return _page(sheet, 422)
    if wanted.over_budget_reason and sheet.budget.full:
        authorize(policies.may_exceed_budget(me(), sheet.now))
    made = actions.publish(wanted, me(), sheet.now)
    filing.hand_over(sheet.draft, made, me(), sheet.now)
    drafts.end(sheet.draft, sheet.now)
    notice = _("Published.") if made.publish_at <= sheet.now else _("Scheduled.")
    return redirect_to("announcements.show", public_id=made.public_id, notice=notice)


def _correct(sheet: Sheet) -> Response:
    announcement = sheet.draft.announcement
    assert announcement is not None  # noqa: S101 - asked before
    form = sheet.form
    form.level.data, form.department.data = announcement.level, announcement.department.slug
    form.validate()
    words = composing.written(form)
    if form.errors:
        return _page(sheet, 422)
    note = {each: text for each in composing.LANGUAGES if (text := (form[f"note_{each}"].data or "").strip())}
    seen = tuple(int(part) for part in (form.seen.data or "").split(".") if part.isdecimal())
    actions.correct(announcement, words, form.change.data == "substantial", note or None, seen, me(), sheet.now)
    filing.hand_over(sheet.draft, announcement, me(), sheet.now)
    drafts.end(sheet.draft, sheet.now)
    return redirect_to("announcements.show", public_id=announcement.public_id, notice=_("Corrected."))


@bp.post("/announcements/drafts/<draft_id>/removal")
@signed_in
def remove(draft_id: str) -> Response:
    """Throw a draft away."""
    draft = _own(draft_id)
    authorize(policies.may_write(me(), clock.now()))
    drafts.end(draft, clock.now())
    return redirect_to("announcements.draft_list", notice=_("The draft is gone."))


@bp.post("/announcements/drafts/<draft_id>/files")
@signed_in
def add_files(draft_id: str) -> Response:
    """Keep files and images beside the text."""
    draft = _own(draft_id)
    authorize(policies.may_write(me(), clock.now()))
    problems = filing.add(draft, me(), clock.now())
    if problems:
        form = ComposerForm(kept(draft.content))
        sheet = composing.opened(draft, form, me(), clock.now())
        sheet.file_problems = problems
        return _page(sheet, 422)
    return redirect_to("announcements.compose", draft_id=draft_id, anchor="files")


@bp.post("/announcements/drafts/<draft_id>/files/removal")
@signed_in
def remove_file(draft_id: str) -> Response:
    """Take a file off the draft."""
    draft = _own(draft_id)
    authorize(policies.may_write(me(), clock.now()))
    filing.take_off(draft, posted_value("file"), clock.now())
    return redirect_to("announcements.compose", draft_id=draft_id, anchor="files")
