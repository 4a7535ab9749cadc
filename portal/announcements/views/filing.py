"""Files and images of a draft; they go over to the announcement when it is published."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from portal.announcements import queries
from portal.announcements.models import Announcement, AnnouncementDraft
from portal.attachments import actions as attachments
from portal.attachments import queries as attached
from portal.attachments.models import FileLink
from portal.core.files import TooLarge, WrongType
from portal.core.forms import posted_files
from portal.people.models import Person

DRAFT = "announcement_draft"
LIMIT = 25_000_000


def of(draft: AnnouncementDraft) -> Sequence[FileLink]:
    """Return what hangs on the draft, and on what it changes."""
    found = attached.files_of(DRAFT, draft.id, internal=False)
    return [*(attached.files_of(queries.KIND, draft.announcement_id, internal=False) if draft.announcement_id else ()), *found]


def add(draft: AnnouncementDraft, by: Person, now: datetime) -> list[str]:
    """Keep the posted files and return why some were not."""
    problems = []
    for upload in posted_files("file"):
        try:
            attachments.link(attachments.store(upload, by, LIMIT, now), DRAFT, draft.id, by, now)
        except TooLarge:
            problems.append(_("%(name)s is larger than 25 MB.", name=upload.filename))
        except WrongType:
            problems.append(_("%(name)s is a program, or is not what its name says.", name=upload.filename))
    return problems


def take_off(draft: AnnouncementDraft, public_id: str, now: datetime) -> None:
    """Take one file off."""
    for link in of(draft):
        if link.file.public_id == public_id:
            attachments.unlink(link, now)


def hand_over(draft: AnnouncementDraft, announcement: Announcement, by: Person, now: datetime) -> None:
    """Hang the draft's files on what was published: from now on whoever may read it may read them."""
    for link in attached.files_of(DRAFT, draft.id, internal=False):
        attachments.unlink(link, now)
        attachments.link(link.file, queries.KIND, announcement.id, by, now)
