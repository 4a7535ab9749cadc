"""One question as the editor's page posts it: to flat values and back (forms.md 1, 6, 24, 26)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict

from portal.catalogue import conditioning, option_conditions, pricelist
from portal.catalogue.editing import home_of, key_for
from portal.catalogue.formkit.amounts import Unclear, from_plain, plain, read_number, write_number
from portal.catalogue.formkit.conditions import Condition
from portal.catalogue.formkit.loader import LIMITS
from portal.catalogue.formkit.rows import ROWS
from portal.catalogue.formkit.schema import Confidential, Field, Form, Option, Rules
from portal.catalogue.formkit.types.registry import type_of
from portal.catalogue.formkit.values import Context, Message, Wrong
from portal.catalogue.formkit.words import Words
from portal.core.text import in_language

Values = MultiDict[str, str]
LIMITED = {
    "short_text", "long_text", "number", "money", "date", "time", "date_time", "several_of", "rows",
}  # fmt: skip
"""The types with a smallest and largest value, length or count."""
NUMERIC = ("number", "money")


@dataclass(frozen=True)
class Desk:
    """What the editing of one question depends on: the form it stands in, and what was published before."""

    form: Form
    languages: tuple[str, ...]
    context: Context
    published: Field | None = None
    used_options: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Read:
    """A question as posted, with what is wrong, by name of the input."""

    question: Field
    section: str
    in_title: bool
    problems: Mapping[str, Message] = field(default_factory=dict)


def flat(each: Field, desk: Desk) -> Values:
    """Return the values of the inputs that show a question."""
    values: Values = MultiDict()
    values["section"] = home_of(desk.form, each.key).key
    for name, words in (("label", each.label), ("help", each.help), ("message", each.rules.message)):
        for language in desk.languages:
            values[f"{name}.{language}"] = words.get(language, "")
    for name, ticked in (("required", each.required), ("in_title", each.key in desk.form.title)):
        _put(values, name, ["yes"] if ticked else [])
    for name in ("minimum", "maximum"):
        values[name] = _shown_limit(each, getattr(each.rules, name), desk)
    for name in ("pattern", "currency", "decimals", "files", "megabytes"):
        values[name] = str(getattr(each.rules, name))
    _flat_options(each, desk, values)
    _flat_condition(each, desk, values)
    _flat_confidential(each, values)
    return values


def _put(values: Values, name: str, texts: Sequence[str]) -> None:
    """Set what a browser would post: an unticked box is not there at all."""
    if texts:
        values.setlist(name, list(texts))


def _shown_limit(each: Field, text: str, desk: Desk) -> str:
    if each.type not in NUMERIC or not text:
        return text
    try:
        return write_number(from_plain(text), desk.context.language)
    except ValueError:
        return text


def _flat_options(each: Field, desk: Desk, values: Values) -> None:
    _put(values, "option_key", [option.key for option in each.options])
    for language in desk.languages:
        _put(values, f"option.{language}", [option.label.get(language, "") for option in each.options])
    pricing = desk.form.pricing
    if pricing and pricing.currency:
        prices = [pricelist.price_text(option.price, pricing.currency, desk.context.language) for option in each.options]
        _put(values, "option_price", prices)
    values["quantity"] = each.quantity
    _put(values, "option_withdrawn", [option.key for option in each.options if option.withdrawn])
    rows = option_conditions.rows_of(each, desk.form, desk.context)
    for name, texts in zip(("option_of", "option_test", "option_value"), zip(*rows, strict=True), strict=False):
        _put(values, name, texts)


def _flat_condition(each: Field, desk: Desk, values: Values) -> None:
    found = conditioning.rows_of(each.condition, desk.form, desk.context)
    joiner, rows = found or ("and", [])
    values["joiner"] = joiner
    _put(values, "test", [test for test, _text in rows])
    _put(values, "test_value", [text for _test, text in rows])
    _put(values, "keep_condition", [] if found else ["yes"])


def _flat_confidential(each: Field, values: Values) -> None:
    rule = each.confidential
    _put(values, "confidential", ["yes"] if rule else [])
    _put(values, "groups", list(rule.groups) if rule else [])
    _put(values, "approvers", ["yes"] if rule and rule.approvers else [])
    _put(values, "delegates", ["yes"] if rule and rule.delegates else [])


def read(old: Field, values: Values, desk: Desk) -> Read:
    """Return the question that the posted values describe; what its type does not have stays as it was."""
    problems: dict[str, Message] = {}
    rules = _rules(old, values, desk, problems)
    new = replace(
        old,
        label=_words(old.label, "label", values, desk),
        help=_words(old.help, "help", values, desk),
        required=type_of(old.type).asks and "required" in values,
        options=tuple(_options(old, values, desk, problems)) if type_of(old.type).lists else old.options,
        quantity=values.get("quantity", old.quantity) if type_of(old.type).lists else "",
        rules=rules,
        condition=_condition(old, values, desk, problems),
        confidential=_confidential(values) if type_of(old.type).asks else None,
    )
    section = values.get("section") or home_of(desk.form, old.key).key
    may_tell = type_of(old.type).asks and old.type != ROWS and old.key not in desk.form.parents
    return Read(new, section, may_tell and "in_title" in values, problems)


def _words(old: Words, name: str, values: Values, desk: Desk) -> Words:
    return dict(old) | {language: values.get(f"{name}.{language}", "").strip() for language in desk.languages}


def _options(old: Field, values: Values, desk: Desk, problems: dict[str, Message]) -> Iterator[Option]:
    """Rows without words go; one that was published is only withdrawn, since old answers name it (forms.md 6)."""
    removed = values.get("do", "").removeprefix("remove_option:")
    taken = set(desk.used_options) | {option.key for option in old.options}
    was_published = {option.key for option in desk.published.options} if desk.published else set()
    conditions = _option_conditions(old, values, desk, problems)
    for row, key in enumerate(values.getlist("option_key")):
        before = old.option(key)
        label = {language: _at(values.getlist(f"option.{language}"), row).strip() for language in desk.languages}
        gone = not any(label.values()) or (bool(key) and key == removed)
        if gone and (before is None or key not in was_published):
            continue
        if before is None:
            key = key_for(in_language(label, "en"), taken)
            taken.add(key)
        withdrawn = gone or key in values.getlist("option_withdrawn")
        known = before or Option(key=key, label={})
        price = _price(known, values, row, desk, problems)
        words = known.label if gone else {**known.label, **label}
        yield replace(known, label=words, withdrawn=withdrawn, price=price, condition=conditions.get(key))


def _option_conditions(old: Field, values: Values, desk: Desk, problems: dict[str, Message]) -> Mapping[str, Condition | None]:
    before = {option.key: option.condition for option in old.options}
    if "option_of" not in values:
        return before
    columns = (values.getlist(name) for name in ("option_of", "option_test", "option_value"))
    rows = [option_conditions.OptionRow(*texts) for texts in zip_longest(*columns, fillvalue="")]
    groups = conditioning.offered(desk.form, conditioning.before(desk.form, old.key), desk.context)
    try:
        return option_conditions.conditions_of(rows, old, groups, desk.form, desk.context)
    except Wrong as wrong:
        problems["option_of"] = wrong.right
        return before


def _price(known: Option, values: Values, row: int, desk: Desk, problems: dict[str, Message]) -> int | None:
    pricing = desk.form.pricing
    if pricing is None or "option_price" not in values:
        return known.price
    try:
        return pricelist.minor_of(_at(values.getlist("option_price"), row), pricing.currency, desk.context.language)
    except pricelist.NoPrice:
        problems["option"] = pricelist.expected(pricing.currency, desk.context.language)
        return known.price


def _at(texts: Sequence[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""


def _rules(old: Field, values: Values, desk: Desk, problems: dict[str, Message]) -> Rules:
    rules = replace(old.rules, message=_words(old.rules.message, "message", values, desk))
    if old.type in LIMITED:
        smallest, largest = (_limit(old, values.get(name, ""), desk) for name in ("minimum", "maximum"))
        rules = replace(rules, minimum=smallest, maximum=largest)
    if old.type in ("short_text", "long_text"):
        rules = replace(rules, pattern=values.get("pattern", "").strip())
    if old.type == "money":
        rules = replace(rules, currency=values.get("currency", "").strip().upper() or "EUR")
    for name in {"number": ("decimals",), "file": ("files", "megabytes")}.get(old.type, ()):
        number = _whole(values.get(name, ""), *LIMITS[name])
        if number is None:
            problems[name] = _("a whole number from %(low)s to %(high)s", low=LIMITS[name][0], high=LIMITS[name][1])
        else:
            rules = replace(rules, **{name: number})  # type: ignore[arg-type]  # these three are whole numbers
    return rules


def _limit(old: Field, text: str, desk: Desk) -> str:
    """Return a limit in canonical form; what cannot be read stays as typed, and the linter says so."""
    text = text.strip()
    if old.type not in NUMERIC or not text:
        return text
    try:
        return plain(read_number(text, desk.context.language, LIMITS["decimals"][1]))
    except Unclear:
        return text


def _whole(text: str, low: int, high: int) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and low <= int(text) <= high else None


def _condition(old: Field, values: Values, desk: Desk, problems: dict[str, Message]) -> Condition | None:
    if "keep_condition" in values and "drop_condition" not in values:
        return old.condition
    earlier = conditioning.before(desk.form, old.key)
    groups = conditioning.offered(desk.form, earlier, desk.context)
    texts = values.getlist("test_value")
    rows = [(test, _at(texts, row)) for row, test in enumerate(values.getlist("test"))]
    try:
        return conditioning.condition_of(rows, values.get("joiner", "and"), groups, desk.form, desk.context)
    except Wrong as wrong:
        problems["condition"] = wrong.right
        return old.condition


def _confidential(values: Values) -> Confidential | None:
    if "confidential" not in values:
        return None
    return Confidential(tuple(values.getlist("groups")), "approvers" in values, "delegates" in values)
