"""Announcements in words."""

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from portal.announcements.models import Announcement, Kind
from portal.attachments.models import StoredFile
from portal.core import markup

KILO = 1000


def text(words: str) -> Markup:
    """Return the text of an announcement as it stands on its page, under the one heading of the page."""
    return markup.markdown(words, top=2)


def file(stored: StoredFile) -> dict[str, str]:
    """Return a file as `ui.files` draws it."""
    size = f"{max(stored.size // KILO, 1)} kB"
    return {"name": stored.name, "url": url_for("attachments.download", public_id=stored.public_id), "size": size}


def kind_words(announcement: Announcement) -> str:
    """Return what a confidential announcement is called where its title must not stand (rule 16)."""
    if announcement.asks_to_confirm:
        return str(_("A confidential announcement to confirm"))
    if announcement.kind == Kind.VACANCY:
        return str(_("A confidential vacancy"))
    return str(_("A confidential announcement"))
