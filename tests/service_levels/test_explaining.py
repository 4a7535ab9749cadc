"""The card "Why this date" in both languages, and the promise before sending. Identifiers are edge cases of the rule book."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask, render_template

from portal.core.db import db
from portal.core.language import speaking_to
from portal.people.models import Department
from portal.service_levels import actions, queries
from portal.service_levels.models import Calendar, DepartmentCalendar
from portal.service_levels.queries import About, Explanation, Facts, Run, Stage, Target
from portal.service_levels.reckoning import lines_of_segments
from portal.service_levels.ruler import _fold
from portal.service_levels.timing import segments_until_due
from tests.cast.people import Cast
from tests.things import KIND

from .cases import C9, C24, Hours
from .test_timing import at

P3, P4 = Facts(None, priority="P3"), Facts(None, priority="P4")  # 8 h, 5 working days
Card = Callable[..., Explanation]


@pytest.fixture
def about(thing: Department) -> About:
    return About(KIND, thing.id)


@pytest.fixture
def card(about: About) -> Card:
    def explain(now: str, language: str = "es", zone: str = "Europe/Madrid", **more: Any) -> Explanation:
        reading = queries.clock_of(about)
        assert reading is not None
        with time_machine.travel(at(now), tick=False), speaking_to(language, zone):
            return queries.explain(reading, at(now), **more)

    return explain


def start(about: About, when: str, facts: Facts = P3) -> None:
    actions.start(about, ("fulfilment",), facts, at(when), at(when))


def plain(pairs: Any) -> list[tuple[str, str]]:
    return [tuple(text.replace("\N{NO-BREAK SPACE}", " ") for text in pair) for pair in pairs]


def test_hours_are_explained_from_the_segments(about: About, card: Card) -> None:
    start(about, "fri 16:00")
    found = card("fri 17:00")
    assert (found.caption, found.date, found.time) == ("Prometido para el", "lunes 9 de marzo", "antes de las 15:00")
    assert (found.verdict, found.left.replace("\N{NO-BREAK SPACE}", " "), found.late) == ("Vamos bien", "quedan 7 h", False)
    assert plain(found.rows) == [
        ("Lo prometido", "8 h"),
        ("vie 6 mar, 16:00–18:00", "cuentan 2 h"),
        ("sáb 7 mar y dom 8 mar: cerrado", "no cuentan"),
        ("lun 9 mar, 09:00–15:00", "cuentan 6 h"),
    ]
    assert found.total == ("Fecha prometida", "lun 9 mar, 15:00")
    ruler = [
        (day["kind"], day["day"], day["number"], day["mark"].replace("\N{NO-BREAK SPACE}", " "), day["word"])
        for day in found.days
    ]
    assert ruler == [
        ("today", "vie", 6, "2 h", "hoy"),
        ("off", "sáb", 7, "", "no cuenta"),
        ("off", "dom", 8, "", "no cuenta"),
        ("due", "lun", 9, "6 h", "prometida"),
    ]


def test_the_same_in_english(about: About, card: Card) -> None:
    start(about, "fri 16:00")
    found = card("fri 17:00", "en")
    assert (found.caption, found.date, found.time, found.verdict) == ("Promised for", "Monday 9 March", "by 15:00", "On course")
    assert [line.replace("\N{NO-BREAK SPACE}", " ") for line in found.lines] == [
        "Fri Mar 6, 16:00–18:00: 2 h count.",
        "Sat Mar 7 and Sun Mar 8: closed: are not counted.",
        "Mon Mar 9, 09:00–15:00: 6 h count.",
        "Promised date: Mon Mar 9, 15:00.",
    ]


def test_days_are_numbered_and_a_pause_bears_its_reason(about: About, card: Card, cast: Cast) -> None:
    """SL49 in words."""
    start(about, "mon 10:00", P4)
    actions.pause(about, "waiting_for_requester", at("tue 09:00"), at("tue 09:00"), cast.agent)
    actions.resume(about, at("wed 18:00"), at("wed 18:00"), cast.agent)
    found = card("thu 10:00")
    assert found.total == ("Fecha prometida", "mié 18 mar, 18:00")
    assert plain(found.rows)[1:4] == [
        ("lun 9 mar", "el día en que empieza no cuenta"),
        ("mar 10 mar y mié 11 mar: espera respuesta", "no cuentan"),
        ("jue 12 mar y vie 13 mar", "2 días"),
    ]
    assert [(day["kind"], day["mark"]) for day in found.days] == [
        ("wait", "·"),
        ("pause", "‖"),
        ("pause", "‖"),
        ("today", "1"),
        ("count", "2"),
        ("off", ""),
        ("off", ""),
        ("count", "3"),
        ("count", "4"),
        ("due", "5"),
    ]


def test_SL35_paused_says_what_is_left_and_no_date(about: About, card: Card, cast: Cast) -> None:
    start(about, "mon 09:00")
    actions.pause(about, "waiting_for_requester", at("mon 15:00"), at("mon 15:00"), cast.agent, note="for us only")
    found = card("wed 10:00")
    assert (found.caption, found.date, found.waits) == ("El reloj está parado", "Espera respuesta", True)
    assert (found.verdict.replace("\N{NO-BREAK SPACE}", " "), found.left) == ("quedan 2 h", "desde que siga")
    assert found.notes == ["Mientras espera no hay fecha: este tiempo no se cuenta."]
    assert found.total is None
    assert "for us only" not in repr(found)


def test_SL28_SL55_a_late_promise_keeps_its_date_and_shows_the_new_one(about: About, card: Card, cast: Cast) -> None:
    start(about, "fri 09:00")
    late = card("mon 10:00")
    assert (late.verdict, late.late, late.date) == ("Fuera de plazo", True, "viernes 6 de marzo")
    assert late.left.replace("\N{NO-BREAK SPACE}", " ") == "2 h de horario abierto, 65 h de reloj"
    expected = actions.expect(about, at("wed 18:00"), "Falta una pieza", cast.agent, at("mon 10:00"))
    found = card("mon 10:00", expected=expected)
    assert found.caption == "Estaba prometido para el viernes 6 de marzo. Ahora se espera para el"
    assert (found.date, found.time) == ("miércoles 11 de marzo", "antes de las 18:00")
    assert found.notes == ["Ahora se espera para el mié 11 mar, 18:00: Falta una pieza"]


def test_SL19_both_zones_are_shown_where_they_differ(about: About, card: Card, cast: Cast) -> None:
    now = at("mon 08:30")
    own = Calendar(name="Vladivostok", zone="Asia/Vladivostok", hours=C9, created_at=now, updated_at=now)
    db.session.add(own)
    db.session.flush()
    db.session.add(DepartmentCalendar(department_id=cast.it.id, calendar_id=own.id))
    actions.start(about, ("fulfilment",), Facts(cast.it.id, priority="P1"), now, now)
    found = card("mon 12:00")
    assert (found.date, found.time) == ("martes 10 de marzo", "antes de las 01:30 (Madrid) · 10:30 (Vladivostok)")
    assert found.total == ("Fecha prometida", "mar 10 mar, 01:30 Madrid = 10:30 Vladivostok")


def test_holidays_are_named_in_the_readers_language(about: About, card: Card, cast: Cast) -> None:
    """SL1."""
    now, day = at("fri 17:50"), "2026-03-09"
    holiday = {"from": day, "until": day, "yearly": False, "hours": {}, "label": {"es": "Fiesta local", "en": "Local holiday"}}
    own = Calendar(name="Own", zone="Europe/Madrid", hours=C9, exceptions=[holiday], created_at=now, updated_at=now)
    db.session.add(own)
    db.session.flush()
    db.session.add(DepartmentCalendar(department_id=cast.it.id, calendar_id=own.id))
    actions.start(about, ("fulfilment",), Facts(cast.it.id, priority="P2"), now, now)
    found = card("fri 17:55")
    assert found.total == ("Fecha prometida", "mar 10 mar, 12:50")
    assert plain(found.rows)[2:4] == [("sáb 7 mar y dom 8 mar: cerrado", "no cuentan"), ("lun 9 mar: Fiesta local", "no cuenta")]
    assert card("fri 17:55", "en").days[3]["word"] == "Local holiday"


def test_SL24_SL31_nothing_promised_says_so(about: About, card: Card) -> None:
    for level in queries.try_levels(P3):
        level.level.active = False
    start(about, "mon 09:00")
    assert card("mon 10:00").notes == ["Para esto no hay nada prometido."]


def test_a_long_ruler_is_folded_around_today(about: About, card: Card) -> None:
    start(about, "mon 10:00", Facts(None, priority="P5"))  # 10 working days
    found = card("2026-03-16 12:00")
    assert len(found.days) <= 12
    assert [day["word"] for day in found.days if day["number"] == "…"] == ["3 días más", "2 días más"]
    assert [day["word"] for day in found.days if day["kind"] == "today"] == ["hoy"]


clocks = [
    ("mon 10:00", "quedan 7 h", "ok"),
    ("mon 15:30", "quedan 1 h 30 min", "warn"),
    ("mon 17:06", "tarde, 6 min", "bad"),
    ("tue 18:00", "tarde, 10 h", "bad"),
]


@pytest.mark.parametrize(("now", "text", "kind"), clocks)
def test_clocks_of_lists_say_it_in_words(about: About, now: str, text: str, kind: str) -> None:
    start(about, "mon 09:00")
    reading = queries.clock_of(about)
    assert reading is not None
    found = queries.clock_words(reading, at(now))
    assert (found.text.replace("\N{NO-BREAK SPACE}", " "), found.kind) == (text, kind)


def promise(now: str, stages: list[Stage], facts: Facts = P4, language: str = "es") -> queries.Promise:
    with time_machine.travel(at(now), tick=False), speaking_to(language, "Europe/Madrid"):
        return queries.promise_for(facts, at(now), stages)


def test_the_promise_before_sending_counts_approvals_first(app: Flask) -> None:
    found = promise("fri 17:00", [Stage("Marta Soler", None, [(at("mon 09:00"), at("mon 14:00"))] * 5)])
    assert (found.caption, found.date, found.time) == (
        "Si la envías ahora, la tienes el",
        "lunes 16 de marzo",
        "antes de las 18:00",
    )
    assert plain(found.rows)[:3] == [
        ("Aprobación de Marta Soler", "hasta el lun 9 mar, 16:00"),
        ("Suele tardar", "5 h laborables"),
        ("El trabajo", "5 días laborables"),
    ]
    assert found.total == ("Te contestan", "hasta el mar 10 mar, 11:00")


def test_the_promise_before_sending_is_what_the_clock_says_afterwards(about: About) -> None:
    before = promise("fri 17:00", []).due
    actions.start(about, ("fulfilment",), P4, at("fri 17:00"), at("fri 17:00"))
    reading = queries.clock_of(about)
    assert reading is not None
    assert reading.at(at("fri 17:00")).due == before == at("fri2 18:00")


def test_SL14_who_was_answered_already_is_promised_no_answer(app: Flask) -> None:
    with time_machine.travel(at("fri 17:00"), tick=False), speaking_to("es", "Europe/Madrid"):
        found = queries.promise_for(P4, at("fri 17:00"), answered=True)
    assert (found.date, found.total) == ("viernes 13 de marzo", None)


def test_both_cards_are_drawn(app: Flask, about: About, card: Card) -> None:
    start(about, "fri 16:00")
    with app.test_request_context():
        after = render_template("service_levels/_promise.html", promise=card("fri 17:00"))
        before = render_template("service_levels/_before_sending.html", promise=promise("fri 17:00", [Stage("Marta")]))
    for text in ('id="clock_card"', "lunes 9 de marzo", "Por qué ese día", "cuentan", "La cuenta, paso a paso"):
        assert text in after
    for text in ('id="promise"', "Si la envías ahora", "Aprobación de Marta", "Te contestan"):
        assert text in before


nights = [
    ("2026-03-28 22:00", "dom 29 mar, 00:00–07:00: el reloj se adelanta 1 h", "cuentan 6 h"),
    ("2026-10-24 22:00", "dom 25 oct, 00:00–05:00: el reloj se atrasa 1 h", "cuentan 6 h"),
]


@pytest.mark.parametrize(("starts", "what", "counted"), nights, ids=["SL13", "SL14"])
def test_the_sum_says_when_the_clocks_are_changed(app: Flask, starts: str, what: str, counted: str) -> None:
    madrid = Hours(C24, [], {}).calendar("Europe/Madrid")
    with speaking_to("es", "Europe/Madrid"):
        segments = segments_until_due([Run(at(starts))], madrid, Target(8 * 3600), at(starts), stopped=False)
        lines = lines_of_segments(segments, madrid.zone)
    assert plain([(line.what, line.how_much) for line in lines])[-1] == (what, counted)


def test_a_long_ruler_folds_no_single_day(app: Flask) -> None:
    entries = [{"date": date(2026, 3, day), "kind": "count"} for day in range(1, 15)]
    folded = _fold(entries, date(2026, 3, 6))
    assert [entry["date"] is None for entry in folded] == [False] * 7 + [True] + [False] * 4
    assert [entry["date"].day for entry in folded if entry["date"]] == [1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14]
