"""Service standards: written by the head, read by everybody, acknowledged by the department, measured month by month."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from portal.core.db import db
from portal.core.errors import Refused
from portal.knowledge import actions, queries
from portal.knowledge.models import StandardAcknowledgement, StandardRemark, StandardVersion
from portal.service_levels.models import ServiceLevel
from tests.cast.people import Cast, sign_in, token_of
from tests.performance.meter import statements
from tests.service_levels.test_timing import at

PAGE = "/departments/it/standards"
OLD = {"es": "Ayuda en un día.", "en": "Help within a day."}
NEW = {"es": "Ayuda en dos días.", "en": "Help within two days."}


def content(sentence, service=None, level=None, clock="fulfilment"):
    return actions.Content(sentence, service, clock, level)


def level():
    return db.session.scalars(select(ServiceLevel).where(ServiceLevel.position == -1)).one()


@pytest.fixture
def standard(cast: Cast, help_desk, clock):
    clock.move_to(at("2026-02-01 09:00"))
    made = actions.promise(cast.it, content(OLD, help_desk, level()), cast.head2, at("2026-02-01 09:00"))
    db.session.commit()
    return made


def get(app, person, address):
    return sign_in(app.test_client(), person).get(address)


def post(app, person, address, **values):
    client = sign_in(app.test_client(), person)
    return client.post(address, data=token_of(client) | values)


def in_april(clock):
    clock.move_to(at("2026-04-10 12:00"))
    db.session.commit()


@pytest.mark.parametrize("who", ["employee", "agent", "partner", "director"])
def test_everybody_reads_the_sentence_with_last_months_result_and_the_misses(app, cast: Cast, standard, ask, clock, who):
    for hour in range(6):
        ask(f"mon {9 + hour:02}:00", 2)
    ask("mon 09:00", 26)
    in_april(clock)
    page = get(app, getattr(cast, who), PAGE).text
    assert OLD["es"] in page
    assert "8" in page
    assert "6 de 7 en marzo de 2026" in page
    assert "1 × el trabajo llevó más de lo prometido" in page
    assert cast.employee.name not in page.partition("<main")[2] or who == "employee"


@pytest.mark.parametrize(("cases", "told"), [(4, False), (5, True)], ids=["KH8", "five"])
def test_KH8_under_five_cases_only_that_they_are_too_few(app, cast: Cast, standard, ask, clock, cases, told):
    for hour in range(cases):
        ask(f"mon {9 + hour:02}:00", 2 if hour else 26)
    in_april(clock)
    page = get(app, cast.employee, PAGE).text
    assert ("muy pocas" in page) is not told
    assert (f"{cases} casos en marzo" in page) is not told
    assert ("4 de 5 en marzo" in page) is told
    assert ("1 × " in page) is told


def test_KH15_an_old_month_shows_the_old_sentence_and_its_result(app, cast: Cast, standard, ask, clock):
    for hour in range(5):
        ask(f"mon {9 + hour:02}:00", 2)
    actions.change(standard, content(NEW, None, None), 1, cast.head2, at("2026-04-01 09:00"))
    clock.move_to(at("2026-05-10 12:00"))
    db.session.commit()
    april = get(app, cast.employee, PAGE).text
    assert NEW["es"] in april
    march = get(app, cast.employee, f"{PAGE}?month=2026-03").text
    former = march.partition('id="former"')[2]
    assert OLD["es"] in former
    assert "5 de 5 en marzo de 2026" in former
    assert "Aún no regía en marzo de 2026" in march.partition('id="former"')[0]


def test_KH15_a_month_in_which_it_changed_counts_each_sentence_for_its_part(app, cast: Cast, standard, ask, clock):
    for hour in range(5):
        ask(f"mon {9 + hour:02}:00", 2)
    actions.change(standard, content(NEW), 1, cast.head2, at("wed 09:00"))
    for hour in range(6):
        ask(f"thu {9 + hour:02}:00", 2)
    in_april(clock)
    page = get(app, cast.employee, PAGE).text
    assert "6 de 6 en marzo" in page.partition('id="former"')[0]
    assert "5 de 5 en marzo" in page.partition('id="former"')[2]


@pytest.mark.parametrize("month", ["2026-04", "2024-01", "x"])
def test_a_month_that_is_not_over_or_not_offered_answers_400(app, cast: Cast, standard, clock, month):
    in_april(clock)
    assert get(app, cast.employee, f"{PAGE}?month={month}").status_code == 400


def test_a_withdrawn_standard_shows_in_its_months_only(app, cast: Cast, standard, clock):
    actions.withdraw(standard, cast.head2, at("2026-03-20 09:00"))
    clock.move_to(at("2026-05-10 12:00"))
    db.session.commit()
    assert OLD["es"] not in get(app, cast.employee, PAGE).text
    assert OLD["es"] in get(app, cast.employee, f"{PAGE}?month=2026-03").text


FORM = {"sentence_es": NEW["es"], "sentence_en": NEW["en"], "service": "", "clock": "fulfilment", "level": ""}


@pytest.mark.parametrize(("who", "status"), [("head2", 303), ("admin", 303), ("agent", 403), ("head", 403), ("employee", 403)])
def test_the_head_and_administrators_write_standards(app, cast: Cast, standard, who, status):
    assert post(app, getattr(cast, who), PAGE, **FORM).status_code == status
    assert post(app, getattr(cast, who), f"/standards/{standard.public_id}", **FORM, seen="1").status_code == status
    assert get(app, getattr(cast, who), f"/standards/{standard.public_id}/edit").status_code == (200 if status == 303 else 403)


def test_a_change_makes_a_version_and_keeps_the_target_of_its_level(app, cast: Cast, standard):
    post(app, cast.head2, f"/standards/{standard.public_id}", **FORM | {"level": level().public_id}, seen="1")
    first, second = queries.versions_of(cast.it.id)
    assert (first.sentence, first.amount, first.unit) == (OLD, 8 * 3600, "seconds")
    assert (second.number, second.sentence, second.amount) == (2, NEW, 8 * 3600)


def test_a_change_of_what_somebody_else_changed_answers_409_with_the_text(app, cast: Cast, standard):
    actions.change(standard, content(NEW), 1, cast.head2, at("mon 09:00"))
    answer = post(app, cast.head2, f"/standards/{standard.public_id}", **FORM | {"sentence_es": "Lo mío."}, seen="1")
    assert answer.status_code == 409
    assert "Lo mío." in answer.text


@pytest.mark.parametrize("bad", [{"sentence_es": ""}, {"sentence_en": "x" * 301}, {"service": "zzzzzzzzzzzz"}, {"clock": "team"}])
def test_a_standard_that_says_nothing_answers_422(app, cast: Cast, standard, bad):
    assert post(app, cast.head2, PAGE, **FORM | bad).status_code == 422


def test_people_of_the_department_acknowledge_once_and_the_head_sees_who_has_not(app, cast: Cast, standard):
    address = f"/standards/{standard.public_id}/acknowledgement"
    assert "Aún no: " in get(app, cast.head2, PAGE).text
    assert cast.agent.name in get(app, cast.head2, PAGE).text
    for _twice in range(2):
        assert post(app, cast.agent, address, seen="1").status_code == 303
    assert len(db.session.scalars(select(StandardAcknowledgement)).all()) == 1
    assert cast.agent.name not in get(app, cast.head2, PAGE).text.partition("Aún no: ")[2]
    assert address not in get(app, cast.agent, PAGE).text
    assert address in get(app, cast.agent2, PAGE).text
    assert "Aún no: " not in get(app, cast.agent2, PAGE).text


def test_a_new_version_is_acknowledged_anew(app, cast: Cast, standard):
    address = f"/standards/{standard.public_id}/acknowledgement"
    post(app, cast.agent, address, seen="1")
    actions.change(standard, content(NEW), 1, cast.head2, at("mon 09:00"))
    db.session.commit()
    assert post(app, cast.agent, address, seen="1").status_code == 409
    assert address in get(app, cast.agent, PAGE).text


@pytest.mark.parametrize("who", ["employee", "auditor", "head"])
def test_nobody_else_acknowledges(app, cast: Cast, standard, who):
    answer = post(app, getattr(cast, who), f"/standards/{standard.public_id}/acknowledgement", seen="1")
    assert answer.status_code == 403
    with pytest.raises(Refused):
        actions.acknowledge(standard, getattr(cast, who), at("mon 09:00"))


@pytest.mark.parametrize("change", [update(StandardVersion).values(number=9), delete(StandardVersion)])
def test_what_was_promised_is_never_rewritten(app, cast: Cast, standard, change):
    with pytest.raises(DatabaseError, match=r"only ever added to|append-only|refuse"):
        db.session.execute(change)
    db.session.rollback()


@pytest.mark.parametrize("number", [1, 6])
@pytest.mark.parametrize("who", ["employee", "head2", "agent"])
def test_the_page_takes_twelve_statements_however_many_standards(app, cast: Cast, standard, help_desk, clock, who, number):
    for count in range(number):
        made = actions.promise(cast.it, content(OLD, help_desk, level()), cast.head2, at("2026-02-02 09:00"))
        actions.change(made, content(NEW), 1, cast.head2, at(f"2026-03-{10 + count} 09:00"))
    in_april(clock)
    client = sign_in(app.test_client(), getattr(cast, who))
    with statements(db.engine) as found:
        assert client.get(PAGE).status_code == 200
    assert len(found) <= 12, "\n\n".join(one.text for one in found)


@pytest.mark.parametrize("public_id", ["zzzzzzzzzzzz"])
def test_an_unknown_standard_is_not_found(app, cast: Cast, public_id):
    assert get(app, cast.admin, f"/standards/{public_id}/edit").status_code == 404
    assert get(app, cast.admin, "/departments/nowhere/standards").status_code == 404


def said(standard, month="2026-03", number=1):
    return f"/standards/{standard.public_id}/versions/{number}/remarks/{month}"


REMARK = {"text_es": "Dos técnicos de baja.", "text_en": "", "seen": "0"}


def test_KH9_the_owner_says_something_to_a_result_and_every_remark_is_kept(app, cast: Cast, standard, ask, clock):
    for hour in range(6):
        ask(f"mon {9 + hour:02}:00", 2)
    in_april(clock)
    assert post(app, cast.head2, said(standard), **REMARK).status_code == 303
    page = get(app, cast.employee, PAGE).text
    assert "Dos técnicos de baja." in page
    assert f"Comentario de {cast.head2.name}" in page
    assert "6 de 6 en marzo de 2026" in page, "no number changes"
    assert "Dos técnicos" not in get(app, cast.employee, f"{PAGE}?month=2026-02").text
    assert said(standard) not in page
    assert said(standard) in get(app, cast.head2, PAGE).text
    stale = post(app, cast.head2, said(standard), **REMARK | {"text_es": "Otra cosa."})
    assert (stale.status_code, "Otra cosa." in stale.text) == (409, True)
    assert post(app, cast.head2, said(standard), **REMARK | {"text_es": "", "seen": "1"}).status_code == 303
    assert "Dos técnicos" not in get(app, cast.employee, PAGE).text
    history = get(app, cast.head2, said(standard)).text
    assert "Dos técnicos de baja." in history
    assert f"Lo retiró {cast.head2.name}" in history
    with pytest.raises(DatabaseError, match=r"only ever added to|append-only|refuse"):
        db.session.execute(update(StandardRemark).values(month="2026-04"))
    db.session.rollback()


def test_only_the_owner_remarks_and_only_on_months_that_are_over(app, cast: Cast, standard, clock):
    in_april(clock)
    for person in (cast.employee, cast.agent, cast.head, cast.admin):
        assert post(app, person, said(standard), **REMARK).status_code == 403
    for month in ("2026-04", "2026-01", "2026-13", "x"):
        assert get(app, cast.head2, said(standard, month)).status_code == 404
    for number in (2, "x"):
        assert get(app, cast.head2, said(standard, number=number)).status_code == 404
    assert post(app, cast.head2, said(standard), **REMARK | {"text_es": "x" * 1001}).status_code == 422
    assert get(app, cast.head2, said(standard)).status_code == 200


def test_KH15_a_remark_stays_with_the_sentence_it_was_about(app, cast: Cast, standard, clock):
    actions.change(standard, content(NEW), 1, cast.head2, at("2026-04-01 09:00"))
    clock.move_to(at("2026-06-10 12:00"))
    db.session.commit()
    assert get(app, cast.head2, said(standard, "2026-05", 1)).status_code == 404, "it stood no longer"
    assert post(app, cast.head2, said(standard, "2026-03", 1), **REMARK).status_code == 303
    assert "Dos técnicos" in get(app, cast.employee, f"{PAGE}?month=2026-03").text.partition('id="former"')[2]
    assert "Dos técnicos" not in get(app, cast.employee, f"{PAGE}?month=2026-04").text
