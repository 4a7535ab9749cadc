"""What approvals do when the company changes."""

from portal.approvals import actions
from portal.core import clock
from portal.core.events import subscribe
from portal.people.events import DelegationStarted, PersonDeactivated, PersonReactivated, RoleGranted, RoleRevoked


def install() -> None:
    """Listen to people who come, leave, change their role or go away."""
    subscribe(PersonDeactivated, somebody_left)
    subscribe(RoleRevoked, somebody_left)
    subscribe(PersonReactivated, somebody_came)
    subscribe(RoleGranted, somebody_came)
    subscribe(DelegationStarted, somebody_is_away)


def somebody_left(event: PersonDeactivated | RoleRevoked) -> None:
    """Run the rules of the person's open seats again (AP-9)."""
    actions.person_left(event.person_id, clock.now())


def somebody_came(event: PersonReactivated | RoleGranted) -> None:
    """Somebody may be able to decide now what nobody could (AP-8)."""
    actions.look_again(clock.now())


def somebody_is_away(event: DelegationStarted) -> None:
    """A delegate who may not decide leaves the seats to the next level; for later absences the job does it (AP-22)."""
    now = clock.now()
    if event.from_at <= now < event.until_at:
        actions.delegation_started(event.person_id, now)
