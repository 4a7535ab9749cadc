"""Which service level a thing gets: the first, by position, whose conditions all hold (31, 32)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from portal.core.db import db
from portal.service_levels.models import Calendar, DepartmentCalendar, ServiceLevel, ServiceTarget
from portal.service_levels.timing import Target

# What conditions can ask about, in the order of pages. Names, ids and order of creation never matter (31).
QUESTIONS = ("service", "category", "department", "requester_department", "site", "priority")


@dataclass(frozen=True)
class Facts:
    """What is known of a thing when its level is chosen, told by whoever owns it. Keys are slugs and codes, never ids.

    `requester_department` holds the own department and all above it; `department_id` is asked, and its calendar counts.
    """

    department_id: int | None
    service: str = ""
    category: str = ""
    department: str = ""
    requester_department: Collection[str] = ()
    site: str = ""
    priority: str = ""

    def values(self, question: str) -> Collection[str]:
        """Return the values of one fact."""
        value: str | Collection[str] = asdict(self)[question]
        return ([value] if value else []) if isinstance(value, str) else value


@dataclass(frozen=True)
class Chosen:
    """The level of a thing, its targets by kind of clock, and the calendar by which they count."""

    level: ServiceLevel | None
    calendar_id: int | None
    targets: Mapping[str, Target] = field(default_factory=dict)


@dataclass(frozen=True)
class Tried:
    """One level that was tried, and the questions that it failed (for "which would match?")."""

    level: ServiceLevel
    failed: Sequence[str]
    taken: bool = False


def fails(conditions: Mapping[str, Sequence[str]], facts: Facts) -> list[str]:
    """Return the questions whose condition does not hold."""
    return [asked for asked in QUESTIONS if conditions.get(asked) and not set(conditions[asked]) & set(facts.values(asked))]


def active_levels() -> list[ServiceLevel]:
    """Return the levels that may be chosen, in their order."""
    return list(db.session.scalars(select(ServiceLevel).where(ServiceLevel.active).order_by(ServiceLevel.position)))


def choose(facts: Facts) -> Chosen:
    """Return the first level that fits; no match is no target, and never an error (31, 32)."""
    level, targets = fitting(facts)
    own = level.calendar_id if level else None
    calendar_id = own if own is not None else calendar_id_of(facts.department_id)
    return Chosen(level, calendar_id, targets)


def fitting(facts: Facts) -> tuple[ServiceLevel | None, dict[str, Target]]:
    """Return the first level that fits with what it promises, read in one statement with its calendar."""
    found = (
        select(ServiceLevel, ServiceTarget)
        .outerjoin(ServiceTarget, ServiceTarget.level_id == ServiceLevel.id)
        .outerjoin(ServiceLevel.calendar)
        .options(contains_eager(ServiceLevel.calendar))
        .where(ServiceLevel.active)
        .order_by(ServiceLevel.position)
    )
    rows = db.session.execute(found).all()
    taken = next((level for level, _target in rows if not fails(level.conditions, facts)), None)
    return taken, _by_kind(target for level, target in rows if level is taken and target is not None)


def targets_of(level: ServiceLevel) -> dict[str, Target]:
    """Return what a level promises, by kind of clock."""
    return _by_kind(db.session.scalars(select(ServiceTarget).where(ServiceTarget.level_id == level.id)))


def _by_kind(rows: Iterable[ServiceTarget]) -> dict[str, Target]:
    return {row.kind: Target(row.amount, row.unit) for row in rows}  # type: ignore[arg-type]  # the database checks it


def calendar_id_of(department_id: int | None) -> int | None:
    """Return the id of a department's calendar; None means office hours."""
    own = select(Calendar.id).join(DepartmentCalendar, DepartmentCalendar.calendar_id == Calendar.id)
    return db.session.scalar(own.where(DepartmentCalendar.department_id == department_id))


def try_levels(facts: Facts) -> list[Tried]:
    """Return every active level with why it fails; those after the one that is taken are tried too."""
    tried = [Tried(level, fails(level.conditions, facts)) for level in active_levels()]
    first = next((one for one in tried if not one.failed), None)
    return [Tried(one.level, one.failed, taken=one is first) for one in tried]
