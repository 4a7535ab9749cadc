"""From what a browser posted to typed values, problems and canonical JSON (FO rules 4, 5, 6, 7, 18)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from portal.catalogue.formkit.conditions import Decoder, holds, is_empty
from portal.catalogue.formkit.schema import Field, Form, Option
from portal.catalogue.formkit.types.base import Asked
from portal.catalogue.formkit.types.registry import type_of
from portal.catalogue.formkit.values import Context, Problem, Wrong
from portal.core.text import in_language

PREFIX = "f."
ON_PAGE = "on_page"
"""Name of the hidden inputs that tell which questions the posted page carried."""
LONGEST_TYPED, MOST_TYPED = 40_000, 300


class Repeated(ValueError):
    """A value came twice where one is expected; the caller answers 400 (SE-39)."""


class Posted(Protocol):
    """What `request.form` is."""

    def getlist(self, key: str) -> list[str]:
        """Return all values under a name."""

    def __contains__(self, key: object) -> bool: ...


@dataclass(frozen=True)
class Typed:
    """The raw texts per field and the language they were typed in: the content of a draft.

    `terms` are the prices that were shown while they were typed (FO9).
    """

    language: str
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    terms: Mapping[str, str] = field(default_factory=dict)

    def updated(self, form: Form, posted: Posted, language: str) -> "Typed":
        """Return the texts with those that a page posted; questions it did not carry stay (FO rule 4, FO5)."""
        carried = set(posted.getlist(ON_PAGE))
        texts = dict(self.texts)
        for each in form.fields:
            if each.key in carried or PREFIX + each.key in posted:
                texts[each.key] = _taken(each, posted.getlist(PREFIX + each.key))
        return Typed(language, texts, self.terms)

    def of(self, key: str) -> tuple[str, ...]:
        """Return the texts of one field."""
        return self.texts.get(key, ())

    def to_json(self) -> dict[str, Any]:
        """Return the JSON kept in a draft."""
        told = {"terms": dict(self.terms)} if self.terms else {}
        return {"language": self.language, "texts": {key: list(texts) for key, texts in sorted(self.texts.items())}, **told}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Typed":
        """Return what a draft kept."""
        texts = {str(key): tuple(map(str, texts)) for key, texts in data["texts"].items()}
        return cls(str(data["language"]), texts, dict(data.get("terms", {})))


def _taken(each: Field, texts: Sequence[str]) -> tuple[str, ...]:
    if len(texts) > (MOST_TYPED if type_of(each.type).many else 1):
        raise Repeated(each.key)
    return tuple(text[:LONGEST_TYPED] for text in texts if text)


@dataclass(frozen=True)
class Filled:
    """A form with the answers typed so far: what is shown, what it means, what to put right."""

    form: Form
    typed: Typed
    context: Context
    values: Mapping[str, Any]
    visible: frozenset[str]
    problems: tuple[Problem, ...]

    @property
    def complete(self) -> bool:
        """Say whether it could be sent."""
        return not self.problems

    def asked(self, key: str) -> Asked:
        """Return a field with the options that can be chosen now."""
        return ask(self.form, self.form.by_key[key], self.values, self.context)

    def problem(self, key: str) -> Problem | None:
        """Return what is wrong with one field."""
        return next((each for each in self.problems if each.key == key), None)

    def json(self) -> dict[str, Any]:
        """Return the canonical JSON of the values by field key."""
        return {key: type_of(self.form.by_key[key].type).to_json(value) for key, value in self.values.items()}


def decoder(form: Form) -> Decoder:
    """Return the function that reads canonical JSON as a value of a question; conditions compare with it."""

    def decode(key: str, data: Any) -> Any:
        each = form.by_key.get(key)
        if each is None:
            raise ValueError(key)
        return type_of(each.type).from_json(data)

    return decode


def ask(form: Form, each: Field, values: Mapping[str, Any], context: Context) -> Asked:
    """Return a field as it is asked now: without withdrawn options and those whose condition does not hold."""
    decode = decoder(form)
    return Asked(each, context, tuple(option for option in each.options if _offered(option, values, context, decode)))


def _offered(option: Option, values: Mapping[str, Any], context: Context, decode: Decoder) -> bool:
    return not option.withdrawn and holds(option.condition, values, context.facts, decode)


def fill(form: Form, typed: Typed, context: Context) -> Filled:
    """Read every field in page order; hidden ones have no value, all problems are collected (FO rules 4 and 18)."""
    values: dict[str, Any] = {}
    visible: set[str] = set()
    problems: list[Problem] = []
    decode = decoder(form)
    for each in form.fields:
        if not holds(each.condition, values, context.facts, decode):
            continue
        visible.add(each.key)
        value, wrong = read_field(ask(form, each, values, context), typed.of(each.key))
        if value is not None:
            values[each.key] = value
        if wrong is not None:
            problems.append(Problem(each.key, in_language(each.label, context.language), wrong.right, wrong.suggestions))
    return Filled(form, typed, context, values, frozenset(visible), tuple(problems))


def read_field(asked: Asked, raw: Sequence[str]) -> tuple[Any, Wrong | None]:
    """Return the value of one field, or None, and what is wrong with it."""
    kind = type_of(asked.field.type)
    try:
        value = kind.read(asked, raw)
    except Wrong as wrong:
        return None, wrong
    if is_empty(value):
        needed = kind.asks and asked.field.required
        return None, Wrong(kind.missing(asked)) if needed else None
    return value, None


def canonical(data: Any) -> str:
    """Return the one JSON text of some data: for storing, comparing and hashing."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(data: Any) -> str:
    """Return the SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def typed_from(form: Form, values: Mapping[str, Any], context: Context) -> Typed:
    """Return the texts that somebody would have typed to give these values."""
    known = {each.key: ask(form, each, values, context) for each in form.fields if each.key in values}
    return Typed(context.language, {key: type_of(one.field.type).write(one, values[key]) for key, one in known.items()})


def looked_up(form: Form, typed: Typed) -> dict[str, set[str]]:
    """Return the typed texts by the directory that their questions ask; questions without a text count too (FO rule 7)."""
    found: dict[str, set[str]] = {}
    for each in form.fields:
        if directory := type_of(each.type).directory:
            found.setdefault(directory, set()).update(typed.of(each.key))
    return found


def load_values(form: Form, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return typed values of stored canonical JSON; what the version does not know is left out."""
    values = {}
    for key, stored in data.items():
        if key in form.by_key:
            values[key] = type_of(form.by_key[key].type).from_json(stored)
    return values
