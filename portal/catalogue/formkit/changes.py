"""What changed between two versions of a form, in words (FO rule 10)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from flask_babel import lazy_gettext as _

from portal.catalogue.formkit.conditions import Condition
from portal.catalogue.formkit.pricing import price_changes
from portal.catalogue.formkit.schema import Field, Form, Rules
from portal.catalogue.formkit.sentences import only_if
from portal.catalogue.formkit.types.registry import type_of
from portal.catalogue.formkit.values import Message
from portal.core.text import in_language


@dataclass(frozen=True)
class Change:
    """One change: its kind (`added`, `removed`, `renamed`, `reconditioned` …), the field, a sentence."""

    kind: str
    key: str
    message: Message


def changes(old: Form, new: Form, language: str) -> tuple[Change, ...]:
    """Return what changed, in page order of the new version; removed questions come last."""
    found: list[Change] = []
    for each in new.fields:
        before = old.by_key.get(each.key)
        if before is None:
            found.append(Change("added", each.key, _("New question: “%(label)s”.", label=_name(each, language))))
        else:
            found += _between(before, each, new, language)
    gone = (each for each in old.fields if each.key not in new.by_key)
    found += [Change("repriced", key, sentence) for key, sentence in price_changes(old, new, language)]
    found += [Change("removed", each.key, _("No longer asked: “%(label)s”.", label=_name(each, language))) for each in gone]
    if not found and [each.key for each in old.fields] != [each.key for each in new.fields]:
        found.append(Change("moved", "", _("The order of the questions changed.")))
    return tuple(found)


def _between(before: Field, after: Field, new: Form, language: str) -> Iterator[Change]:
    label = _name(after, language)
    if before.label != after.label:
        was, now = _both_names(before, after, language)
        yield Change("renamed", after.key, _("“%(was)s” is now called “%(now)s”.", was=was, now=now))
    if before.type != after.type:
        kind = type_of(after.type).title
        yield Change("retyped", after.key, _("“%(label)s” is now of the type “%(type)s”.", label=label, type=kind))
    if before.condition != after.condition:
        yield Change("reconditioned", after.key, _shown(label, after.condition, new, language))
    yield from _options(before, after, new, language)
    yield from _columns(before, after, new, language)
    for kind, differs, sentence in _FURTHER:
        if differs(before, after):
            yield Change(kind, after.key, sentence(after, label))


def _columns(before: Field, after: Field, new: Form, language: str) -> Iterator[Change]:
    label = _name(after, language)
    for column in after.columns:
        was = before.column(column.key)
        if was is None:
            words = _name(column, language)
            yield Change("column_added", after.key, _("“%(label)s” has a new column: %(column)s.", label=label, column=words))
        else:
            yield from (replace(change, key=after.key) for change in _between(was, column, new, language))
    for column in before.columns:
        if after.column(column.key) is None:
            words = _name(column, language)
            yield Change(
                "column_removed", after.key, _("“%(label)s” no longer has the column: %(column)s.", label=label, column=words)
            )


def _both_names(before: Field, after: Field, language: str) -> tuple[str, str]:
    """Return both names in the reader's language, or in the one that changed."""
    order = [language, *sorted({*before.label, *after.label} - {language})]
    changed = next(each for each in order if before.label.get(each) != after.label.get(each))
    return before.label.get(changed, ""), after.label.get(changed, "")


def _shown(label: str, condition: Condition | None, form: Form, language: str) -> Message:
    if condition is None:
        return _("“%(label)s” is now always shown.", label=label)
    return _("“%(label)s” is now shown %(only_if)s.", label=label, only_if=only_if(condition, form, language))


def _options(before: Field, after: Field, new: Form, language: str) -> Iterator[Change]:
    label = _name(after, language)
    for option in after.options:
        was = before.option(option.key)
        words = in_language(option.label, language) or option.key
        if was is None or (was.withdrawn and not option.withdrawn):
            yield Change("option_added", after.key, _("“%(label)s” has a new option: %(option)s.", label=label, option=words))
        elif option.withdrawn and not was.withdrawn:
            yield _lost(after, label, words)
        elif was.condition != option.condition:
            yield Change("reconditioned", after.key, _offered(label, words, option.condition, new, language))
        elif replace(was, withdrawn=option.withdrawn, price=option.price) != option:
            yield Change("option_changed", after.key, _("“%(label)s”: the option %(option)s changed.", label=label, option=words))
    for option in before.options:
        if after.option(option.key) is None and not option.withdrawn:
            yield _lost(after, label, in_language(option.label, language) or option.key)


def _offered(label: str, option: str, condition: Condition | None, form: Form, language: str) -> Message:
    if condition is None:
        return _("“%(label)s”: the option %(option)s is now always offered.", label=label, option=option)
    words = only_if(condition, form, language)
    return _("“%(label)s”: the option %(option)s is now offered %(only_if)s.", label=label, option=option, only_if=words)


def _lost(after: Field, label: str, words: str) -> Change:
    return Change("option_removed", after.key, _("“%(label)s” no longer has the option: %(option)s.", label=label, option=words))


def _name(each: Field, language: str) -> str:
    return in_language(each.label, language) or each.key


def _needed(after: Field, label: str) -> Message:
    return _("“%(label)s” is now required.", label=label) if after.required else _("“%(label)s” is now optional.", label=label)


def _limits(rules: Rules) -> Rules:
    return replace(rules, message={})


_FURTHER: tuple[tuple[str, Callable[[Field, Field], bool], Callable[[Field, str], Message]], ...] = (
    ("required", lambda a, b: a.required != b.required, _needed),
    ("help", lambda a, b: a.help != b.help, lambda _after, label: _("The help of “%(label)s” changed.", label=label)),
    (
        "rules",
        lambda a, b: _limits(a.rules) != _limits(b.rules),
        lambda _after, label: _("“%(label)s” accepts other answers than before.", label=label),
    ),
    (
        "confidential",
        lambda a, b: a.confidential != b.confidential,
        lambda _after, label: _("Who may read “%(label)s” changed.", label=label),
    ),
)
