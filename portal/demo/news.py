"""The announcements of the last months: some confirmed by part of the people, one corrected, pinned, over or still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.announcements import actions, queries
from portal.announcements.models import Announcement
from portal.core import clock
from portal.core.db import db
from portal.demo.company import GETAFE
from portal.demo.lives import Steps
from portal.demo.staff import ZONE, Cast
from portal.demo.words import both
from portal.people.models import Person

EDITOR, HOUR, DAY = "editor", timedelta(hours=1), timedelta(days=1)
READ_AFTER = 10  # days; what is older has been opened by everybody


@dataclass(frozen=True)
class News:
    """One announcement: how many days ago, from whom, to whom, and of those how many tenths have confirmed it."""

    ago: float
    window: str
    to: tuple[str, ...]
    title: str
    text: str
    level: str = "info"
    kind: str = "news"
    access: str = "open"
    due: int | None = None
    last: int | None = None
    tenths: int = 0


ALL = ("employees",)
NEWS = (
    News(
        62, "direccion", ALL, "Cerramos la campaña de otoño con récord | We close the autumn season with a record",
        "Gracias a todo el mundo: el **98,4 %** de los envíos llegó en su fecha.\n\nEl informe completo está en Dirección."
        " | Thank you all: **98.4 %** of the shipments arrived on their date.\n\nThe whole report is with the management.",
    ),
    News(
        41, "instalaciones", (f"site:{GETAFE}",), "Obras en el aparcamiento de Getafe | Works in the car park of Getafe",
        "La planta −1 cierra durante las obras. Usa la entrada de la calle de atrás."
        " | Level −1 is closed during the works. Use the entrance at the back.",
        level="important", last=-20,
    ),
    News(
        33, "recursos-humanos", ALL, "Así queda el calendario laboral del año que viene | Next year's working calendar",
        "Está acordado con el comité. Los días de libre disposición se piden en la ventanilla 2."
        " | It is agreed with the works council. Days of free choice are requested at window 2.",
    ),
    News(
        26, "atencion-al-cliente", ALL, "«Me llamasteis antes de que yo llamara» | “You called me before I called you”",
        "Una clienta de Vigo nos escribe:\n\n> Vi el retraso y, antes de enfadarme, ya sabía el nuevo día.\n\nLa llamó Joana Pires."
        " | A customer from Vigo writes:\n\n> I saw the delay and, before I got angry, I knew the new day.\n\nJoana Pires called her.",
        kind="story",
    ),
    News(
        19, "informatica", ALL, "Verificación en dos pasos desde el día 1 | Two-step verification from the 1st",
        "## Qué cambia para ti\n\n- Al entrar se te pedirá un segundo código.\n- Tienes dos semanas para activarlo en *Mi cuenta*."
        " | ## What changes for you\n\n- You will be asked for a second code when you sign in.\n- You have two weeks to turn it on in *My account*.",
        level="to_confirm", due=-8, tenths=9,
    ),
    News(
        12, "recursos-humanos", ("role:head",), "Ajuste de la plantilla de Getafe | Staffing in Getafe",
        "Solo para quienes dirigen un departamento. El borrador se comenta el lunes; **no lo reenvíes**."
        " | For heads of department only. The draft is discussed on Monday; **do not forward it**.",
        level="important", access="confidential",
    ),
    News(
        9, "recursos-humanos", ALL, "Buscamos responsable de turno en la ZAL | We look for a shift lead at the ZAL",
        "Turno de tarde, con formación incluida. Manda tu candidatura por la ventanilla 2."
        " | Late shift, training included. Apply at window 2.",
        kind="vacancy", last=12,
    ),
    News(
        6, "instalaciones", ALL, "Simulacro de evacuación en todas las sedes | Evacuation drill at all sites",
        "## Qué tienes que hacer\n\n1. Mira dónde está tu punto de encuentro.\n2. Deja lo que estés haciendo cuando suene.\n3. No uses el ascensor."
        " | ## What you have to do\n\n1. See where your meeting point is.\n2. Leave what you are doing when it rings.\n3. Do not use the lift.",
        level="to_confirm", due=3, tenths=7,
    ),
    News(
        4, "operaciones", ("department:operaciones", "department:atencion-al-cliente"),
        "Nuevos turnos de Navidad en Getafe | New Christmas shifts in Getafe",
        "Del 9 de diciembre al 5 de enero, Getafe trabaja en tres turnos y la línea de clientes abre una hora antes.\n\n"
        "## Qué cambia para ti\n\n- La línea 4 atiende de **7:00 a 21:00**, en lugar de 8:00 a 20:00.\n"
        "- Los cambios de turno se piden en la ventanilla 3.\n- Nadie hace más de cinco noches seguidas."
        " | From 9 December to 5 January, Getafe works in three shifts and the customer line opens an hour earlier.\n\n"
        "## What changes for you\n\n- Line 4 answers from **7:00 to 21:00** instead of 8:00 to 20:00.\n"
        "- Changes of shift are requested at window 3.\n- Nobody works more than five nights in a row.",
        level="to_confirm", due=2, tenths=6,
    ),
    News(
        2, "recepcion", ("department:direccion", "partners"), "Visitas: avísanos el día antes | Visitors: tell us the day before",
        "Con el nombre y la hora, la tarjeta está hecha cuando llegan. | With name and time, the card is ready when they arrive.",
    ),
    News(
        2, "informatica", ALL, "El sábado por la noche no habrá rastreo | No tracking on Saturday night",
        "De 22:00 a 23:30 cambiamos el servidor. La página de estado lo dice a los clientes."
        " | From 22:00 to 23:30 we replace the server. The status page tells customers.",
        level="important", last=9,
    ),
)  # fmt: skip
COMING = News(
    0, "compras", ALL, "Cierre de compras de fin de año | Year-end purchasing deadline",
    "Lo que tenga que llegar antes del 31 se pide como tarde el día 15. | What must arrive before the 31st is ordered by the 15th.",
)  # fmt: skip
CORRECTED = NEWS[8]
PINNED = NEWS[7]
NEW_TEXT = CORRECTED.text.replace("- Nadie", "- El turno de noche empieza a las **22:00**.\n- Nadie").replace(
    "- Nobody", "- The night shift begins at **22:00**.\n- Nobody"
)


def live(news: News, cast: Cast, now: datetime) -> Steps:
    """Publish, let people confirm in the days after, correct one and pin one."""
    made = _publish(news, cast, clock.now(), now)
    actions.deliver(made, clock.now())
    people = _people(made)
    if news is CORRECTED:
        yield now - 2 * DAY
        _confirm(made, people[:4])
        yield now - DAY - HOUR
        note = both("El turno de noche empieza a las 22:00, no a las 21:30. | The night shift begins at 22:00, not at 21:30.")
        actions.correct(made, _words(news.title, NEW_TEXT), True, note, (1, 0), cast[EDITOR], clock.now())
        actions.deliver(made, clock.now())
    if news is PINNED:
        actions.pin(made, "", (now + 3 * DAY).date(), cast[EDITOR], clock.now())
    if news.ago > READ_AFTER:
        yield clock.now() + DAY
        for person in people:
            actions.note_reading(made.id, person.id, made.version, clock.now())
    if news.tenths:
        yield now - (HOUR if news is CORRECTED else DAY)
        _confirm(made, people[: len(people) * news.tenths // 10])


def all_news(cast: Cast, now: datetime) -> Sequence[tuple[datetime, Steps]]:
    """Return when each begins, and what happens then; the last one is scheduled for tomorrow."""
    past = [(now - timedelta(days=news.ago), live(news, cast, now)) for news in NEWS]
    return [*past, (now - HOUR, _schedule(cast, now))]


def _schedule(cast: Cast, now: datetime) -> Steps:
    _publish(COMING, cast, now + DAY, now)
    yield from ()


def _publish(news: News, cast: Cast, at: datetime, now: datetime) -> Announcement:
    wanted = actions.Composition(
        words=_words(news.title, news.text),
        department=cast.departments[news.window],
        groups=[_group(key, cast) for key in news.to],
        wall=clock.local(at, ZONE).replace(tzinfo=None),
        publish_at=at,
        zone=ZONE,
        kind=news.kind,
        level=news.level,
        access=news.access,
        due_on=(now + news.due * DAY).date() if news.due is not None else None,
        expire_on=(now + news.last * DAY).date() if news.last is not None else None,
    )
    return actions.publish(wanted, cast[EDITOR], clock.now())


def _words(title: str, text: str) -> actions.Words:
    return actions.Words(both(title), both(text))


def _group(key: str, cast: Cast) -> actions.Group:
    kind, _colon, name = key.partition(":")
    if kind == "department":
        department = cast.departments[name]
        return actions.Group(kind, department.slug, department.id, department.name)
    return actions.Group(kind, name)


def _people(made: Announcement) -> Sequence[Person]:
    """Return those to whom it is addressed, the employee of the sign-in page last: something waits for her."""
    found = db.session.scalars(queries.people_of(made, clock.now()).order_by(Person.sort_name))
    return sorted(found, key=lambda person: person.email.startswith("employee@"))


def _confirm(made: Announcement, people: Sequence[Person]) -> None:
    for person in people:
        actions.confirm(made, made.version, person, clock.now())
