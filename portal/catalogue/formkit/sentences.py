"""Conditions in words: "only if “What do you need?” contains Mobile phone"."""

from typing import Any

from flask_babel import lazy_gettext as _

from portal.catalogue.formkit.conditions import Condition, Group, Not, Test
from portal.catalogue.formkit.schema import Form
from portal.catalogue.formkit.types.registry import type_of
from portal.catalogue.formkit.values import Message
from portal.core.text import in_language

FACT_NAMES = {"department": _("your department"), "site": _("your site"), "role": _("your role")}


def only_if(condition: Condition, form: Form, language: str) -> Message:
    """Return the sentence shown beside a conditional question where there is no JavaScript."""
    return _("only if %(condition)s", condition=in_words(condition, form, language))


def in_words(condition: Condition, form: Form, language: str) -> Message:
    """Return a condition in words."""
    if isinstance(condition, Not):
        return _("not (%(condition)s)", condition=in_words(condition.part, form, language))
    if isinstance(condition, Group):
        return _joined(condition, form, language)
    return _test(condition, form, language)


def _joined(group: Group, form: Form, language: str) -> Message:
    words = [_inside(part, form, language) for part in group.parts]
    sentence = words[0]
    for word in words[1:]:
        if group.operator == "and":
            sentence = _("%(one)s and %(two)s", one=sentence, two=word)
        else:
            sentence = _("%(one)s or %(two)s", one=sentence, two=word)
    return sentence


def _inside(part: Condition, form: Form, language: str) -> Message:
    words = in_words(part, form, language)
    return _("(%(condition)s)", condition=words) if isinstance(part, Group) else words


def _test(test: Test, form: Form, language: str) -> Message:
    name = FACT_NAMES[test.key] if test.fact else _("“%(label)s”", label=_label(test.key, form, language))
    value = ", ".join(str(_value(test, each, form, language)) for each in test.values)
    if test.operator == "empty":
        return _("%(name)s has no answer", name=name)
    if test.operator == "contains":
        return _("%(name)s contains %(value)s", name=name, value=value)
    if test.operator == "one_of":
        return _("%(name)s is one of: %(value)s", name=name, value=value)
    if test.operator == "greater":
        return _("%(name)s is above %(value)s", name=name, value=value)
    if test.operator == "less":
        return _("%(name)s is below %(value)s", name=name, value=value)
    return _("%(name)s is %(value)s", name=name, value=value)


def _label(key: str, form: Form, language: str) -> str:
    each = form.by_key.get(key)
    return in_language(each.label, language) or key if each else key


def _value(test: Test, data: Any, form: Form, language: str) -> Message:
    """Return a value of a condition in words: the label of an option, a number as the language writes it."""
    each = None if test.fact else form.by_key.get(test.key)
    if each is None:
        return data
    if isinstance(data, str) and each.option(data):
        data = [data] if type_of(each.type).many else data
    try:
        kind = type_of(each.type)
        shown = kind.show(each, kind.from_json(data), language)
    except (ValueError, TypeError, ArithmeticError):
        return data
    return data if shown is None else shown
