"""Pages of sessions: posting, enrolling, and what htmx gets; with the header and without (training.md, page and fragments)."""

import pytest

from portal.core import clock as core_clock
from portal.core.db import db
from portal.training import actions, queries
from portal.training.models import EnrolmentState, TrainingSession
from tests.cast.people import Cast, sign_in, token_of
from tests.factories import training as make
from tests.performance.meter import statements
from tests.training.people import at, crowd, enrolled

FORM = {
    "kind": "training", "title": "", "tz": "Europe/Madrid", "dates-0-day": "2026-03-12", "dates-0-start": "09:00",
    "dates-0-end": "11:00", "place": "Aula 1", "capacity": "2", "cancel_hours": "24", "mode": "offer", "repeat": "1",
}  # fmt: skip


def htmx(target: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": target, "HX-Request-Type": "partial"}


def get(app, person, address, **headers):
    return sign_in(app.test_client(), person).get(address, headers=headers)


def post(app, who, address, status=303, headers=None, follow=False, **values):
    client = sign_in(app.test_client(), who)
    answer = client.post(address, data=token_of(client) | values, headers=headers or {})
    assert answer.status_code == status, answer.text
    return client.get(answer.headers["Location"], headers=headers or {}) if follow else answer


def state_of(person, session):
    db.session.rollback()
    place = queries.place_of(person, session.id, core_clock.now())
    return place.state if place else None


def full(cast, people=2, **values):
    """A session for one, with others who wait."""
    session = make.session(cast.trainer, 1, **values)
    rows = enrolled(session, crowd(cast, people), core_clock.now())
    db.session.commit()
    return session, rows


def test_a_trainer_posts_a_session_and_a_colleague_enrols(app, cast: Cast, clock):
    topic = make.topic(cast.trainer)
    answer = post(app, cast.trainer, "/training", topic=topic.public_id, **FORM)
    address = answer.headers["Location"]
    page = get(app, cast.employee, "/training").text
    assert "Primeros auxilios" in page
    assert address in page
    assert "Estás dentro" in post(app, cast.employee, f"{address}/enrolment", follow=True).text


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"dates-0-end": "08:00"}, "Termina antes de empezar"),
        ({"dates-0-start": ""}, "Di el día y las dos horas"),
        ({"topic": ""}, "Elige qué se aprende"),
        ({"capacity": "0"}, "capacity_error"),
        ({"dates-0-day": "2027-03-28", "dates-0-start": "02:30", "dates-0-end": "05:00"}, "01:59"),
        ({"dates-0-day": "2026-10-25", "dates-0-start": "02:30", "dates-0-end": "05:00"}, "horario de invierno"),
    ],
)
def test_CA3_CA5_what_is_not_right_comes_back_with_everything_typed(app, cast: Cast, clock, change, error):
    topic = make.topic(cast.trainer)
    answer = post(app, cast.trainer, "/training", 422, **(FORM | {"topic": topic.public_id} | change))
    assert error in answer.text
    assert "Aula 1" in answer.text


def test_CA3_the_button_takes_the_nearest_hour(app, cast: Cast, clock):
    topic = make.topic(cast.trainer)
    given = {"dates-0-day": "2027-03-28", "dates-0-start": "02:30", "dates-0-end": "05:00", "use": "0=03:00"}
    post(app, cast.trainer, "/training", **(FORM | {"topic": topic.public_id} | given))
    assert db.session.query(TrainingSession).one().first_starts_at == at("2027-03-28 03:00")


def test_a_series_is_as_many_sessions_in_wall_time(app, cast: Cast, clock):
    topic = make.topic(cast.trainer)
    post(app, cast.trainer, "/training", **(FORM | {"topic": topic.public_id, "repeat": "3"}))
    starts = [each.first_starts_at for each in db.session.query(TrainingSession).order_by(TrainingSession.id)]
    assert starts[2] == at("2026-03-26 09:00")
    copy = f"/training/new?copy={db.session.query(TrainingSession).first().public_id}"
    assert 'value="Aula 1"' in get(app, cast.trainer, copy).text
    assert get(app, cast.employee, "/training/new").status_code == 403


def test_who_a_session_is_not_for_finds_nothing(app, cast: Cast, clock):
    session = make.session(cast.trainer, 2, departments=[cast.finance])
    db.session.commit()
    for person, status in ((cast.employee2, 200), (cast.employee, 404), (cast.partner, 404), (cast.auditor, 200)):
        assert get(app, person, f"/training/{session.public_id}").status_code == status
    post(app, cast.employee, f"/training/{session.public_id}/enrolment", 404)
    post(app, cast.auditor, f"/training/{session.public_id}/enrolment", 403)


