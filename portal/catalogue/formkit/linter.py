"""The linter that runs before publication (FO rule 27): what blocks, and what only warns."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from babel import Locale
from flask_babel import lazy_gettext as _
from flask_babel import lazy_ngettext

from portal.catalogue.formkit.answers import decoder
from portal.catalogue.formkit.conditions import Condition, tests_in
from portal.catalogue.formkit.reach import reachable
from portal.catalogue.formkit.schema import Confidential, Field, Form
from portal.catalogue.formkit.types.base import Asked
from portal.catalogue.formkit.types.registry import type_of
from portal.catalogue.formkit.values import Context, Message
from portal.catalogue.formkit.words import Words
from portal.core.text import in_language

MOST_QUESTIONS = 12


@dataclass(frozen=True)
class Finding:
    """One finding: whether it blocks publication, the field it is about, and a sentence."""

    level: Literal["block", "warn"]
    message: Message
    key: str | None = None


@dataclass(frozen=True)
class Surroundings:
    """What the linter must know beside the form.

    `audience` is how many audience rows the service has; `required` the fields (key: type) that its kind of request
    needs; `unanswered` the fields nobody filled in the last 50 requests; `hooks` add the findings of others (coverage
    of approval stages, prices).
    """

    context: Context
    audience: int
    required: Mapping[str, str] = field(default_factory=dict)
    unanswered: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ("es", "en")
    hooks: tuple[Callable[[Form], Iterable[Finding]], ...] = ()


def lint(form: Form, around: Surroundings) -> tuple[Finding, ...]:
    """Return all findings, those that block first."""
    found = [finding for check in _CHECKS for finding in check(form, around)]
    found += [finding for hook in around.hooks for finding in hook(form)]
    return tuple(sorted(found, key=lambda finding: finding.level != "block"))


def may_publish(findings: Iterable[Finding]) -> bool:
    """Say whether nothing blocks."""
    return all(finding.level != "block" for finding in findings)


def name(each: Field, around: Surroundings) -> str:
    """Return the label of a field for a sentence, or its key while it has none."""
    return in_language(each.label, around.context.language) or each.key


def _audience(_form: Form, around: Surroundings) -> Iterator[Finding]:
    """Nobody could ask for it (FO12)."""
    if around.audience == 0:
        yield Finding("block", _("Nobody may ask for this service: add people, departments or roles to its audience."))


def _conditions(form: Form, around: Surroundings) -> Iterator[Finding]:
    """Conditions look only at questions that exist and stand before (FO18)."""
    for each, before in _with_earlier(form):
        for condition in conditions_of(each):
            yield from _condition(form, around, each, condition, before)


def _with_earlier(form: Form) -> Iterator[tuple[Field, set[str]]]:
    """Yield every question and column with the keys it may look at; a column also looks at its own row (FO rule 25)."""
    earlier: set[str] = set()
    for each in form.fields:
        yield each, set(earlier)
        for place, column in enumerate(each.columns):
            yield column, earlier | {other.key for other in each.columns[:place]}
        earlier.add(each.key)


def conditions_of(each: Field) -> tuple[Condition, ...]:
    """Return the conditions of a field and of its options."""
    return tuple(rule for rule in (each.condition, *(option.condition for option in each.options)) if rule)


def _condition(form: Form, around: Surroundings, each: Field, condition: Condition, before: set[str]) -> Iterator[Finding]:
    for test in tests_in(condition):
        if test.fact:
            continue
        label, other = name(each, around), form.by_key.get(test.key)
        if other is None:
            yield Finding(
                "block",
                _("“%(label)s” depends on a question that does not exist: %(key)s.", label=label, key=test.key),
                each.key,
            )
        elif test.key not in before:
            later = name(other, around)
            yield Finding(
                "block",
                _("“%(label)s” depends on “%(later)s”, which stands later.", label=label, later=later),
                each.key,
            )
        elif not all(_fits(form, other, value) for value in test.values):
            yield Finding(
                "block",
                _(
                    "“%(label)s” compares “%(other)s” with a value it cannot have.",
                    label=label,
                    other=name(other, around),
                ),
                each.key,
            )


def _fits(form: Form, other: Field, value: object) -> bool:
    try:
        decoder(form)(other.key, value)
    except (ValueError, TypeError, ArithmeticError):
        return False
    return not type_of(other.type).lists or (isinstance(value, str) and other.option(value) is not None)


def _required(form: Form, around: Surroundings) -> Iterator[Finding]:
    """The kind of request needs some fields."""
    for key, kind in around.required.items():
        each = form.by_key.get(key)
        if each is None or each.type != kind:
            title = type_of(kind).title
            yield Finding(
                "block", _("This kind of request needs a field “%(key)s” of type “%(type)s”.", key=key, type=title), key
            )


def _reach(form: Form, around: Surroundings) -> Iterator[Finding]:
    """Required fields and options must be within reach of some answers."""
    for each in form.fields:
        if each.required and each.condition and not reachable(form, None, each, around.context):
            yield Finding("block", _("“%(label)s” is required but can never be shown.", label=name(each, around)), each.key)
        for option in each.options:
            if option.condition and not reachable(form, option.condition, each, around.context):
                label, words = name(each, around), in_language(option.label, around.context.language) or option.key
                yield Finding("block", _("“%(option)s” of “%(label)s” can never be chosen.", option=words, label=label), each.key)


def _rules(form: Form, around: Surroundings) -> Iterator[Finding]:
    """A field needs a label, and rules that can be met."""
    for each in form.by_key.values():
        if not in_language(each.label, around.context.language):
            yield Finding("block", _("The field “%(key)s” has no label.", key=each.key), each.key)
        for fault in type_of(each.type).faults(Asked(each, around.context, each.options)):
            yield Finding("block", _("“%(label)s”: %(fault)s.", label=name(each, around), fault=fault), each.key)


def _confidential(form: Form, around: Surroundings) -> Iterator[Finding]:
    """A confidential answer must not be told by a title or by what else is shown (FO rule 24)."""
    for key in form.title:
        each = form.by_key.get(key)
        if each is None:
            yield Finding("block", _("The title uses a question that does not exist: %(key)s.", key=key), key)
        elif each.columns or key in form.parents:
            yield Finding("block", _("“%(label)s” has rows and cannot stand in the title.", label=name(each, around)), key)
        elif each.confidential:
            yield Finding("block", _("“%(label)s” is confidential and cannot stand in the title.", label=name(each, around)), key)
    for each in form.by_key.values():
        for condition in conditions_of(each):
            yield from _leaks(form, around, each, condition)


def _leaks(form: Form, around: Surroundings, each: Field, condition: Condition) -> Iterator[Finding]:
    for test in tests_in(condition):
        source = None if test.fact else form.by_key.get(test.key)
        if source and source.confidential and not _within(each.confidential, source.confidential):
            message = _(
                "“%(label)s” depends on the confidential “%(source)s” but more people may read it.",
                label=name(each, around),
                source=name(source, around),
            )
            yield Finding("block", message, each.key)


def _within(readers: Confidential | None, allowed: Confidential) -> bool:
    """Say whether everybody who reads the one may read the other."""
    if readers is None:
        return False
    return (
        set(readers.groups) <= set(allowed.groups)
        and readers.approvers <= allowed.approvers
        and readers.delegates <= allowed.delegates
    )


def _languages(form: Form, around: Surroundings) -> Iterator[Finding]:
    """Missing texts are shown in the other language, marked."""
    for language in around.languages:
        missing = sum(1 for text in _texts(form) if any(text.values()) and not text.get(language))
        if missing:
            message = lazy_ngettext(
                "%(num)s text is missing in %(language)s; the other language is shown until it is written.",
                "%(num)s texts are missing in %(language)s; the other language is shown until they are written.",
                missing,
                language=Locale(language).get_display_name(around.context.language),
            )
            yield Finding("warn", message)


def _texts(form: Form) -> Iterator[Words]:
    for section in form.sections:
        yield from (section.title, section.help)
    for each in form.by_key.values():
        yield from (each.label, each.help, each.rules.message)
        for option in each.options:
            yield from (option.label, option.help)


def _length(form: Form, _around: Surroundings) -> Iterator[Finding]:
    """A form should have as few questions as possible."""
    count = sum(1 for each in form.fields if type_of(each.type).asks)
    if count > MOST_QUESTIONS:
        yield Finding("warn", _("%(count)s questions on one page: more than 12 tire people. Which are not needed?", count=count))


def _unanswered(form: Form, around: Surroundings) -> Iterator[Finding]:
    """Questions nobody answers can go."""
    for each in form.fields:
        if each.key in around.unanswered:
            yield Finding("warn", _("Nobody answered “%(label)s” in the last 50 requests.", label=name(each, around)), each.key)


_CHECKS: tuple[Callable[[Form, Surroundings], Iterator[Finding]], ...] = (
    _audience, _conditions, _required, _reach, _rules, _confidential, _languages, _length, _unanswered,
)  # fmt: skip
