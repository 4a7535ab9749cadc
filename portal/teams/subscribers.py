"""What teams do when somebody leaves."""

from portal.core import clock
from portal.core.events import subscribe
from portal.people.events import PersonDeactivated, RoleRevoked
from portal.people.models import Role
from portal.teams import actions


def install() -> None:
    """Listen to people."""
    subscribe(PersonDeactivated, end_memberships)
    subscribe(RoleRevoked, end_memberships_of_role)


def end_memberships(event: PersonDeactivated) -> None:
    """Who no longer works here belongs to no team (PE-12)."""
    actions.person_left(event.person_id, None, clock.now())


def end_memberships_of_role(event: RoleRevoked) -> None:
    """Who is no longer an agent of a department belongs to no team of it."""
    if event.role == Role.AGENT and event.department_id is not None:
        actions.person_left(event.person_id, event.department_id, clock.now())