def test_TR3_a_lost_race_answers_409_with_the_place_and_the_button(app, cast: Cast, clock):
    session, _rows = full(cast)
    address = f"/training/{session.public_id}/enrolment"
    answer = post(app, cast.employee, address, 409)
    assert "serías la 2.ª" in answer.text
    assert "Ponerme en espera" in answer.text
    row = post(app, cast.employee, address, 409, headers=htmx(f"li#session_{session.public_id}")).text
    assert row.startswith("<li")
    assert "Ponerme en espera" in row
    assert "puesto 2" in post(app, cast.employee, address, follow=True, waits="yes").text


@pytest.mark.parametrize("target", ["", "div#my_enrolment", "li#session_"])
def test_enrolling_with_and_without_htmx(app, cast: Cast, clock, target):
    session = make.session(cast.trainer, 2)
    db.session.commit()
    headers = htmx(target + (session.public_id if target.startswith("li") else "")) if target else None
    seen = post(app, cast.employee, f"/training/{session.public_id}/enrolment", headers=headers, follow=True).text
    assert ("<html" in seen) is (not target)
    assert "Estás dentro" in seen
    assert ('hx-target="#seats"' in seen) is (target == "div#my_enrolment" or not target)
    assert state_of(cast.employee, session) == EnrolmentState.CONFIRMED


@pytest.mark.parametrize("verb", ["acceptance", "refusal", "withdrawal"])
@pytest.mark.parametrize("by_htmx", [False, True])
def test_answering_an_offer_with_and_without_htmx(app, cast: Cast, clock, verb, by_htmx):
    session = make.session(cast.trainer, 1)
    rows = enrolled(session, [cast.colleague, cast.employee], core_clock.now())
    actions.leave(rows[0], core_clock.now())
    db.session.commit()
    assert "Te la guardamos hasta" in get(app, cast.employee, f"/training/{session.public_id}").text
    headers = htmx("div#my_enrolment") if by_htmx else None
    seen = post(app, cast.employee, f"/training/{session.public_id}/{verb}", headers=headers, follow=True).text
    assert ("<html" in seen) is not by_htmx
    expected = {"acceptance": "confirmed", "refusal": "declined", "withdrawal": "cancelled"}
    assert state_of(cast.employee, session) == expected[verb]


def test_TR12_who_waits_is_no_participant(app, cast: Cast, clock):
    session, rows = full(cast, 3)
    page = get(app, cast.trainer, f"/training/{session.public_id}").text
    assert [row.person.name for row in queries.participants(session.id)] == [rows[0].person.name]
    assert page.index("Quién va") < page.index(rows[0].person.name) < page.index("Quién espera") < page.index(rows[1].person.name)
    assert rows[0].person.name not in get(app, cast.employee, f"/training/{session.public_id}").text
    assert "puesto 1" in get(app, rows[1].person, "/training?show=mine").text


def test_the_seats_ask_again_and_hear_nothing_while_nothing_changes(app, cast: Cast, clock):
    session, _rows = full(cast)
    address = f"/training/{session.public_id}"
    page = get(app, cast.employee, address).text
    seen = page.partition(f"{address}?seen=")[2][:16]
    assert get(app, cast.employee, f"{address}?seen={seen}", **htmx("section#seats")).status_code == 204
    post(app, cast.employee, f"{address}/enrolment", waits="yes")
    again = get(app, cast.employee, f"{address}?seen={seen}", **htmx("section#seats"))
    assert again.status_code == 200
    assert "2 personas en espera" in again.text


@pytest.mark.parametrize("by_htmx", [False, True])
def test_filters_with_and_without_htmx(app, cast: Cast, clock, by_htmx):
    far, near = (
        full(cast, 5, title={"es": "Llena"})[0],
        make.session(cast.trainer, 3, title={"es": "Libre"}, link="https://x.example"),
    )
    db.session.commit()
    headers = htmx("div#session_list") if by_htmx else {}
    for query, there in (("free=1", (near,)), ("online=1", (near,)), ("", (far, near))):
        seen = get(app, cast.employee, f"/training?{query}", **headers).text
        assert ("<html" in seen) is not by_htmx
        assert [each in there for each in (far, near)] == [each.public_id in seen for each in (far, near)]
    assert get(app, cast.employee, "/training?free=2").status_code == 400


