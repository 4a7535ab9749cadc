"""Correcting what was sent: the marked questions after a return, all of them before the first decision (AP-13, AP-14)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from portal.approvals import actions as approvals
from portal.approvals import queries as approval_queries
from portal.attachments.queries import files_of
from portal.audit import actions as audit
from portal.catalogue import queries as catalogue
from portal.catalogue.formkit.answers import Filled, Posted, Typed, fill, load_values, typed_from
from portal.catalogue.formkit.page import QuestionGroup, page
from portal.catalogue.formkit.pricing import sum_of
from portal.catalogue.formkit.reading import Stored, title_of, to_store
from portal.catalogue.formkit.rows import acted
from portal.catalogue.formkit.schema import Form
from portal.catalogue.formkit.values import FileRef
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.core.text import fold
from portal.people.models import Person
from portal.requests import history, sending
from portal.requests.models import Request, RequestAnswers, State
from portal.requests.queries import KIND
from portal.search import actions as search


@dataclass(frozen=True)
class Editable:
    """Which questions can be answered anew, and who asked for it why; nobody asked before the first decision."""

    keys: frozenset[str]
    reason: str = ""
    by: str = ""


def editable(request: Request) -> Editable | None:
    """Return what can be changed in the request now, or None when its content stands (permissions.md row 7)."""
    if request.state != State.WAITING_FOR_APPROVAL:
        return None
    correction = approval_queries.correction(KIND, request.id)
    if correction:
        return Editable(correction.fields, correction.reason, correction.by)
    if approval_queries.is_undecided(KIND, request.id):
        return Editable(frozenset(catalogue.form_of(request.form_version).by_key))
    return None


@dataclass
class Correcting:
    """The answers of one request while somebody changes them."""

    request: Request
    person: Person
    allowed: Editable
    now: datetime
    typed: Typed
    judged: bool = False
    ignored: Sequence[str] = ()

    @property
    def form(self) -> Form:
        """Return the questions of the version that was sent."""
        return catalogue.form_of(self.request.form_version)

    @cached_property
    def filled(self) -> Filled:
        """Return the answers as they would stand."""
        return fill(self.form, self.typed, _context(self.request, self.person, self.now))

    @property
    def open_keys(self) -> frozenset[str]:
        """Return the marked questions and those that only now need an answer."""
        return self.allowed.keys | {problem.question for problem in self.filled.problems}

    @property
    def groups(self) -> Sequence[QuestionGroup]:
        """Return the questions that can be answered anew; files stay as they were sent."""
        groups = page(self.filled, judged=self.judged)
        return [replace(group, questions=tuple(filter(self._is_open, group.questions))) for group in groups]

    def _is_open(self, question: Any) -> bool:
        return question.key in self.open_keys and question.control != "file"

    @property
    def problems(self) -> list[tuple[Any, str]]:
        """Return (sentence, id) for the summary above the form."""
        return [(each.in_summary, each.anchor) for each in self.filled.problems] if self.judged else []


def begin(request: Request, person: Person, allowed: Editable, now: datetime) -> Correcting:
    """Return the answers as they were sent, ready to be changed."""
    form, context = catalogue.form_of(request.form_version), _context(request, person, now)
    values = load_values(form, {key: each.value for key, each in _stored(request).items()})
    return Correcting(request, person, allowed, now, typed_from(form, values, context))


def read(correcting: Correcting, posted: Posted, language: str, button: str = "", new_row: str = "") -> Correcting:
    """Take what was posted for the open questions; the rest is ignored and named (AP11).

    A button may add or remove a row: then nothing is judged yet (forms.md 25).
    """
    before, form = correcting.typed, correcting.form
    after = before.updated(form, posted, language)
    after = replace(after, texts=acted(after.texts, form, button, new_row))
    open_keys = replace(correcting, typed=after).open_keys
    names = {**before.texts, **after.texts}
    texts = {name: after.of(name) if _question(name) in open_keys else before.of(name) for name in names}
    ignored = dict.fromkeys(_question(name) for name in names if texts[name] != after.of(name))
    typed = Typed(language, {name: said for name, said in texts.items() if said})
    return replace(correcting, typed=typed, judged=not button, ignored=_labels(form, ignored, language))


def _question(name: str) -> str:
    """Return the key of the question whose text this is: of the rows, for a cell."""
    return name.partition(".")[0]


def correct(correcting: Correcting, by: Person, now: datetime) -> None:
    """Store the new answers and ask for approval again; raise Refused when the content stands meanwhile.

    The approval is locked before the request, so that nobody decides on what changes at this moment (C3).
    """
    approvals.hold(KIND, correcting.request.id)
    request: Request = lock(Request, correcting.request.id)
    allowed = editable(request)
    if allowed is None or allowed.keys != correcting.allowed.keys:
        raise Refused(_("This was decided meanwhile; the answers can no longer be changed."))
    changed = _store(request, correcting, by)
    search.index(KIND, request, now)
    history.write(request, "corrected", by, now, text=", ".join(changed))
    audit.record(by, "request.corrected", KIND, request.id, after={"questions": list(changed)})
    db.session.flush()
    cost = sum_of(correcting.filled)
    ask_again = approvals.resubmit if allowed.by else approvals.content_changed
    ask_again(KIND, request.id, by, now, request.amount, cost.net if cost else None)


def _store(request: Request, correcting: Correcting, by: Person) -> Sequence[str]:
    """Write the answers; return the labels of those that differ."""
    before, after = _stored(request), {each.key: each for each in to_store(correcting.filled)}
    kept = db.session.get_one(RequestAnswers, request.id)
    kept.content = [sending.plain(each) for each in after.values()]
    digests = [link.file.digest for link in files_of(KIND, request.id, False, tuple(correcting.form.by_key))]
    cost = sum_of(correcting.filled)
    kept.cost = cost.to_json() if cost else None
    request.amount, request.currency = (cost.total, cost.currency) if cost else (None, None)
    kept.digest = sending.digest(request.form_version_id, request.beneficiary_id, kept.content, digests, kept.cost)
    said = title_of(correcting.form, after, by.language or "")
    request.title = sending.title_for(request.service, said, by.language) if said else request.title
    request.title_folded = fold(request.title)[: sending.TITLE]
    both = {**before, **after}
    return [both[key].label for key in both if _value(before, key) != _value(after, key)]


def _value(answers: Mapping[str, Stored], key: str) -> Any:
    return answers[key].value if key in answers else None


def _stored(request: Request) -> dict[str, Stored]:
    return {each["key"]: Stored(**each) for each in db.session.get_one(RequestAnswers, request.id).content}


def _context(request: Request, person: Person, now: datetime) -> Any:
    files: dict[str, list[FileRef]] = {}
    for link in files_of(KIND, request.id, False, tuple(catalogue.form_of(request.form_version).by_key)):
        files.setdefault(link.field_key or "", []).append(FileRef(link.file.public_id, link.file.name, link.file.size))
    found = catalogue.context_of(person, now, files)
    other = request.beneficiary_id != person.id
    return replace(found, facts=catalogue.facts_of(request.beneficiary, now)) if other else found


def _labels(form: Form, keys: Collection[str], language: str) -> Sequence[str]:
    return [form.by_key[key].label.get(language) or key for key in keys if key in form.by_key]
