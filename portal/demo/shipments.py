"""The shipments of the demo, in all their states; two of them have codes that everybody may try (run.py prints them)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from portal.core import clock
from portal.demo.staff import ZONE, Cast
from portal.tracking import actions, queries
from portal.tracking.models import TrackedItem

WINDOW = "operaciones"
BEGUN = timedelta(days=20)
POSTCODE = "50001"


class Shipment(NamedTuple):
    """A reference; its way as "state hours-ago place"; days ahead that were promised, the later ones with their reasons."""

    reference: str
    way: tuple[str, ...]
    promised: tuple[tuple[int, str], ...] = ()
    contents: str = "Una caja, 4,2 kg"
    code: str = ""


SHIPMENTS = (
    Shipment(
        "2026-00412",
        ("received 74 Alcobendas", "accepted 70 Alcobendas", "in_progress 50 Getafe", "shipped 3 Getafe"),
        ((-1, ""), (1, "un camión salió de Getafe con 3 horas de retraso por una avería en los lectores")),
        "Dos lámparas de mesa, 6,1 kg",
        "7Q4MKA2XD9T",
    ),
    Shipment(
        "2026-00398",
        ("received 120 Alcobendas", "accepted 118 Alcobendas", "in_progress 90 Getafe", "shipped 60 Getafe", "out_for_delivery 30 Zaragoza", "completed 26 Zaragoza"),
        ((-1, ""),),
        "Un sillón, 18 kg",
        "K3N8V5T2RWE",
    ),
    Shipment("2026-00415", ("received 5 Alcobendas",), ((4, ""),)),
    Shipment("2026-00414", ("received 20 Alcobendas", "accepted 4 Alcobendas"), ((3, ""),)),
    Shipment("2026-00413", ("received 28 Leganés", "accepted 26 Leganés", "in_progress 6 Getafe"), ((2, ""),)),
    Shipment("2026-00411", ("accepted 60 Leganés", "in_progress 40 Getafe", "shipped 20 Getafe", "out_for_delivery 2 Valencia"), ((0, ""),)),
    Shipment("2026-00409", ("accepted 80 Leganés", "in_progress 70 Getafe", "shipped 50 Getafe", "ready_for_pickup 9 Sevilla"), ((0, ""),)),
    Shipment("2026-00405", ("accepted 96 Leganés", "in_progress 80 Getafe", "on_hold 30 Irún"), ((1, ""), (4, "la aduana revisa la carga"))),
    Shipment("2026-00401", ("accepted 110 Getafe", "in_progress 100 Getafe", "shipped 76 Getafe", "attempt_failed 5 Bilbao"), ((0, ""),)),
    Shipment("2026-00397", ("accepted 130 Getafe", "in_progress 120 Getafe", "shipped 90 Getafe"), ((-2, ""),)),
    Shipment("2026-00390", ("accepted 150 Getafe", "in_progress 140 Getafe", "shipped 120 Getafe", "exception 40 Lugo"), ((-1, ""),)),
    Shipment("2026-00385", ("accepted 200 Getafe", "shipped 180 Getafe", "completed 150 Murcia", "returned 70 Murcia"), ((-7, ""),)),
    Shipment("2026-00380", ("received 220 Getafe", "cancelled 210 Getafe"), ((-6, ""),)),
    Shipment("2026-00376", ("accepted 260 Getafe", "shipped 230 Getafe", "out_for_delivery 212 Cádiz", "completed 208 Cádiz", "shipped 209 Cádiz"), ((-9, ""),)),
    Shipment("2026-00371", ("accepted 300 Getafe", "shipped 280 Getafe", "ready_for_pickup 262 Vigo", "completed 240 Vigo"), ((-10, ""),)),
)  # fmt: skip


def live(cast: Cast, now: datetime) -> Iterator[datetime]:
    """Let every checkpoint be reported at its time, in the order in which they happened."""
    items = {one.reference: _register(one, cast) for one in SHIPMENTS}
    told = sorted((now - timedelta(hours=int(line.split()[1])), one.reference, line) for one in SHIPMENTS for line in one.way)
    for moment, reference, line in told:
        yield moment
        state, _hours, place = line.split(maxsplit=2)
        report = actions.Report(actions.State(state), moment, ZONE, place=place)
        actions.report(items[reference], queries.source("import"), report, None, clock.now())
    for one in SHIPMENTS:
        _promise(one, items[one.reference], now)


def _register(one: Shipment, cast: Cast) -> TrackedItem:
    new = actions.Registration(
        "shipment", one.reference, cast.departments[WINDOW], ZONE, POSTCODE, contents=one.contents,
        contact="Tienda de Alcobendas, 910 000 000",
    )  # fmt: skip
    return actions.register(new, cast.head_of(WINDOW), clock.now())


def _promise(one: Shipment, item: TrackedItem, now: datetime) -> None:
    """Promise days around today, and hand out the code."""
    begun = now - timedelta(hours=int(one.way[0].split()[1]))
    for number, (days, reason) in enumerate(one.promised):
        day = clock.local(now, ZONE).date() + timedelta(days=days)
        when = begun if number == 0 else now - timedelta(hours=2)
        actions.promise(item, actions.Promise(day, day), reason, queries.source("import"), None, when, now)
    actions.issue_code(item, None, now, code=one.code)