def test_TR11_the_page_shows_more_than_there_are(app, cast: Cast, clock):
    session, _rows = full(cast, 1)
    address = f"/training/{session.public_id}/participants"
    post(app, cast.trainer, address, 409, person=cast.employee.email)
    assert "2 de 1" in post(app, cast.trainer, address, follow=True, person=cast.employee.email, reason="Prevención").text
    post(app, cast.employee, address, 403, person=cast.colleague.email)
    event = make.session(cast.trainer, 3, kind="event")
    db.session.commit()
    post(app, cast.trainer, f"/training/{event.public_id}/participants", 403, person=cast.employee.email)


def test_a_trainer_moves_drops_changes_and_cancels(app, cast: Cast, clock):
    session = make.session(cast.trainer, 2, "2026-03-12 09:00", "2026-03-13 09:00")
    enrolled(session, [cast.employee], core_clock.now())
    db.session.commit()
    address = f"/training/{session.public_id}"
    first, second = (date.public_id for date in queries.dates_of(session.id))
    gap = {f"{first}-day": "2027-03-28", f"{first}-start": "02:30", f"{first}-end": "05:00"}
    assert "01:59" in post(app, cast.trainer, f"{address}/dates/{first}", 422, **gap).text
    moved = {f"{first}-day": "2026-03-19", f"{first}-start": "09:00", f"{first}-end": "11:00"}
    post(app, cast.trainer, f"{address}/dates/{first}", **moved)
    assert "¿Sigues viniendo?" in get(app, cast.employee, address).text
    post(app, cast.employee, f"{address}/reconfirmation")
    post(app, cast.trainer, f"{address}/dates/{second}/cancellation", reason="Festivo")
    texts = {"revision": "1", "title": "Otra", "capacity": "5"}
    assert "Otra persona ha cambiado" in post(app, cast.trainer, address, 409, **texts).text
    post(app, cast.trainer, f"{address}/cancellation", reason="Sin sala")
    assert "Sin sala" in get(app, cast.employee, address).text
    for path in ("edit", f"dates/{first}", "cancellation"):
        method = get if path == "edit" else post
        answer = method(app, cast.employee, f"{address}/{path}", *([] if path == "edit" else [403]))
        assert answer.status_code == 403


def test_the_list_is_read_with_few_statements_however_long(app, cast: Cast, clock):
    topic = make.topic(cast.trainer)
    for number in range(30):
        make.session(cast.trainer, 3, f"2026-04-{number % 28 + 1:02} 09:00", of=topic)
    db.session.commit()
    client = sign_in(app.test_client(), cast.employee)
    with statements(db.engine) as read:
        page = client.get("/training").text
    assert len(read) <= 12, read
    assert page.count('class="training-row"') == 25
    assert "cursor=" in page


@pytest.mark.parametrize("who", ["employee", "trainer"])
def test_the_page_of_a_session_is_read_with_few_statements(app, cast: Cast, clock, who):
    session, _rows = full(cast, 6)
    actions.require(session.topic, actions.Terms(department=cast.customer_care), cast.trainer, core_clock.now())
    make.session(cast.trainer, 2, "2026-03-20 09:00", of=session.topic)
    db.session.commit()
    client = sign_in(app.test_client(), getattr(cast, who))
    address = f"/training/{session.public_id}"
    client.get(address)
    with statements(db.engine) as read:
        assert client.get(address).status_code == 200
    assert len(read) <= 12, [one.text[:80] for one in read]


def test_PE_row_23_who_sees_a_session_of_others_enrols_only_if_it_is_for_them(app, cast: Cast, clock):
    session = make.session(cast.trainer, 3, departments=[cast.customer_care])
    here = make.session(cast.trainer, 3, "2026-03-19 09:00", departments=[cast.customer_care])
    actions.add_by_hand(here, cast.admin, "", cast.trainer, core_clock.now())
    row = actions.enrol(session, cast.employee, core_clock.now())
    actions.leave(row, core_clock.now())
    cast.employee.department = cast.finance
    db.session.commit()
    address = f"/training/{session.public_id}"
    for person in (cast.admin, cast.trainer, cast.employee):
        assert f"{address}/enrolment" not in get(app, person, address).text
        assert "es para otras personas" in post(app, person, f"{address}/enrolment", 403).text
        assert state_of(person, session) in (None, EnrolmentState.CANCELLED)
    post(app, cast.colleague, f"{address}/enrolment")
    assert state_of(cast.colleague, session) == EnrolmentState.CONFIRMED
    assert f"/training/{here.public_id}/withdrawal" in get(app, cast.admin, f"/training/{here.public_id}").text
    post(app, cast.admin, f"/training/{here.public_id}/enrolment")
