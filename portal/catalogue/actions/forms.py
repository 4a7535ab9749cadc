"""The editor's work on a form: one draft with a revision, published as a version that stands (forms.md 8 to 10, 27)."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask_babel import gettext as _

from portal.audit import actions as audit
from portal.catalogue import finding, versions
from portal.catalogue.events import ServicePublished
from portal.catalogue.formkit.linter import Finding, may_publish
from portal.catalogue.formkit.loader import load_form
from portal.catalogue.formkit.schema import Form, dump_form
from portal.catalogue.models import FormVersion, Service
from portal.catalogue.queries import context_of, form_of
from portal.catalogue.versions import Work
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.core.events import publish
from portal.core.text import time_words
from portal.people.models import Person
from portal.search import actions as search


class StaleForm(Refused):
    """Somebody else has saved the form since the page was drawn (FO8)."""

    def __init__(self, service: Service, version: FormVersion | None) -> None:
        who = version.edited_by.name if version and version.edited_by else ""
        when = time_words(version.edited_at) if version else ""
        told = _("%(name)s changed this form (%(time)s).", name=who, time=when) if who else _("This form was changed meanwhile.")
        super().__init__(told)
        self.service = service


class NotPublishable(Refused):
    """The linter found what blocks publication; carries all findings (forms.md 27)."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(_("This form cannot be published yet."))
        self.findings = tuple(findings)


def edit_form(service: Service, by: Person, seen: str, change: Callable[[Form], Form], now: datetime) -> FormVersion:
    """Apply one edit to the draft of the form, which the first edit begins; a page that is not current is refused (FO8)."""
    work = _hold(service, seen)
    form = load_form(dump_form(change(work.form)))
    version = work.draft or _begin(service, work)
    version.content = dump_form(form)
    version.revision += 1
    version.edited_by, version.edited_at = by, now
    db.session.flush()
    return version


def discard_form(service: Service, by: Person, seen: str) -> None:
    """Throw the draft of the form away; what is published stays."""
    work = _hold(service, seen)
    version = work.draft
    if version is None:
        raise Refused(_("There is no draft to discard."))
    audit.record(by, "form.discarded", "service", service.id, before={"number": version.number})
    db.session.delete(version)
    db.session.flush()


def publish_form(service: Service, by: Person, seen: str, now: datetime) -> FormVersion:
    """Make the draft the version that is asked from now on, unless the linter blocks it (FO12, FO18)."""
    work = _hold(service, seen)
    version = work.draft
    if version is None:
        raise Refused(_("There is no draft to publish."))
    _refuse_faults(service, version, work, by, now)
    return _replace_published(service, version, work.published, by, now)


def go_back(service: Service, by: Person, number: int, now: datetime) -> FormVersion:
    """Publish the content of an older version as a new version; a draft in work stays and comes after it (forms.md 10)."""
    lock(Service, service.id)
    old = next((each for each in versions.versions_of(service.id) if each.number == number), None)
    if old is None or old.state == "published":
        raise Refused(_("This version cannot be published again."))
    work = versions.work_of(service.id)
    _refuse_faults(service, old, work, by, now)
    number = work.next_number
    if work.draft is not None:
        work.draft.number, number = number, work.draft.number
        db.session.flush()
    version = FormVersion(service_id=service.id, number=number, content=old.content, edited_by_id=by.id, edited_at=now)
    return _replace_published(service, version, work.published, by, now)


def _hold(service: Service, seen: str) -> Work:
    """Lock the service, whose form two people may be editing, and check that the page was drawn from what is there now."""
    lock(Service, service.id)
    work = versions.work_of(service.id)
    if seen != work.seen:
        raise StaleForm(service, work.draft or work.last)
    return work


def _begin(service: Service, work: Work) -> FormVersion:
    version = FormVersion(service_id=service.id, number=work.next_number, revision=0)
    db.session.add(version)
    return version


def _refuse_faults(service: Service, version: FormVersion, work: Work, by: Person, now: datetime) -> None:
    findings = versions.findings_of(service, form_of(version), work, context_of(by, now), now)
    if not may_publish(findings):
        raise NotPublishable(findings)


def _replace_published(
    service: Service, version: FormVersion, before: FormVersion | None, by: Person, now: datetime
) -> FormVersion:
    """Two flushes: at no moment are two versions of a service published."""
    if before is not None:
        before.state = "superseded"
        db.session.flush()
    version.state, version.published_at = "published", now
    db.session.add(version)
    was, service.state = service.state, "published"
    db.session.flush()
    audit.record(
        by,
        "form.published",
        "service",
        service.id,
        before={"number": before.number if before else None, "state": was},
        after={"number": version.number, "state": service.state},
    )
    search.index(finding.SOURCE.kind, service, now)
    publish(ServicePublished(service.id, version.id, by.id))
    return version
