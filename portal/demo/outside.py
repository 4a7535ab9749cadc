"""The public window of the demo: what customers use, two incidents of the past, one of today, one window that is planned."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.core import clock
from portal.demo import staff
from portal.demo.lives import Steps
from portal.demo.staff import Cast
from portal.demo.words import both
from portal.people.models import Person
from portal.status.actions import components, incidents, maintenance, templates
from portal.status.models import Component, ComponentGroup, Incident

BEGUN, DISK, SHOPS, NETWORK, SLOW = (timedelta(days=days) for days in (200, 12, 33, 47, 70))
TODAY = timedelta(minutes=95)
# group, key, name, description, who sees it
COMPONENTS = (
    ("Clientes | Customers", "web", "Web y área de clientes | Website and customer area", "", "public"),
    ("Clientes | Customers", "tracking", "Rastreo de envíos | Shipment tracking", "Dónde está cada envío y cuándo llega. | Where each shipment is and when it arrives.", "public"),
    ("Clientes | Customers", "phone", "Atención telefónica | Telephone support", "", "public"),
    ("Tiendas y empresas | Shops and companies", "api", "API para tiendas | API for shops", "", "public"),
    ("Tiendas y empresas | Shops and companies", "pickup", "Recogidas | Collections", "", "public"),
    ("Tiendas y empresas | Shops and companies", "invoices", "Facturas en línea | Online invoices", "", "public"),
    ("", "warehouse", "Almacén de Getafe | Getafe warehouse", "", "public"),
    ("", "scanners", "Lectores de mano | Handheld scanners", "Lo que usa el almacén; fuera no se ve. | What the warehouse uses; nobody outside sees it.", "internal"),
)  # fmt: skip
PREPARED = (
    ("Las líneas telefónicas fallan | The telephone lines fail", "No recibimos llamadas. Escríbenos mientras tanto a ayuda@demo.example. | We get no calls. Meanwhile, write to us at ayuda@demo.example."),
    ("Retrasos por el tiempo | Delays by the weather", "Hay carreteras cortadas. Los envíos salen en cuanto se abren. | Some roads are closed. Shipments leave as soon as they open."),
)  # fmt: skip


def live(cast: Cast, now: datetime) -> Steps:
    """Let it all happen."""
    editor = cast["editor"]
    made = _add_components(editor)
    for name, body in PREPARED:
        templates.keep(both(name), both(body), editor, clock.now())
    yield now - SLOW
    slow = _open(editor, "El rastreo va lento | Tracking is slow", "Tarda en cargar. | It takes long to load.", {made["tracking"]: "degraded_performance"})  # fmt: skip
    yield now - SLOW + timedelta(minutes=15)
    _end(slow, editor, "Ya va bien. | It is fine again.")
    yield now - NETWORK - timedelta(days=5)
    night = _night(now - NETWORK, 3)
    _plan(editor, "Cambio de red | New network", "La web y la API se pararán unos minutos. | Website and API stop for some minutes.", night, 90, [made["tracking"], made["api"]])  # fmt: skip
    yield now - SHOPS
    shops = _open(editor, "Cortes en la API para tiendas | API for shops fails", "Algunas tiendas no pueden enviar pedidos. | Some shops cannot send orders.", {made["api"]: "partial_outage"})  # fmt: skip
    yield now - SHOPS + timedelta(minutes=18)
    _end(shops, editor, "Funciona otra vez. Se perdieron 0 pedidos. | It works again. 0 orders were lost.")
    yield now - DISK
    disk = _open(editor, "Rastreo sin conexión | Tracking is away", "No se puede ver dónde está un envío. | Nobody can see where a shipment is.", {made["tracking"]: "major_outage"})  # fmt: skip
    yield now - DISK + timedelta(minutes=20)
    _tell(disk, editor, "identified", "Falló un disco. Ponemos el de reserva. | A disk failed. We put in the spare one.")
    yield now - DISK + timedelta(minutes=42)
    _end(disk, editor, "Funciona otra vez. | It works again.")
    yield now - DISK + timedelta(days=2)
    _tell(disk, editor, "postmortem", "Falló un disco. Desde entonces hay otro de reserva ya conectado. | A disk failed. Since then a spare one is connected.")  # fmt: skip
    yield now - timedelta(days=2)
    _plan(editor, "Cambio de servidores del rastreo | New servers for tracking", "Podrás seguir tus envíos con datos de las 22:00. Las entregas no cambian. | You can follow your shipments with the data of 22:00. Deliveries do not change.", _night(now + timedelta(days=2), 22), 90, [made["tracking"]])  # fmt: skip
    yield now - TODAY
    late = _open(editor, "El rastreo tarda en actualizarse | Tracking is late", "Hemos visto envíos sin movimiento desde primera hora. | Since early morning, some shipments do not seem to move.", {made["tracking"]: "degraded_performance", made["scanners"]: "partial_outage"})  # fmt: skip
    incidents.note(late, "El proveedor de los lectores está avisado: caso 88-1207.", editor, clock.now())
    yield now - timedelta(minutes=12)
    _tell(late, editor, "identified", "Los lectores de Getafe no envían lecturas. Las recuperamos por lotes; los envíos se mueven con normalidad. | The scanners of Getafe send nothing. We fetch their readings in batches; shipments move as usual.", timedelta(hours=1))  # fmt: skip


def _add_components(editor: Person) -> Mapping[str, Component]:
    now, groups, made = clock.now(), dict[str, ComponentGroup](), dict[str, Component]()
    for group, key, name, description, visibility in COMPONENTS:
        if group and group not in groups:
            groups[group] = components.add_group(both(group), editor, now)
        content = components.Content(
            name=both(name),
            start_date=now.date(),
            description=both(description) if description else {},
            group=groups.get(group),
            visibility=visibility,
        )
        made[key] = components.add(content, editor, now)
    return made


def _night(at: datetime, hour: int) -> datetime:
    return at.astimezone(ZoneInfo(staff.ZONE)).replace(hour=hour, minute=0, second=0)


def _open(editor: Person, name: str, body: str, impacts: Mapping[Component, str]) -> Incident:
    now = clock.now()
    words = incidents.Words(both(body), impacts={one.id: status for one, status in impacts.items()})
    return incidents.open_incident(incidents.Opening(both(name), "es", now - timedelta(minutes=5), words), editor, now)


def _tell(one: Incident, editor: Person, state: str, body: str, more: timedelta | None = None) -> None:
    now = clock.now()
    incidents.tell(one, incidents.Words(both(body), state, next_due_at=now + more if more else None), editor, now)


def _end(one: Incident, editor: Person, body: str) -> None:
    _tell(one, editor, "resolved", body)


def _plan(editor: Person, name: str, body: str, start: datetime, minutes: int, touched: list[Component]) -> None:
    when = maintenance.When(start, start + timedelta(minutes=minutes), staff.ZONE)
    declared = {one.id: "under_maintenance" for one in touched}
    maintenance.announce(maintenance.Plan(both(name), "es", both(body), when, declared), editor, clock.now())
