"""What owners of subjects tell this package, which stands below them: whom to warn, and by which facts a level is chosen."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from portal.people.models import Person
from portal.service_levels.choosing import Facts


@dataclass(frozen=True)
class Owner:
    """A kind of subject that has clocks.

    `recipients(subject_id, clock_kind, rules, now)` returns the ids of the people whom rules such as "assigned" or
    "department_head" mean; `facts(subject_id)` tells by what its level is chosen; `find(reference, person, now)` returns
    the id of a subject that the person may see.
    """

    kind: str
    recipients: Callable[[int, str, Collection[str], datetime], Collection[int]]
    facts: Callable[[int], Facts]
    find: Callable[[str, Person, datetime], int | None] = lambda reference, person, now: None


@dataclass(frozen=True)
class Choice:
    """One value that a condition can ask for."""

    value: str
    label: str


_owners: dict[str, Owner] = {}
_choices: dict[str, Callable[[], list[Choice]]] = {}


def register_owner(owner: Owner) -> None:
    """Let a feature tell about its subjects; the last registration of a kind counts."""
    _owners[owner.kind] = owner


def owner_of(kind: str) -> Owner | None:
    """Return the owner of a kind, if it has told about itself."""
    return _owners.get(kind)


def owners() -> list[Owner]:
    """Return all owners."""
    return list(_owners.values())


def offer_choices(question: str, choices: Callable[[], list[Choice]]) -> None:
    """Let the package that owns services, categories … list the values of a condition."""
    _choices[question] = choices


def choices_of(question: str) -> list[Choice]:
    """Return the values of a condition, if somebody lists them."""
    return _choices[question]() if question in _choices else []
