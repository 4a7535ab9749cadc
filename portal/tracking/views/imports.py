"""Pages of an import: choose a file, read what it would do, confirm exactly that (TR-29 to TR-31)."""

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.core import clock, files
from portal.core.db import db
from portal.core.forms import posted_files, posted_value
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, get_or_404, signed_in
from portal.people.models import Department, Role
from portal.people.queries import departments_as, me
from portal.tracking import importing, imports, policies, words
from portal.tracking.forms import ImportForm
from portal.tracking.models import TrackingImport
from portal.tracking.views.staff import bp


def form() -> ImportForm:
    """Return the form of a file for one of the person's departments."""
    authorize(policies.may_register(me(), clock.now()))
    theirs = departments_as(me(), Role.AGENT, clock.now())
    offered = select(Department).where(Department.id.in_(theirs)).order_by(Department.id)
    return ImportForm.read().offer(db.session.scalars(offered).all())


@bp.get("/tracked-items/imports/new")
@signed_in
def new_import() -> Response:
    """Ask for a file."""
    return render("tracking/staff/new_import.html", form=form(), columns=", ".join(importing.COLUMNS))


@bp.post("/tracked-items/imports")
@signed_in
def check_import() -> Response:
    """Read the file and go on to what it would do; a file that cannot be read is refused as a whole."""
    asked, uploads = form(), posted_files("file")
    content = uploads[0].stream.read(importing.LARGEST + 1) if uploads else b""
    if not asked.validate() or not uploads:
        asked.file.errors = [_("Choose a CSV file of at most 20 MB.")]
        return render("tracking/staff/new_import.html", form=asked, columns=", ".join(importing.COLUMNS), status=422)
    try:
        made = imports.check(files.clean_name(uploads[0].filename or ""), content, asked.chosen(), me(), clock.now())
    except importing.BadFile as bad:
        db.session.rollback()
        asked = form()
        asked.file.errors = [words.file_refusal(bad.reason, bad.detail)]
        return render("tracking/staff/new_import.html", form=asked, columns=", ".join(importing.COLUMNS), status=422)
    return redirect_to("tracking_staff.show_import", public_id=made.public_id)


def own(public_id: str) -> TrackingImport:
    """Return an import of the person."""
    return get_or_404(select(TrackingImport).where(TrackingImport.by_id == me().id), TrackingImport.public_id == public_id)


@bp.get("/tracked-items/imports/<public_id>")
@signed_in
def show_import(public_id: str) -> Response:
    """Show what an import would do, how far it is, or what it did."""
    made = own(public_id)
    running = made.confirmed_at is not None
    fresh = clock.now() <= made.checked_at + imports.CONFIRMED_WITHIN
    return render(
        "tracking/staff/import.html", made=made, counts=imports.counts_of(made), done=imports.counts_of(made, done=True),
        refused=imports.refused_of(made), running=running, may_confirm=fresh and not running,
    )  # fmt: skip


@bp.post("/tracked-items/imports/<public_id>/confirmation")
@signed_in
def confirm_import(public_id: str) -> Response:
    """Apply exactly the file that was checked."""
    made = own(public_id)
    authorize(policies.may_import(me(), made.department_id, clock.now()))
    imports.confirm(made, posted_value("digest"), me(), clock.now())
    return redirect_to("tracking_staff.show_import", public_id=public_id, notice=_("The import has begun."))
