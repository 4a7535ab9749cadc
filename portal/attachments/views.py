"""Downloads, through the rights of what the file hangs on (PE-15, SE-46, SE-47)."""

import structlog
from flask import Blueprint, send_file
from flask_babel import gettext as _
from werkzeug.exceptions import InternalServerError, NotFound
from werkzeug.wrappers import Response

from portal.attachments import queries
from portal.attachments.models import StoredFile
from portal.core import clock, files, security
from portal.core.policy import decided, note_refusal, signed_in
from portal.people.queries import me

IMAGES = "default-src 'none'; img-src 'self'; sandbox; frame-ancestors 'none'"
bp = Blueprint("attachments", __name__)
log = structlog.get_logger()


@bp.get("/files/<public_id>")
@signed_in
def download(public_id: str) -> Response:
    """Send a file: the four kinds of image to be looked at, everything else to be saved."""
    decided()
    file = queries.readable(public_id, me(), clock.now())
    if file is None:
        hidden = queries.by_public_id(public_id)
        if hidden is not None:
            note_refusal("stored_file", hidden.id)
        raise NotFound
    return _answer(file)


def _answer(file: StoredFile) -> Response:
    place = files.location(file.path)
    if file.damaged_at is not None or not place.is_file() or place.stat().st_size != file.size:
        log.error("file_damaged", file=file.public_id)
        raise InternalServerError(_("This file is damaged and is not sent. The administrators can see it; ask for it again."))
    security.answer_as("download")
    inline = file.content_type in files.INLINE
    response = send_file(
        place,
        mimetype=file.content_type,
        as_attachment=not inline,
        download_name=file.name,
        conditional=False,
        etag=False,
    )
    if inline:
        response.headers["Content-Security-Policy"] = IMAGES
    return response
