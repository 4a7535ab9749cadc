"""What the builder's page shows: rows of questions, the open one, the preview, and what the linter says."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from babel import Locale
from flask import current_app
from flask_babel import force_locale
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from portal.catalogue import conditioning, policies, pricelist, questions, versions
from portal.catalogue.formkit.answers import Repeated, Typed, fill, looked_up
from portal.catalogue.formkit.changes import Change, changes
from portal.catalogue.formkit.linter import Finding
from portal.catalogue.formkit.page import QuestionGroup, page
from portal.catalogue.formkit.rows import COLUMN_TYPES, ROWS
from portal.catalogue.formkit.schema import Field, Form, Section
from portal.catalogue.formkit.sentences import only_if
from portal.catalogue.formkit.types.registry import known, type_of
from portal.catalogue.formkit.values import Context, Message
from portal.catalogue.models import FormVersion, Service
from portal.catalogue.queries import context_of, form_of
from portal.catalogue.questions import NUMERIC, Values
from portal.core import language
from portal.core.forms import posted, posted_values
from portal.core.policy import Decision
from portal.core.text import in_language
from portal.people.models import Person
from portal.people.queries import ROLE_NAMES

ICONS = {
    "short_text": "letter-case", "long_text": "align-left", "number": "number", "money": "currency-euro", "date": "calendar",
    "time": "clock", "date_time": "calendar-event", "yes_no": "toggle-left", "one_of": "circle-dot", "several_of": "list-check",
    "rows": "list", "person": "user", "department": "building", "file": "paperclip", "heading": "heading",
}  # fmt: skip
NAMES: dict[str, Message] = {
    "label": _("Question"), "help": _("Help"), "required": _("It has to be answered"), "section": _("Section"),
    "in_title": _("Tells requests apart in lists"), "minimum": _("Smallest"), "maximum": _("Largest"), "pattern": _("Pattern"),
    "message": _("Message when the pattern does not fit"), "decimals": _("Decimals"), "currency": _("Currency"),
    "files": _("Most files"), "megabytes": _("Largest file (MB)"), "option": _("Options"),
    "option_withdrawn": _("No longer offered"), "option_price": _("Price"), "quantity": _("How many units"),
    **dict.fromkeys(("option_of", "option_test", "option_value"), _("Options offered only sometimes")),
    "tax": _("Tax in percent"), "included": _("The prices contain the tax"), "period": _("Paid"),
    "price": _("Price of the service itself"), "amount": _("The amount is the answer to"),
    "joiner": _("Shown if"), "test": _("Shown if"), "test_value": _("Shown if"),
    "confidential": _("Confidential"), "groups": _("Who may read the answer"), "approvers": _("Who approves may read it"),
    "delegates": _("So may who stands in"),
}  # fmt: skip
"""The inputs of a question, as the page names them."""


@dataclass(frozen=True)
class Shown:
    """What the reader wants to see, or has just posted in vain."""

    question: str = ""
    section: str = ""
    preview: str = ""
    tried: MultiDict[str, str] = field(default_factory=MultiDict)
    values: Values | None = None
    problems: Mapping[str, Message] = field(default_factory=dict)
    adding: Message = ""
    adding_type: str = "short_text"
    adding_section: Message = ""
    pricing: Values | None = None
    wrong_pricing: Mapping[str, Message] = field(default_factory=dict)
    refused: tuple[Finding, ...] | None = None


@dataclass(frozen=True)
class QuestionRow:
    """A question in the list."""

    key: str
    label: str
    icon: str
    about: Sequence[Message]
    only_if: Message | None
    findings: Sequence[Finding]
    columns: Sequence["QuestionRow"] = ()


@dataclass(frozen=True)
class SectionRow:
    """A section in the list, with its questions."""

    section: Section
    title: str
    rows: Sequence[QuestionRow]


@dataclass(frozen=True)
class Open:
    """The question that is open for editing."""

    question: Field
    kind: Any
    values: Values
    problems: Mapping[str, Message]
    conditions: Sequence[conditioning.ChoiceGroup]
    condition_words: Message | None
    rows: Field | None
    numbers: Sequence[tuple[str, str]]
    option_words: Mapping[str, Message]

    @property
    def may_tell(self) -> bool:
        """Say whether its answer can tell requests apart in lists."""
        return bool(self.kind.asks) and self.rows is None

    @property
    def limits(self) -> bool:
        """Say whether the type has a smallest and a largest value."""
        return self.question.type in questions.LIMITED

    @property
    def numeric(self) -> bool:
        """Say whether its limits are numbers."""
        return self.question.type in NUMERIC


@dataclass(frozen=True)
class Priced:
    """How the form is priced, for its inputs: the values, and the questions that can be a quantity or the amount."""

    values: Values
    currency: str
    numbers: Sequence[tuple[str, str]]
    moneys: Sequence[tuple[str, str]]
    periods: Mapping[str, Message] = field(default_factory=lambda: pricelist.PERIOD_NAMES)


@dataclass(frozen=True)
class View:
    """Everything on the builder's page."""

    shown: Shown
    seen: str
    draft: FormVersion | None
    published: FormVersion | None
    sections: Sequence[SectionRow]
    open: Open | None
    pricing: Priced
    preview: Sequence[QuestionGroup]
    preview_language: str
    written: Mapping[str, int]
    count: int
    findings: Sequence[Finding]
    changed: Sequence[Change]
    may: Decision
    names: Mapping[str, Message] = field(default_factory=lambda: NAMES)
    roles: Mapping[Any, Message] = field(default_factory=lambda: ROLE_NAMES)
    languages: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, Any] = field(default_factory=known)
    column_types: Sequence[str] = COLUMN_TYPES


