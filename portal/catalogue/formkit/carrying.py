"""Carry typed texts to another version or language, and prefill from a link (FO rules 11 and 20)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.catalogue.formkit.answers import PREFIX, Filled, Typed, fill, read_field
from portal.catalogue.formkit.rows import ROWS, asked_by
from portal.catalogue.formkit.schema import Field, Form
from portal.catalogue.formkit.types.registry import type_of
from portal.catalogue.formkit.values import Context
from portal.core.text import in_language

LONGEST_LINK = 2_000


@dataclass(frozen=True)
class LeftOver:
    """Text of a question that the current version no longer asks; kept until the request is sent."""

    key: str
    label: str
    text: str


def carry(old: Form, new: Form, typed: Typed) -> tuple[Typed, tuple[LeftOver, ...]]:
    """Return the texts that the new version still asks for, and those "no longer asked" (FO rule 11)."""
    gone = {key for key, texts in typed.texts.items() if texts and not _stays(asked_by(old, key), asked_by(new, key))}
    kept = {key: texts for key, texts in typed.texts.items() if key not in gone}
    return replace(typed, texts=kept), tuple(_left(old, key, typed) for key in sorted(gone) if not _only_ids(old, key))


def _stays(before: Field | None, after: Field | None) -> bool:
    if before is None or after is None:
        return False
    return before.type == after.type or before.type in type_of(after.type).takes


def _only_ids(old: Form, key: str) -> bool:
    """Say whether this is no text but the list of the rows, whose cells are told of one by one."""
    each = asked_by(old, key)
    return each is not None and each.type == ROWS


def _left(old: Form, key: str, typed: Typed) -> LeftOver:
    each = asked_by(old, key)
    texts = typed.of(key)
    if each is None:
        return LeftOver(key, key, ", ".join(texts))
    options = [each.option(text) for text in texts]
    shown = [in_language(option.label, typed.language) if option else text for option, text in zip(options, texts, strict=True)]
    return LeftOver(key, in_language(each.label, typed.language) or key, ", ".join(shown))


def translated(form: Form, typed: Typed, context: Context) -> Typed:
    """Return the texts as they would be typed in the language of the context; what is no answer stays as typed."""
    if typed.language == context.language:
        return typed
    before = fill(form, typed, replace(context, language=typed.language))
    texts = {key: _rewritten(before, key, context, texts) for key, texts in typed.texts.items()}
    return replace(typed, language=context.language, texts=texts)


def _rewritten(before: Filled, key: str, context: Context, texts: tuple[str, ...]) -> tuple[str, ...]:
    each = asked_by(before.form, key)
    if each is None or each.type == ROWS or not texts:
        return texts
    asked = before.cells.get(key) or before.asked(each.key)
    value: Any = before.values.get(key)
    if value is None:
        value, _ = read_field(asked, texts)
    kind = type_of(asked.field.type)
    return texts if value is None or kind.control == "picker" else kind.write(replace(asked, context=context), value) or texts


def prefill(form: Form, link: Mapping[str, str], context: Context) -> Typed:
    """Return the texts of `?f.key=value` for fields that are shown and not confidential (FO rule 20, FO13)."""
    given = {name.removeprefix(PREFIX): text for name, text in link.items() if name.startswith(PREFIX)}
    if sum(map(len, given.values())) > LONGEST_LINK:
        return Typed(context.language)
    open_ = {key: (text,) for key, text in given.items() if text and _may_prefill(form, key)}
    visible = fill(form, Typed(context.language, open_), context).visible
    return Typed(context.language, {key: texts for key, texts in open_.items() if key in visible})


def _may_prefill(form: Form, key: str) -> bool:
    each = next((one for one in form.fields if one.key == key), None)
    return each is not None and each.confidential is None and type_of(each.type).asks and each.type not in (ROWS, "file")
