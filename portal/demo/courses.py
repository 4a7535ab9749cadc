"""The courses of the demo: topics, what is mandatory, sessions past and to come, one full with an offer to accept."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from portal.core import clock
from portal.demo.lives import Steps
from portal.demo.staff import ZONE, Cast
from portal.demo.words import both
from portal.training import actions, queries
from portal.training.models import Topic, TrainingSession

BEGUN, POSTED, ENROLLED, LAST = timedelta(days=120), timedelta(days=12), timedelta(days=9), timedelta(hours=3)

# key: name, what one learns, months of validity
TOPICS = {
    "forklift": ("Carretillas elevadoras | Forklift trucks", "Conducir, cargar y aparcar sin riesgo. | Driving, loading and parking without risk.", 24),
    "first_aid": ("Primeros auxilios | First aid", "Reanimación con desfibrilador, cortes y golpes. | Resuscitation, cuts and bruises.", 24),
    "loads": ("Manipulación manual de cargas | Manual handling", "Levantar y mover sin hacerse daño. | Lifting and moving without harm.", 12),
    "sheets": ("Hojas de cálculo sin sustos | Spreadsheets without scares", "Tablas, fórmulas y revisiones. | Tables, formulas and checks.", None),
    "claims": ("Atender una reclamación | Handling a claim", "Escuchar, anotar y cumplir. | Listening, noting and keeping one's word.", None),
    "fire": ("Emergencias y evacuación | Emergencies and evacuation", "Qué hacer y quién avisa. | What to do and who calls.", 12),
}  # fmt: skip


@dataclass(frozen=True)
class Course:
    """One session to come: topic, in how many days, hours, place, seats, and who is in it."""

    topic: str
    ahead: int
    hours: tuple[int, int]
    place: str
    seats: int
    people: tuple[str, ...] = ()
    online: bool = False
    approval: bool = False
    taught_by: str = ""


COMING = (
    Course("forklift", 7, (9, 13), "Zaragoza-PLAZA, nave 2", 12, ("jordi.serra", "miren.aranburu", "lorena.pardo")),
    Course("first_aid", 8, (9, 14), "Zaragoza-PLAZA, aula 1", 6, (), taught_by="Carme Roig, Cruz Roja"),
    Course("sheets", 9, (10, 12), "", 16, ("hugo.novoa", "irati.mendiola"), online=True),
    Course("loads", 13, (8, 10), "Barcelona-ZAL", 4, ("jordi.serra", "arnau.vila", "noa.iglesias", "lorena.pardo", "employee2")),
    Course("claims", 15, (16, 18), "Zaragoza-PLAZA, sala Ebro", 10, ("sara.otero", "joana.pires"), approval=True),
    Course("fire", 20, (12, 13), "Getafe, patio", 40, ("francisco.santamaria",)),
    Course("first_aid", 45, (9, 14), "Getafe, aula", 12),
    Course("sheets", 30, (10, 12), "", 16, online=True),
    Course("loads", 40, (8, 10), "Zaragoza-PLAZA, nave 1", 12),
)
WAITING = ("improver", "employee", "sara.otero", "delegate")
FULL = ("david.royo", "eneko.larrea", "xoan.ribadulla", "carme.sunyer", "gemma.rovira", "andres.lozano")
PAST = (("first_aid", 62, ("david.royo", "eneko.larrea", "employee", "employee2", "maite.ugarte", "agent")),
        ("fire", 33, ("employee", "delegate", "improver", "sara.otero", "adria.puigdomenech", "joana.pires")))  # fmt: skip


def live(cast: Cast, now: datetime) -> Steps:
    """Let the courses of the last months happen, post those to come, and leave one seat to be accepted."""
    topics = {key: _topic(row, cast) for key, row in TOPICS.items()}
    _require(topics, cast)
    done = [
        (_post(Course(key, -days, (9, 13), "Zaragoza-PLAZA, aula 1", 12, people), topics, cast, now), days)
        for key, days, people in PAST
    ]
    for session, days in done:
        yield now - timedelta(days=days - 1)
        _finish(session, cast)
    yield now - POSTED
    posted = [_post(course, topics, cast, now, people=False) for course in COMING]
    party = _party(cast, now)
    yield now - ENROLLED
    for session, course in zip(posted, COMING, strict=True):
        _enrol(session, course.people, cast)
    _enrol(posted[1], (*FULL, *WAITING), cast)
    _enrol(party, ("employee", "improver", "head", "head2", "jordi.serra", "editor", "agent"), cast)
    actions.need(topics["claims"], cast["employee2"], clock.now())
    yield now - LAST
    seat = next(each for each in queries.participants(posted[1].id) if each.person is cast["david.royo"])
    actions.leave(seat, clock.now())
    actions.decline(queries.queue(posted[1].id)[0], clock.now())


def _topic(row: tuple[str, str, int | None], cast: Cast) -> Topic:
    name, summary, months = row
    return actions.add_topic(both(name), both(summary), cast["trainer"], clock.now(), validity_months=months)


def _require(topics: dict[str, Topic], cast: Cast) -> None:
    trainer, today = cast["trainer"], clock.now().date()
    terms = {"forklift": "operaciones", "loads": "operaciones", "first_aid": "instalaciones", "fire": "atencion-al-cliente"}
    for key, department in terms.items():
        actions.require(topics[key], actions.Terms(department=cast.departments[department]), trainer, clock.now())
    old = {"jordi.serra": 590, "miren.aranburu": 400, "employee2": 580, "noa.iglesias": 700}
    for key, days in old.items():
        actions.enter(cast[key], topics["forklift"], today - timedelta(days=days), "Carné en papel", trainer, clock.now())
    leave = (today, today + timedelta(days=200))
    actions.exempt(cast["francisco.santamaria"], topics["forklift"], leave, "No conduce carretillas", trainer, clock.now())


def _post(course: Course, topics: dict[str, Topic], cast: Cast, now: datetime, *, people: bool = True) -> TrainingSession:
    day = clock.local(now, ZONE).date() + timedelta(days=course.ahead)
    day += timedelta(days=(7 - day.weekday()) if day.weekday() > 4 and course.ahead > 0 else 0)  # noqa: PLR2004 - Friday
    start, end = (datetime.combine(day, time(hour)) for hour in course.hours)
    topic = topics[course.topic]
    plan = actions.Plan(
        title=topic.name,
        dates=[actions.on(start, end, ZONE)],
        capacity=course.seats,
        topic=topic,
        description=topic.summary,
        place=course.place,
        site=course.place.partition(",")[0],
        link="https://reuniones.almenara.example/aula" if course.online else "",
        taught_by=course.taught_by,
        needs_approval=course.approval,
    )
    session = actions.publish(plan, cast["trainer"], clock.now())
    if people:
        _enrol(session, course.people, cast)
    return session


def _party(cast: Cast, now: datetime) -> TrainingSession:
    day = clock.local(now, ZONE).date() + timedelta(days=16)
    dates = [actions.on(datetime.combine(day, time(20, 30)), datetime.combine(day, time(23)), ZONE)]
    title = both("Cena de Navidad y torneo de futbolín | Christmas dinner and table football")
    plan = actions.Plan(title=title, dates=dates, capacity=60, kind="event", place="Getafe, comedor", site="Getafe")
    return actions.publish(plan, cast["trainer"], clock.now())


def _enrol(session: TrainingSession, keys: tuple[str, ...], cast: Cast) -> None:
    for key in keys:
        actions.enrol(session, cast[key], clock.now(), waits=True)


def _finish(session: TrainingSession, cast: Cast) -> None:
    """Mark who was there, all but the last, issue the certificates, and hear what they say."""
    trainer, rows = cast["trainer"], queries.participants(session.id)
    date = queries.dates_of(session.id)[0]
    marks = {(row.id, date.id): "absent" if row is rows[-1] else "present" for row in rows}
    actions.record(session, marks, trainer, clock.now())
    actions.issue(session, trainer, clock.now())
    said = ("Muy práctico.", "El aula se quedó pequeña.", "", "Repetiría.", "")
    for place, row in enumerate(rows[:-1]):
        actions.give_feedback(row, 5 - place % 2, said[place], clock.now())
