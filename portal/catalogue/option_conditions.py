"""Options that are offered depending on earlier answers, as rows "option: comparison" (forms.md 3); see `conditioning`."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask_babel import lazy_gettext as _

from portal.catalogue import conditioning
from portal.catalogue.conditioning import ChoiceGroup
from portal.catalogue.formkit.conditions import Condition
from portal.catalogue.formkit.schema import Field, Form, Option
from portal.catalogue.formkit.values import Context, Wrong

KEEP, ALWAYS = "keep", "always"
"""Comparisons of a row: its condition is deeper than rows can show and stays as it is, or the option has none any more."""


class OptionRow(NamedTuple):
    """One comparison that has to hold for one option; rows of the same option have to hold together."""

    option: str
    test: str
    text: str


def rows_of(each: Field, form: Form, context: Context) -> list[OptionRow]:
    """Return the conditions of the options of a question as rows."""
    return [row for option in each.options if option.condition for row in _rows(option, option.condition, form, context)]


def _rows(option: Option, condition: Condition, form: Form, context: Context) -> list[OptionRow]:
    joiner, rows = conditioning.rows_of(condition, form, context) or ("or", [])
    if joiner == "or":
        return [OptionRow(option.key, KEEP, "")]
    return [OptionRow(option.key, test, text) for test, text in rows]


def conditions_of(
    rows: Sequence[OptionRow], old: Field, groups: Sequence[ChoiceGroup], form: Form, context: Context
) -> Mapping[str, Condition | None]:
    """Return the condition of each option that rows speak of. Raises Wrong for what is missing in a row."""
    if any(row.option and not row.test for row in rows):
        raise Wrong(_("choose when the option is offered"))
    found: dict[str, Condition | None] = {}
    for key in dict.fromkeys(row.option for row in rows if row.option):
        own = [row for row in rows if row.option == key]
        before = old.option(key)
        if before is not None and any(row.test == KEEP for row in own):
            found[key] = before.condition
        else:
            found[key] = conditioning.condition_of([(row.test, row.text) for row in own], "and", groups, form, context)
    return found
