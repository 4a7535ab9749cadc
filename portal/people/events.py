"""What happens to people and departments. `by_id` is None when a command or an import did it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class PersonCreated:
    """Somebody has an account now."""

    person_id: int
    by_id: int | None


@dataclass(frozen=True)
class PersonChanged:
    """Fields of a person have new values; by the person or by an administrator."""

    person_id: int
    by_id: int | None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PersonDeactivated:
    """Access of a person has ended; grants, seats and tokens of theirs no longer count (PE-12)."""

    person_id: int
    by_id: int | None


@dataclass(frozen=True)
class PersonReactivated:
    """A person may use the account again; delegations stay ended."""

    person_id: int
    by_id: int | None


@dataclass(frozen=True)
class RoleGranted:
    """A person has a role, in one department or everywhere."""

    person_id: int
    role: str
    department_id: int | None
    by_id: int | None


@dataclass(frozen=True)
class RoleRevoked:
    """A person no longer has a role."""

    person_id: int
    role: str
    department_id: int | None
    by_id: int | None


@dataclass(frozen=True)
class DepartmentChanged:
    """A department was made or changed."""

    department_id: int
    by_id: int | None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DelegationStarted:
    """A person is away from `from_at` to `until_at`; the delegate, if any, stands in (approvals.md 19)."""

    absence_id: int
    person_id: int
    delegate_id: int | None
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True)
class DelegationRevoked:
    """An absence has ended before its time."""

    absence_id: int
    person_id: int
    delegate_id: int | None
    by_id: int | None
