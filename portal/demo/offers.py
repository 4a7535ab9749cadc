"""How the demo describes services: texts, audience, questions and the stages of the approval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from portal.catalogue.formkit.conditions import Condition, Test
from portal.catalogue.formkit.schema import Confidential, Field, Form, Option, Pricing, Rules, Section
from portal.demo.words import both

EVERYBODY = ("employees", "partners")
EMPLOYEES = ("employees",)
ALL_EMPLOYEES = "Toda la plantilla. | All employees."
AND_HAULIERS = "Toda la plantilla y los transportistas. | All employees and hauliers."
SITES = (
    "zaragoza: Zaragoza-PLAZA",
    "getafe: Getafe",
    "zal: Barcelona-ZAL",
    "bilbao: Bilbao",
    "vigo: Vigo",
)


@dataclass(frozen=True)
class Step:
    """A stage of the route: whom the rule names, and how many of them must agree."""

    name: str
    rule: str
    mode: str = "any"
    needed: int = 1
    # key of a person, or a role
    names: str = ""
    # only for sums above this one, in cents
    above: int | None = None


PLUS_TAX = Pricing(currency="EUR", tax="21")
HEAD = Step("Jefatura del departamento | Head of the department", "requester_head")


@dataclass(frozen=True)
class Offer:
    """A service of a window."""

    department: str
    name: str
    summary: str
    for_whom: str
    prepare: str
    not_covered: str
    contact: str
    questions: Sequence[Field]
    title: Sequence[str]
    keywords: str = ""
    # employees, partners, or with a colon and a name: department, role, site
    audience: Sequence[str] = EMPLOYEES
    steps: Sequence[Step] = ()
    confidential: bool = False
    pricing: Pricing | None = None

    @property
    def texts(self) -> Mapping[str, Any]:
        """Return the texts of the service's page."""
        names = ("name", "summary", "for_whom", "prepare", "not_covered")
        return {name: both(getattr(self, name)) for name in names}

    def form(self) -> Form:
        """Return the form; a heading begins no section of its own, so one section is enough."""
        section = Section(key="what", title=both("Lo que se pide | What is asked for"), fields=tuple(self.questions))
        return Form(sections=(section,), title=tuple(self.title), pricing=self.pricing)


def when(key: str, *values: Any) -> Condition:
    """Return the condition that an earlier question has one of the values."""
    return Test("one_of", key, values) if len(values) > 1 else Test("equals", key, values)


def ticked(key: str, value: str) -> Condition:
    """Return the condition that an option of a list is among those ticked."""
    return Test("contains", key, (value,))


def ask(key: str, kind: str, label: str, *options: str, needed: bool = True, **more: Any) -> Field:
    """Return a question; options are written "key: Spanish | English"."""
    return Field(
        key=key,
        type=kind,
        label=both(label),
        help=both(more.pop("help", "")),
        required=needed,
        options=tuple(_option(option) for option in options),
        **more,
    )


def _option(text: str) -> Option:
    key, _, label = text.partition(": ")
    return Option(key=key, label=both(label))


def line(key: str, label: str, **more: Any) -> Field:
    """Return a question answered in one line."""
    return ask(key, "short_text", label, **more)


def text(key: str, label: str, **more: Any) -> Field:
    """Return a question answered in several lines."""
    return ask(key, "long_text", label, **more)


def one(key: str, label: str, *options: str, **more: Any) -> Field:
    """Return a question with one option to choose."""
    return ask(key, "one_of", label, *options, **more)


def priced(question: Field, quantity: str = "", **prices: int) -> Field:
    """Return a list with what its options cost, in cents, perhaps times the answer to another question (forms.md 22)."""
    options = tuple(replace(option, price=prices.get(option.key)) for option in question.options)
    return replace(question, options=options, quantity=quantity)


def several(key: str, label: str, *options: str, **more: Any) -> Field:
    """Return a question with several options to tick."""
    return ask(key, "several_of", label, *options, **more)


def yes_no(key: str, label: str, **more: Any) -> Field:
    """Return a question answered by yes or no."""
    return ask(key, "yes_no", label, **more)


def day(key: str, label: str, earliest: str = "today+1", **more: Any) -> Field:
    """Return a question for a date."""
    return ask(key, "date", label, rules=Rules(minimum=earliest), **more)


def amount(key: str, label: str, most: str = "", **more: Any) -> Field:
    """Return a question for a sum of euros."""
    return ask(key, "money", label, rules=Rules(maximum=most), **more)


def number(key: str, label: str, least: int = 1, most: int = 50, **more: Any) -> Field:
    """Return a question for a whole number."""
    return ask(key, "number", label, rules=Rules(minimum=str(least), maximum=str(most), decimals=0), **more)


def papers(key: str, label: str, needed: bool = False, **more: Any) -> Field:
    """Return a question for files."""
    return ask(key, "file", label, needed=needed, rules=Rules(files=3), **more)


def rows(key: str, label: str, *columns: Field, most: int = 20, **more: Any) -> Field:
    """Return a question answered by rows with these columns."""
    return ask(key, "rows", label, columns=columns, rules=Rules(maximum=str(most)), **more)


def only_for(field: Field, *groups: str, approvers: bool = False) -> Field:
    """Return the question with an answer that only these groups and the requester read (forms.md 24)."""
    return replace(field, confidential=Confidential(groups, approvers=approvers))
