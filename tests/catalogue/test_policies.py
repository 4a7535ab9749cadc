"""Who may edit which service: the table is the documentation (permissions.md row 19)."""

import pytest

from portal.catalogue import policies
from portal.core import clock
from tests.factories import catalogue

OTHER = "Solo puedes editar los servicios de tu departamento."
NOBODY = "Solo editan servicios quienes editan el catálogo de un departamento y los administradores."

# who: open the editor, edit a service of IT, look into it, create
TABLE = {
    "head2": (True, True, True, True),
    "admin": (True, True, True, True),
    "finance_head": (True, OTHER, OTHER, True),
    "auditor": (True, OTHER, True, NOBODY),
    "agent": (NOBODY, OTHER, OTHER, NOBODY),
    "employee": (NOBODY, OTHER, OTHER, NOBODY),
    "partner": (NOBODY, OTHER, OTHER, NOBODY),
    "delegate": (NOBODY, OTHER, OTHER, NOBODY),
}


@pytest.mark.parametrize("who", TABLE)
def test_policy_of_the_editor(cast, who):
    person, now, service = getattr(cast, who), clock.now(), catalogue.service(cast.it)
    found = (
        policies.may_open_editor(person, now),
        policies.may_edit(person, service, now),
        policies.may_inspect(person, service, now),
        policies.may_create(person, now),
    )
    assert tuple(decision.allowed or decision.reason for decision in found) == TABLE[who]
