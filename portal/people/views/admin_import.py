"""Import of people from a CSV file: first what it would do, line by line, then the deed."""

from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.core import clock, files, security
from portal.core.forms import posted_files
from portal.core.hypermedia import redirect_to, render
from portal.core.policy import authorize, signed_in
from portal.people import actions, policies
from portal.people.forms import ImportForm
from portal.people.queries import me
from portal.people.views.common import admin_bp

PAGE = "people/admin/import.html"
A_DAY = 24 * 3600


@admin_bp.get("/admin/people/import")
@signed_in
def new_import() -> Response:
    """Ask for a file."""
    authorize(policies.may_manage(me(), clock.now()))
    return render(PAGE, form=ImportForm.read(), plan=None, file="")


@admin_bp.post("/admin/people/import")
@signed_in
def upload_import() -> Response:
    """Put the file aside and go on to what it would do."""
    authorize(policies.may_manage(me(), clock.now()))
    form, uploads = ImportForm.read(), posted_files("file")
    if not uploads:
        form.validate()
        return render(PAGE, form=form, plan=None, file="", status=422)
    try:
        stored = files.store(uploads[0].stream, "people.csv", actions.LONGEST_FILE)
    except (files.TooLarge, files.WrongType):
        form.file.errors = [_("Choose a CSV file of at most 5 MB.")]
        return render(PAGE, form=form, plan=None, file="", status=422)
    return redirect_to("people_admin.preview_import", file=security.sign("import", [stored.path, me().id]))


@admin_bp.get("/admin/people/import/<file>")
@signed_in
def preview_import(file: str) -> Response:
    """Show line by line what the file would do; nothing is stored."""
    authorize(policies.may_manage(me(), clock.now()))
    return render(PAGE, form=ImportForm.read(), plan=actions.read_people(_content(file)), file=file)


@admin_bp.post("/admin/people/import/<file>")
@signed_in
def run_import(file: str) -> Response:
    """Store everybody of the file."""
    authorize(policies.may_manage(me(), clock.now()))
    plan = actions.import_people(_content(file), me(), clock.now())
    notice = ngettext("%(num)d person was imported.", "%(num)d people were imported.", len(plan.lines))
    return redirect_to("people_admin.index", notice=notice)


def _content(file: str) -> bytes:
    """Return the content of a file that this administrator has uploaded today."""
    found = security.unsign("import", file, A_DAY)
    if not found or found[1] != me().id:
        raise NotFound
    path = files.location(found[0])
    if not path.exists():
        raise NotFound
    return path.read_bytes()
