"""Files of the box under the conversation: stored as they come, so that no refusal of the rest loses one (README C7)."""

from collections.abc import Sequence

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal.attachments import actions as attachments
from portal.attachments import queries as attached
from portal.attachments.models import StoredFile
from portal.conversations import actions as spoken
from portal.conversations import queries as conversations
from portal.core import clock, forms, security
from portal.core.db import keep
from portal.core.files import TooLarge, WrongType
from portal.core.forms import posted_files, posted_values
from portal.people.models import Person
from portal.requests import queries
from portal.requests.forms import TO_ALL, TO_SERVICE, CommentForm
from portal.requests.models import Request
from portal.requests.queries import KIND

FILE_LIMIT = 25_000_000
PURPOSE = "kept_files"


def take(form: CommentForm, request: Request, person: Person, key: str | None) -> list[StoredFile]:
    """Return the files of the form: those kept from an earlier try and those that came now; both survive a refusal.

    Nothing is stored twice for a comment that is there already. A file that is not taken is named at its field.
    """
    if conversations.with_send_key(person.id, key) is not None:
        return []
    files = earlier(form, request, person)
    for upload in posted_files("file"):
        files += _store(upload, person, form)
        hold(form, request, person, files)
        keep()
    return files


def earlier(form: CommentForm, request: Request, person: Person) -> list[StoredFile]:
    """Return what this person had already attached here and has not taken off (PE-22)."""
    found = security.unsign(PURPOSE, form.kept.data or "")
    if not isinstance(found, list) or found[:2] != [request.id, person.id]:
        return []
    dropped = posted_values("drop_file")
    files = attached.loose(person, [public_id for public_id in found[2] if public_id not in dropped])
    hold(form, request, person, files)
    return files


def hold(form: CommentForm, request: Request, person: Person, files: Sequence[StoredFile]) -> None:
    """Let the form carry the files to the next try."""
    form.held = [(file.public_id, file.name, file.size) for file in files]
    form.kept.data = security.sign(PURPOSE, [request.id, person.id, [file.public_id for file in files]])


def keep_for_later() -> Response:
    """Keep what was written after the session had ended for its author, and ask for a sign-in (R20, SE-32)."""
    form, now = CommentForm.read(), clock.now()
    owner = conversations.owner_of(form.send_key.data or "", KIND)
    request = queries.by_id(owner[0], owner[1], now) if owner else None
    if owner is None or request is None:
        return security.ask_to_sign_in()
    person = owner[1]
    take(form, request, person, conversations.read_send_key(form.send_key.data or "", KIND, request.id, person))
    internal = form.audience.data == TO_SERVICE
    spoken.keep_draft(KIND, request.id, person, (form.text.data or "")[: forms.TEXT], internal, form.kept.data or "", now)
    return security.sign_in_for("requests.show", {"reference": request.reference, "draft": "1"})


def bring_back(form: CommentForm, request: Request, person: Person) -> None:
    """Put what was kept into an empty form."""
    draft = conversations.draft_of(KIND, request.id, person)
    if draft is not None:
        form.text.data, form.audience.data, form.kept.data = draft.text, TO_SERVICE if draft.internal else TO_ALL, draft.files
        earlier(form, request, person)


def _store(upload: FileStorage, person: Person, form: CommentForm) -> list[StoredFile]:
    try:
        return [attachments.store(upload, person, FILE_LIMIT, clock.now())]
    except TooLarge:
        form.refused_file = _("%(name)s is larger than 25 MB.", name=upload.filename)
    except WrongType:
        form.refused_file = _("%(name)s is a program, or not what its name says.", name=upload.filename)
    return []
