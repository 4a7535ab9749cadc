"""A form while somebody fills it in: what is on its page, what a POST stores, and whether it can be sent (forms.md 11 to 20)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, select
from werkzeug.datastructures import FileStorage

from portal.attachments import actions as attachments
from portal.attachments.queries import files_of
from portal.catalogue import queries as catalogue
from portal.catalogue.actions import drafts
from portal.catalogue.formkit.answers import Posted, Typed
from portal.catalogue.formkit.carrying import prefill, translated
from portal.catalogue.formkit.changes import changes
from portal.catalogue.formkit.pricing import terms
from portal.catalogue.formkit.reading import title_of, to_store
from portal.catalogue.formkit.rows import acted
from portal.catalogue.formkit.schema import Form
from portal.catalogue.models import Draft, FormVersion, Service
from portal.core import files
from portal.core.db import db
from portal.core.errors import Refused
from portal.people.models import Person
from portal.requests import again, sending
from portal.requests.opening import Opening
from portal.requests.sendkeys import Key, new_key
from portal.requests.sheets import KIND, Sheet

MEGABYTE = 1_000_000


def begin(opening: Opening, person: Person, link: Mapping[str, str], now: datetime) -> Sheet:
    """Return the draft to go on with, else an empty form, from what was read when the page was asked for."""
    if opening.draft is None:
        return _empty(person, opening.service, opening.version, link, now)
    return _sheet(catalogue.opened_on(opening.draft, opening.version), person, now)


def fresh(person: Person, service: Service, now: datetime) -> Sheet:
    """Return an empty form."""
    return _empty(person, service, catalogue.published_version(service.id), {}, now)


def _empty(person: Person, service: Service, version: FormVersion | None, link: Mapping[str, str], now: datetime) -> Sheet:
    """Return a form prefilled as far as the link may; nothing is stored yet (forms.md 14, 20)."""
    if version is None:
        raise Refused(_("This service has no form at the moment."))
    form = catalogue.form_of(version)
    typed = prefill(form, link, catalogue.context_of(person, now))
    key = new_key(person, service, link.get("follows", ""), now)
    return Sheet(person, service, version, form, typed, key, now, prefilled=frozenset(typed.texts))


def of_draft(draft: Draft, person: Person, now: datetime) -> Sheet:
    """Return a draft on the version that is asked now and in the language of the page (forms.md 11)."""
    return _sheet(catalogue.opened(draft), person, now)


def _sheet(opened: catalogue.Opened, person: Person, now: datetime) -> Sheet:
    draft = opened.draft
    key = Key(draft.send_key, person.public_id, draft.service.public_id)
    version = opened.version or draft.form_version
    sheet = Sheet(person, draft.service, version, opened.form, opened.typed, key, now, draft, opened.left_overs)
    sheet.typed = translated(opened.form, opened.typed, sheet.context)
    return sheet


@dataclass(frozen=True)
class Posting:
    """What a page of the form posted."""

    key: Key
    number: int
    seen: drafts.Seen
    fields: Posted
    uploads: Mapping[str, Sequence[FileStorage]]
    removed: Sequence[str] = ()
    confirmed: bool = False  # that prices and questions changed
    button: str = ""  # adds or removes a row (forms.md 25)
    new_row: str = ""  # the id of the row that is added
    for_whom: str = ""


def store(posting: Posting, person: Person, service: Service, language: str, now: datetime) -> Sheet:
    """Store what was posted in the person's draft, before any validation (forms.md 12).

    Raises StaleDraft or DraftSent of the catalogue's drafts. Files that are refused are told of on the sheet.
    """
    version = _version(service, posting.number)
    form = catalogue.form_of(version)
    draft = catalogue.draft_of(person, posting.key.text)
    before = (
        translated(form, catalogue.opened(draft).typed, catalogue.context_of(person, now, language=language)) if draft else None
    )
    typed = (before or Typed(language)).updated(form, posting.fields, language)
    typed = replace(typed, texts=acted(typed.texts, form, posting.button, posting.new_row), for_whom=posting.for_whom)
    typed = replace(typed, terms={**terms(form), **({} if posting.confirmed else typed.terms)})
    draft = drafts.save_draft(person, version, posting.key.text, typed, posting.seen, now)
    db.session.flush()
    _remove_files(draft, form, posting.removed, now)
    refused = _add_files(draft, form, posting.uploads, person, now)
    sheet = of_draft(draft, person, now)
    sheet.refused_files = refused
    if sheet.version.id != version.id:
        sheet.changed = changes(form, sheet.form, language)
    return sheet


def _version(service: Service, number: int) -> FormVersion:
    found = select(FormVersion).where(FormVersion.service_id == service.id, FormVersion.number == number)
    version = db.session.scalar(found.where(FormVersion.state != "draft")) or catalogue.published_version(service.id)
    if version is None:
        raise Refused(_("This service has no form at the moment."))
    return version


def _add_files(
    draft: Draft, form: Form, uploads: Mapping[str, Sequence[FileStorage]], by: Person, now: datetime
) -> dict[str, str]:
    refused: dict[str, str] = {}
    for key, posted in uploads.items():
        for upload in posted:
            try:
                kept = attachments.store(upload, by, limit_of(form, key), now)
                attachments.link(kept, KIND, draft.id, by, now, field_key=key)
            except files.TooLarge:
                name, size = files.clean_name(upload.filename or ""), limit_of(form, key) // MEGABYTE
                refused[key] = _("“%(name)s” is larger than %(size)d MB. Choose a smaller file.", name=name, size=size)
            except files.WrongType:
                name = files.clean_name(upload.filename or "")
                refused[key] = _("“%(name)s” is not the kind of file that its name says.", name=name)
            except Refused as above_quota:
                refused[key] = above_quota.reason
    return refused


def limit_of(form: Form, key: str) -> int:
    """Return how many bytes a file of the question may have (forms.md 26)."""
    return form.by_key[key].rules.megabytes * MEGABYTE


def _remove_files(draft: Draft, form: Form, removed: Sequence[str], now: datetime) -> None:
    for link in files_of(KIND, draft.id, False, tuple(form.by_key)) if removed else []:
        if link.file.public_id in removed:
            attachments.unlink(link, now)


def differences(mine: Sheet, theirs: Sheet) -> list[tuple[str, str, str]]:
    """Return (question, here, on the other device) where two contents of a draft differ (forms.md 13)."""
    here, there = ({each.key: each for each in to_store(sheet.filled)} for sheet in (mine, theirs))
    both = {**there, **here}
    shown = [(both[key].label, here.get(key), there.get(key)) for key in both if here.get(key) != there.get(key)]
    return [(label, one.shown if one else "", other.shown if other else "") for label, one, other in shown]


def send(sheet: Sheet) -> sending.Sent:
    """Send the sheet and close its draft; whether it may be sent was checked (forms.md 15, 17)."""
    assert sheet.draft is not None  # noqa: S101 - a sheet is stored before it is sent
    answers = to_store(sheet.filled)
    said = title_of(sheet.form, {each.key: each for each in answers}, sheet.typed.language)
    links = files_of(KIND, sheet.draft.id, False, tuple(sheet.filled.visible))
    sent = sending.send(
        sending.Sending(
            service=sheet.service,
            form_version=sheet.version,
            requester=sheet.person,
            send_key=sheet.key.text,
            title=sending.title_for(sheet.service, said, sheet.typed.language),
            answers=answers,
            sum=sheet.sum,
            beneficiary=sheet.for_whom.person,
            files=[(link.file, link.field_key) for link in links],
            follows=again.followed(sheet.key.text, sheet.person, sheet.now),
        ),
        by=sheet.person,
        now=sheet.now,
    )
    drafts.close_draft(sheet.draft, sheet.now)
    return sent


def own_list(person: Person, now: datetime) -> Sequence[Draft]:
    """Return the person's drafts, the latest first."""
    return db.session.scalars(catalogue.visible_drafts(person, now).order_by(Draft.saved_at.desc(), Draft.id.desc())).all()


def first(found: Select[Draft]) -> Draft | None:
    """Return the draft if there is one."""
    return db.session.scalar(found)


def send_after_sign_in(person: Person, public_id: str, now: datetime) -> None:
    """Send the person's draft if it can be sent as it is (FO1); that of another person stays where it is (FO2)."""
    draft = first(catalogue.visible_drafts(person, now).where(Draft.public_id == public_id))
    if draft is None:
        return
    sheet = of_draft(draft, person, now)
    unsettled = sheet.for_whom.problem or sheet.repriced or draft.form_version_id != sheet.version.id
    if sheet.is_offered and sheet.filled.complete and not unsettled:
        send(sheet)
