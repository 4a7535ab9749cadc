"""Drafts: what somebody has typed is stored at every pause and never lost (forms.md 12 to 14)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from portal.catalogue.formkit.answers import Typed
from portal.catalogue.formkit.carrying import carry
from portal.catalogue.models import Draft, DraftRevision, FormVersion
from portal.catalogue.queries import DRAFT_LIFE, form_of, left_overs_of
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.text import time_words
from portal.people.models import Person

KEPT_REVISIONS = 5


class StaleDraft(Refused):
    """The draft was changed on another device meanwhile; carries both contents (forms.md 13)."""

    def __init__(self, draft: Draft, mine: Typed) -> None:
        super().__init__(_("This draft was changed on another device (%(time)s).", time=time_words(draft.saved_at)))
        self.draft, self.revision = draft, draft.revision
        self.mine, self.theirs = mine, Typed.from_json(draft.content)


class DraftSent(Refused):
    """The draft has become a request; what is posted under its key cannot change it (forms.md 14)."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(_("This form has been sent already."))
        self.draft = draft


@dataclass(frozen=True)
class Seen:
    """What a page knows of its draft: the revision that it was drawn from (0 for a new form), and which opened page it is.

    `presses` tells a button from a preview: a preview that comes late must not undo what a button of its page has stored.
    """

    revision: int
    page: str = ""
    presses: bool = False


def save_draft(person: Person, version: FormVersion, send_key: str, typed: Typed, seen: Seen, now: datetime) -> Draft:
    """Store what a page posted; the first save under a key makes the draft (forms.md 12 to 14).

    Saving the same content again changes nothing; an older revision with other content raises StaleDraft unless a preview
    of the same page wrote the newer one, a draft that was sent raises DraftSent.
    """
    draft = _locked(person, send_key)
    if draft is None:
        draft = _begin(person, version, send_key, typed, seen, now) or _locked(person, send_key)
    assert draft is not None  # noqa: S101 - made here, or by whoever was faster
    if draft.sent_at is not None:
        raise DraftSent(draft)
    content = _content(draft, version, typed)
    if content == draft.content and version.id == draft.form_version_id:
        draft.saved_at = now
        return draft
    if seen.revision != draft.revision and not (seen.presses and seen.page and seen.page == draft.page):
        raise StaleDraft(draft, typed)
    draft.form_version = version  # not only its id: what was read along with the draft would stay the old one
    return _change(draft, content, seen.page, now)


def restore_draft(draft: Draft, revision: int, now: datetime) -> Draft:
    """Bring back one of the last contents, as a new revision (forms.md 13)."""
    db.session.refresh(draft, with_for_update=True)
    found = select(DraftRevision).where(DraftRevision.draft_id == draft.id, DraftRevision.revision == revision)
    kept = db.session.scalar(found)
    if kept is None or draft.sent_at is not None:
        raise Refused(_("This content is no longer kept."))
    return _change(draft, kept.content, "", now)


def close_draft(draft: Draft, now: datetime) -> None:
    """The draft has become a request (forms.md 17)."""
    draft.sent_at = now


def discard_draft(draft: Draft) -> None:
    """Throw a draft away at its owner's wish."""
    db.session.delete(draft)


def drop_ended_drafts(now: datetime) -> None:
    """Delete drafts that nobody has changed for 90 days and that were not sent (forms.md 12)."""
    db.session.execute(delete(Draft).where(Draft.sent_at.is_(None), Draft.saved_at <= now - DRAFT_LIFE))


def _locked(person: Person, send_key: str) -> Draft | None:
    found = select(Draft).where(Draft.person_id == person.id, Draft.send_key == send_key)
    return db.session.scalar(found.with_for_update().execution_options(populate_existing=True))


def _begin(person: Person, version: FormVersion, send_key: str, typed: Typed, seen: Seen, now: datetime) -> Draft | None:
    """Return the new draft, or None when another answer has made it at the same moment."""
    draft = Draft(
        person_id=person.id,
        service_id=version.service_id,
        form_version_id=version.id,
        send_key=send_key,
        content=typed.to_json(),
        revision=1,
        page=seen.page,
        created_at=now,
        saved_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(draft)
    except IntegrityError:
        return None
    _remember(draft)
    return draft


def _content(draft: Draft, version: FormVersion, typed: Typed) -> dict[str, Any]:
    """Return the content to store; what the page's version no longer asks stays beside it (forms.md 11)."""
    kept = left_overs_of(draft)
    if version.id != draft.form_version_id:
        kept += carry(form_of(draft.form_version), form_of(version), Typed.from_json(draft.content))[1]
    told = {"left_overs": [{"key": each.key, "label": each.label, "text": each.text} for each in kept]} if kept else {}
    return {**typed.to_json(), **told}


def _change(draft: Draft, content: dict[str, Any], page: str, now: datetime) -> Draft:
    draft.content, draft.page, draft.saved_at = content, page, now
    draft.revision += 1
    _remember(draft)
    return draft


def _remember(draft: Draft) -> None:
    db.session.add(DraftRevision(draft_id=draft.id, revision=draft.revision, content=draft.content, saved_at=draft.saved_at))
    oldest = draft.revision - KEPT_REVISIONS
    db.session.execute(delete(DraftRevision).where(DraftRevision.draft_id == draft.id, DraftRevision.revision <= oldest))
