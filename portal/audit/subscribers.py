"""What people, accounts and teams report goes into the trail: they stand below it and do not know it (SE-62)."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from portal.accounts import events as accounts
from portal.audit import actions
from portal.core.events import subscribe
from portal.people import events as people
from portal.teams import events as teams

# event: (action, what it is about, the field with its number)
RECORDED: dict[type, tuple[str, str, str]] = {
    people.PersonCreated: ("person.created", "person", "person_id"),
    people.PersonChanged: ("person.changed", "person", "person_id"),
    people.PersonDeactivated: ("person.deactivated", "person", "person_id"),
    people.PersonReactivated: ("person.reactivated", "person", "person_id"),
    people.RoleGranted: ("role.granted", "person", "person_id"),
    people.RoleRevoked: ("role.revoked", "person", "person_id"),
    people.DepartmentChanged: ("department.changed", "department", "department_id"),
    people.DelegationStarted: ("delegation.started", "absence", "absence_id"),
    people.DelegationRevoked: ("delegation.revoked", "absence", "absence_id"),
    accounts.SignedIn: ("session.started", "person", "person_id"),
    accounts.SignInRefused: ("session.refused", "person", "person_id"),
    accounts.SignedOut: ("session.ended", "person", "person_id"),
    accounts.SessionsEnded: ("sessions.ended", "person", "person_id"),
    accounts.PasswordChanged: ("password.changed", "person", "person_id"),
    accounts.FactorChanged: ("factor.changed", "person", "person_id"),
    accounts.RecoveryCodeUsed: ("recovery_code.used", "person", "person_id"),
    accounts.ResetAsked: ("password.reset_asked", "person", "person_id"),
    teams.TeamChanged: ("team.changed", "team", "team_id"),
    teams.TeamEnded: ("team.ended", "team", "team_id"),
}
BY_THEMSELVES = {
    accounts.SignedIn,
    accounts.SignedOut,
    accounts.PasswordChanged,
    accounts.RecoveryCodeUsed,
    people.DelegationStarted,
}
PLAIN = (str, int, bool, dict, list, type(None))
LEFT_OUT = {"by_id", "before", "after", "network", "target"}


def install() -> None:
    """Listen to people, accounts and teams."""
    for event_class in RECORDED:
        subscribe(event_class, record)


def record(event: Any) -> None:
    """Write one entry in the transaction of the event."""
    action, kind, number = RECORDED[type(event)]
    facts = asdict(event)
    by_id = facts.get("person_id") if type(event) in BY_THEMSELVES else facts.get("by_id")
    rest = {name: value for name, value in facts.items() if name not in LEFT_OUT | {number}}
    before, after = plain(facts.get("before", {})), plain({**rest, **facts.get("after", {})})
    actions.add(by_id, action, kind, facts[number] or 0, before or None, after or None)


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as JSON can hold them."""
    return {name: value if isinstance(value, PLAIN) else str(value) for name, value in facts.items()}
