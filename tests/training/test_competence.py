"""The arithmetic of attendance, validity and codes: pure tables (training.md 19 to 31)."""

from datetime import date

import pytest

from portal.training import codes, competence
from portal.training.competence import Standing, Status


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("marks", "result"),
    [
        ([("present", 60), ("present", 60)], "present"),
        ([("present", 80), ("absent", 20)], "present"),
        ([("present", 79), ("absent", 21)], "partial"),
        ([("absent", 60), ("absent", 60)], "absent"),
        ([("present", 60), ("excused", 600)], "present"),
        ([("excused", 60), ("excused", 60)], "excused"),
        ([], "absent"),
    ],
)
def test_the_result_is_the_share_of_minutes(marks, result):
    assert competence.result(marks, 80) == result


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-03-31", 12, "2027-03-31"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-11-30", 3, "2027-02-28"),
    ],
)
def test_months_keep_the_day_or_take_the_last(start, months, end):
    assert competence.add_months(day(start), months) == day(end)


@pytest.mark.parametrize(
    ("renewed", "until", "early"),
    [
        pytest.param("2027-02-10", "2028-03-31", False, id="TR17-in-the-window"),
        pytest.param("2027-01-30", "2028-03-31", False, id="first-day-of-the-window"),
        pytest.param("2027-03-31", "2028-03-31", False, id="last-day"),
        pytest.param("2027-01-10", "2028-01-10", True, id="TR18-before-the-window"),
        pytest.param("2027-04-01", "2028-04-01", False, id="after-expiry"),
    ],
)
def test_TR17_TR18_renewing(renewed, until, early):
    before = day("2027-03-31")
    assert competence.valid_until(day(renewed), 12, 60, before) == day(until)
    assert competence.is_too_early(day(renewed), 60, before) is early


DUE = Standing(day("2026-11-22"), grace_days=30)
HELD = Standing(day("2020-01-01"), 30, 60, True, day("2026-12-01"))
WAIVED = Standing(day("2026-01-01"), 30, exempt=[(day("2026-02-01"), day("2026-03-01"))])


@pytest.mark.parametrize(
    ("facts", "today", "status"),
    [
        pytest.param(DUE, "2026-11-22", Status.DUE, id="TR19-new-requirement"),
        pytest.param(DUE, "2026-12-22", Status.DUE, id="TR19-last-day-of-grace"),
        pytest.param(DUE, "2026-12-23", Status.MISSING, id="TR19-after-the-due-date"),
        pytest.param(HELD, "2026-10-01", Status.VALID, id="valid"),
        pytest.param(HELD, "2026-10-02", Status.IN_WINDOW, id="first-day-of-the-window"),
        pytest.param(HELD, "2026-12-01", Status.IN_WINDOW, id="TR20-last-day"),
        pytest.param(HELD, "2026-12-02", Status.EXPIRED, id="TR20-the-day-after"),
        pytest.param(WAIVED, "2026-03-01", Status.EXEMPT, id="TR21-last-day-of-exemption"),
        pytest.param(WAIVED, "2026-03-02", Status.DUE, id="TR21-then-due"),
        pytest.param(WAIVED, "2026-03-31", Status.DUE, id="TR21-last-day"),
        pytest.param(WAIVED, "2026-04-01", Status.MISSING, id="TR21-after-it"),
        pytest.param(Standing(None), "2026-03-01", Status.NOT_APPLICABLE, id="not-for-them"),
        pytest.param(Standing(day("2026-01-01"), has_record=True), "2050-01-01", Status.VALID, id="for-ever"),
    ],
)
def test_TR19_TR20_TR21_status(facts, today, status):
    assert competence.status(facts, day(today)) == status


def test_TR21_the_due_date_counts_from_the_end_of_the_exemption():
    assert WAIVED.due_on == day("2026-03-31")
    assert DUE.due_on == day("2026-12-22")


def test_the_percentage_leaves_out_who_is_exempt():
    numbers = {Status.VALID: 2, Status.IN_WINDOW: 1, Status.MISSING: 1, Status.EXEMPT: 5, Status.NOT_APPLICABLE: 9}
    assert competence.share(numbers) == 75
    assert competence.share({Status.EXEMPT: 3}) is None


# --- codes of certificates ---------------------------------------------------------------------------------------------


def test_a_code_is_read_whatever_its_case_spaces_and_hyphens():
    code = codes.new_code()
    assert len(code) == 17
    for typed in (code, codes.shown(code), code.lower(), " ".join(code), code.replace("0", "o").replace("1", "l")):
        assert codes.read(typed) == code


def test_one_wrong_character_or_two_that_changed_places_are_noticed():
    code = codes.new_code()
    for place in range(len(code)):
        other = next(char for char in codes.ALPHABET if char != code[place])
        assert codes.read(code[:place] + other + code[place + 1 :]) is None
        if place and code[place] != code[place - 1]:
            assert codes.read(code[: place - 1] + code[place] + code[place - 1] + code[place + 1 :]) is None
    for typed in ("", "x" * 500, code[:-1], "?" * 17, "ñandú"):
        assert codes.read(typed) is None
