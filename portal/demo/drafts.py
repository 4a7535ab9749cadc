"""Forms that people of the demo have begun and not sent."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from portal.catalogue.actions.drafts import Seen, save_draft
from portal.catalogue.queries import form_of
from portal.core import clock
from portal.core.security import new_token
from portal.demo import asking
from portal.demo.cases import it, people, work
from portal.demo.lots import Lots
from portal.demo.plans import CASES
from portal.demo.staff import Cast
from portal.demo.telling import Case
from portal.demo.windows import Catalogue

BEGUN = (
    ("employee", it.JOINER, 3),
    ("employee", work.TRIP, 1),
    ("employee2", it.FAULT, 2),
    ("head", work.SUPPLIES, 2),
    ("agent", people.DAY_OFF, 1),
    ("partner", work.OFF_ROUTE, 2),
)


def begin(cast: Cast, catalogue: Catalogue, now: datetime) -> Iterator[datetime]:
    """Type the first answers of some forms and leave them."""
    for place, (key, service, answers) in enumerate(BEGUN):
        case = next(case for case in CASES if case.service == service)
        begun = Case(service, dict(list(case.answers.items())[:answers]), "")
        version = catalogue.versions[service]
        typed = asking.typed(begun, form_of(version), Lots(f"draft {place}", now).particulars(), clock.now())
        save_draft(cast[key], version, new_token(), typed, Seen(0), clock.now())
        yield clock.now() + timedelta(hours=3)