def languages() -> tuple[str, ...]:
    """Return the languages in which the catalogue is written."""
    return tuple(current_app.config["LANGUAGES"])


def language_names() -> dict[str, str]:
    """Return the languages with their names in the reader's language."""
    names = {code: str(Locale(code).get_display_name(language.current())) for code in languages()}
    return {code: name[:1].upper() + name[1:] for code, name in names.items()}


def view_of(service: Service, shown: Shown, by: Person, now: datetime) -> View:
    """Return the page as it stands."""
    work, reader = versions.work_of(service.id), language.current()
    form = work.form
    context = context_of(by, now, typed=_looked_up(form, shown))
    findings = shown.refused or versions.findings_of(service, form, work, context, now)
    wanted = shown.preview if shown.preview in languages() else reader
    asking = [each for each in form.fields if type_of(each.type).asks]
    return View(
        shown=shown,
        seen=work.seen,
        draft=work.draft,
        published=work.published,
        sections=[_section(section, form, findings) for section in form.sections],
        open=_open(form, shown, context),
        pricing=_priced(form, shown, context.language),
        preview=_preview(form, shown, wanted, context),
        preview_language=wanted,
        written={code: sum(1 for each in asking if each.label.get(code)) for code in languages()},
        count=len(asking),
        findings=findings,
        changed=changes(form_of(work.published), form, reader) if work.draft and work.published else (),
        may=policies.may_edit(by, service, now),
        languages=language_names(),
    )


def _looked_up(form: Form, shown: Shown) -> Mapping[str, Collection[str]]:
    """Return what is looked up: answers that are tried, and the departments that a condition may name."""
    tried = looked_up(form, Typed(language.current()).updated(form, shown.tried, language.current()))
    return {"department": (), **tried} if shown.question else tried


def _section(section: Section, form: Form, findings: Sequence[Finding]) -> SectionRow:
    rows = [_row(each, form, findings) for each in section.fields]
    return SectionRow(section, in_language(section.title), rows)


def _row(each: Field, form: Form, findings: Sequence[Finding]) -> QuestionRow:
    reader, kind = language.current(), type_of(each.type)
    about = [kind.title]
    if kind.asks:
        about.append(_("required") if each.required else _("optional"))
    if each.confidential:
        about.append(_("confidential"))
    if any(option.condition for option in each.options):
        about.append(_("some options only sometimes"))
    condition = only_if(each.condition, form, reader) if each.condition else None
    label, icon = in_language(each.label) or each.key, ICONS.get(each.type, "help-circle")
    own = [found for found in findings if found.key == each.key]
    return QuestionRow(each.key, label, icon, about, condition, own, [_row(column, form, findings) for column in each.columns])


def _priced(form: Form, shown: Shown, reader: str) -> Priced:
    values = shown.pricing if shown.pricing is not None else pricelist.flat(form.pricing, reader)
    currency = form.pricing.currency if form.pricing else ""
    return Priced(values, currency, pricelist.questions_of(form, "number"), pricelist.questions_of(form, "money"))


def _open(form: Form, shown: Shown, context: Context) -> Open | None:
    each = form.by_key.get(shown.question)
    if each is None:
        return None
    values = shown.values if shown.values is not None else questions.flat(each, versions.desk_of(form, context))
    offered = conditioning.offered(form, conditioning.before(form, each.key), context)
    words = only_if(each.condition, form, context.language) if each.condition else None
    rows = form.parents.get(each.key) or (each if each.type == ROWS else None)
    numbers = pricelist.questions_of(form, "number", each.key)
    options = {one.key: only_if(one.condition, form, context.language) for one in each.options if one.condition}
    return Open(each, type_of(each.type), values, shown.problems, offered, words, rows, numbers, options)


def _preview(form: Form, shown: Shown, wanted: str, context: Context) -> Sequence[QuestionGroup]:
    with force_locale(wanted):
        try:
            typed = Typed(wanted).updated(form, shown.tried, wanted)
        except Repeated:
            raise BadRequest from None
        return page(fill(form, typed, replace(context, language=wanted)), judged=False)


def differences(mine: Values, theirs: Values) -> list[tuple[Message, str, str]]:
    """Return what differs between two contents of one question: name, as posted, as it is now (FO8)."""
    names = [name for name in dict.fromkeys([*mine, *theirs]) if name.partition(".")[0] in NAMES]
    pairs = [(name, _joined(mine, name), _joined(theirs, name)) for name in names]
    return [(NAMES[name.partition(".")[0]], here, there) for name, here, there in pairs if here != there]


def _joined(values: Values, name: str) -> str:
    return ", ".join(text for text in values.getlist(name) if text)


def posted_texts() -> Values:
    """Return what was posted, without files."""
    return MultiDict((name, text) for name in posted() for text in posted_values(name))


def again(mine: Values, seen: str, name: str = "seen") -> list[tuple[str, str]]:
    """Return what a second try posts: the same values on top of what is there now."""
    return [(each, seen if each == name else text) for each, text in mine.items(multi=True) if each != "csrf_token"]
