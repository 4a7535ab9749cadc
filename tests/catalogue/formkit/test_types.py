from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.catalogue.formkit.masks import is_pattern, matches
from portal.catalogue.formkit.types import registry
from portal.catalogue.formkit.types.base import Asked
from portal.catalogue.formkit.types.registry import known, register_type, type_of
from portal.catalogue.formkit.types.writing import ShortText
from portal.catalogue.formkit.values import FileRef, WallTime, Wrong
from portal.core.forms import clean
from portal.core.money import Money
from tests.catalogue.formkit.examples import A_FILE, context, field, form, options, words

LANGUAGES = st.sampled_from(["es", "en"])


def asked(kind: str, language: str = "en", **more: Any) -> Asked:
    each = form(field("x", kind, **more)).fields[0]
    return Asked(each, context(language, files={"x": (A_FILE,)}), each.options)


def read(kind: str, text: str | tuple[str, ...], language: str = "en", **more: Any) -> Any:
    raw = (text,) if isinstance(text, str) else text
    return type_of(kind).read(asked(kind, language, **more), raw)


def refusal(kind: str, text: str | tuple[str, ...], language: str = "en", **more: Any) -> Wrong:
    with pytest.raises(Wrong) as caught:
        read(kind, text, language, **more)
    return caught.value


def walls(low: datetime = datetime(1900, 1, 2), high: datetime = datetime(2200, 12, 30)) -> Any:  # noqa: DTZ001
    """Wall times of Madrid that exist, the second of two equal ones included."""
    moments = st.datetimes(low, high, timezones=st.just(UTC)).map(lambda at: at.replace(second=0, microsecond=0))
    return moments.map(_in_madrid)


def _in_madrid(instant: datetime) -> WallTime:
    local = instant.astimezone(ZoneInfo("Europe/Madrid"))
    wall = local.replace(tzinfo=None, fold=0, second=0)
    return WallTime(wall, "Europe/Madrid", local.fold)


VALUES: dict[str, Any] = {
    "short_text": st.text(min_size=1, max_size=200).map(lambda text: " ".join(clean(text).split())).filter(bool),
    "long_text": st.text(min_size=1, max_size=400).map(lambda text: clean(text).strip()).filter(bool),
    "number": st.decimals(-(10**12), 10**12, places=4),
    "money": st.integers(0, 10**14).map(lambda minor: Money(minor, "EUR")),
    "date": st.dates(date(1900, 1, 1), date(2200, 12, 31)),
    "time": st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    "date_time": walls(datetime(1950, 1, 1)),  # noqa: DTZ001
    "yes_no": st.booleans(),
    "one_of": st.sampled_from(["a", "b", "c"]),
    "several_of": st.sets(st.sampled_from(["a", "b", "c"]), min_size=1).map(lambda keys: tuple(sorted(keys))),
    "person": st.sampled_from(["p1", "p2"]),
    "department": st.sampled_from(["it", "care"]),
    "file": st.just(("file1",)),
}


@pytest.mark.parametrize("kind", [key for key, each in known().items() if each.asks and key != "rows"])
def test_what_a_type_writes_it_reads_back(kind: str) -> None:
    @given(value=VALUES[kind], language=LANGUAGES)
    def both_ways(value: Any, language: str) -> None:
        about, one = asked(kind, language, options=options("a", "b", "c"), rules={"decimals": 4}), type_of(kind)
        assert one.read(about, one.write(about, value)) == value
        assert one.from_json(one.to_json(value)) == value

    both_ways()


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        pytest.param("1,5", "es", "1.5", id="FO10-spanish"),
        pytest.param("1.5", "en", "1.5", id="FO10-english"),
        ("1.234,56", "es", "1234.56"),
        ("1,234.56", "en", "1234.56"),
        ("1.234", "es", "1234"),
        ("1,234", "en", "1234"),
        ("1 234,5", "es", "1234.5"),
        ("-3", "en", "-3"),
        ("0,25", "es", "0.25"),
    ],
)
def test_a_number_is_read_in_the_language_of_the_page(text: str, language: str, expected: str) -> None:
    assert read("number", text, language) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "language", "sentence"),
    [
        pytest.param("1,5", "en", "write “1.5” if you mean that number", id="FO10-asked"),
        pytest.param("1.5", "es", "write “1,5” if you mean that number", id="FO10-asked-in-spanish"),
        ("1.234,56", "en", "write “1234.56” if you mean that number"),
        ("many", "en", "a number with at most 2 decimals, such as 1.5"),
        ("1e5", "en", "a number with at most 2 decimals, such as 1.5"),
        ("NaN", "en", "a number with at most 2 decimals, such as 1.5"),
        ("٣", "en", "a number with at most 2 decimals, such as 1.5"),
        ("1" * 300, "en", "a number with at most 2 decimals, such as 1.5"),
    ],
)
def test_a_text_that_is_no_number_here_is_asked(text: str, language: str, sentence: str) -> None:
    assert str(refusal("number", text, language).right) == sentence


def test_FO10_speaks_spanish(spanish: None) -> None:
    assert str(refusal("number", "1.5", "es").right) == "escribe «1,5» si es ese el número"


def test_a_text_that_could_be_two_numbers_is_asked_with_both() -> None:
    wrong = refusal("number", "1.234", "es", rules={"decimals": 3})
    assert [choice.value for choice in wrong.suggestions] == ["1234", "1,234"]


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"minimum": "1", "maximum": "50", "decimals": 0}, "a whole number from 1 to 50"),
        ({"minimum": "1", "decimals": 0}, "a whole number, at least 1"),
        ({"maximum": "1500"}, "a number, at most 1,500"),
    ],
)
def test_a_number_outside_its_range_is_told_the_range(rules: dict[str, Any], sentence: str) -> None:
    assert str(refusal("number", "0" if "minimum" in rules else "2000", rules=rules).right) == sentence


@pytest.mark.parametrize(
    ("text", "language", "minor"),
    [("1.204,50", "es", 120450), ("1,204.50 €", "en", 120450), ("EUR 3", "en", 300), ("0", "es", 0), ("€ 2,5", "es", 250)],
)
def test_money_is_kept_in_minor_units(text: str, language: str, minor: int) -> None:
    assert read("money", text, language) == Money(minor, "EUR")


@pytest.mark.parametrize("text", ["-1", "1.005", "€", "1 2"])
def test_an_amount_that_is_none_is_refused(text: str) -> None:
    if text == "€":
        assert read("money", text) is None
    else:
        assert str(refusal("money", text).right).startswith(("an amount in EUR", "write"))


def test_a_currency_without_decimals_has_none() -> None:
    assert read("money", "1500", rules={"currency": "JPY"}) == Money(1500, "JPY")


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("2026-12-09", "es", date(2026, 12, 9)),
        ("9/12/2026", "es", date(2026, 12, 9)),
        ("25/12/2026", "en", date(2026, 12, 25)),
        ("12/25/2026", "en", date(2026, 12, 25)),
        ("9.12.2026", "es", date(2026, 12, 9)),
    ],
)
def test_a_date_is_read_as_people_write_it(text: str, language: str, expected: date) -> None:
    assert read("date", text, language) == expected


def test_a_date_that_could_be_two_is_asked_in_english() -> None:
    assert str(refusal("date", "9/12/2026").right) == "write “2026-09-12” or “2026-12-09”"


@pytest.mark.parametrize("text", ["2026-02-30", "31/2/2026", "9/12/26", "tomorrow", "1899-12-31", "2201-01-01", "x" * 500])
def test_a_date_that_does_not_exist_is_refused(text: str) -> None:
    assert str(refusal("date", text).right) == "a date, such as 25/12/2026"


def test_a_limit_moves_with_today() -> None:
    later = {"minimum": "today+1"}
    assert read("date", "2026-11-26", rules=later) == date(2026, 11, 26)
    assert str(refusal("date", "2026-11-25", rules=later).right) == "a date on or after November 26, 2026"
    assert type_of("date").attributes(asked("date", rules=later)) == {"min": "2026-11-26"}


def test_a_time_is_read_and_refused() -> None:
    assert read("time", "9:30") == time(9, 30)
    assert str(refusal("time", "25:00").right) == "a time, such as 14:30"
    assert str(refusal("time", "8:00", rules={"minimum": "09:00", "maximum": "18:00"}).right) == "a time from 09:00 to 18:00"


def test_a_wall_time_that_comes_twice_is_asked_and_can_be_picked() -> None:
    wrong = refusal("date_time", "2026-10-25T02:30")
    assert [choice.value for choice in wrong.suggestions] == ["first", "second"]
    second = read("date_time", ("2026-10-25T02:30", "second"))
    assert (second.fold, read("date_time", ("2026-10-25T02:30", "first")).fold) == (1, 0)


def test_a_wall_time_that_does_not_exist_offers_the_nearest_before_and_after() -> None:
    wrong = refusal("date_time", "2026-03-29T02:30")
    assert [choice.value for choice in wrong.suggestions] == ["2026-03-29T01:59", "2026-03-29T03:00"]
    assert read("date_time", ("2026-03-29T02:30", "2026-03-29T03:00")).wall.hour == 3


def test_yes_or_no_takes_nothing_else() -> None:
    assert read("yes_no", "no") is False
    assert read("yes_no", "") is None
    assert str(refusal("yes_no", "maybe").right) == "choose yes or no"


def test_an_option_withdrawn_since_then_is_refused_with_those_that_are_left() -> None:
    about = asked("one_of", options=[*options("a", "b"), {**options("c")[0], "withdrawn": True}])
    left = Asked(about.field, about.context, about.options[:2])
    with pytest.raises(Wrong) as caught:
        type_of("one_of").read(left, ("c",))
    assert str(caught.value.right) == "“C” can no longer be chosen; choose one of: A, B"


def test_a_person_is_found_by_name_asked_when_two_have_it_and_unknown_otherwise() -> None:
    assert read("person", "marta soler") == "p1"
    assert [choice.value for choice in refusal("person", "Luis Prieto").suggestions] == ["p2", "p3"]
    assert str(refusal("person", "999").right) == "a person from the directory, by name or address"


def test_files_are_those_of_the_draft_and_a_large_one_is_named() -> None:
    assert read("file", "typed by nobody") == ("file1",)
    large = asked("file", rules={"megabytes": 1})
    about = Asked(large.field, context(files={"x": (FileRef("f", "film.mp4", 2_000_000),)}))
    with pytest.raises(Wrong) as caught:
        type_of("file").read(about, ())
    assert str(caught.value.right) == "“film.mp4” is larger than 1 MB"


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("CC-9999", "cc-0412", True), ("CC-9999", "cc-412", False), ("AA9+", "ab12345", True), ("9+9+", "1" * 40, True),
        (r"\9X", "9z", True), ("99?", "7", True), ("99?", "777", False), ("A?A?A?", "", True), ("ñ9", "Ñ1", True),
    ],
)  # fmt: skip
def test_a_pattern_is_a_mask(pattern: str, text: str, fits: bool) -> None:
    assert matches(pattern, text) is fits


@pytest.mark.parametrize(("pattern", "readable"), [("+9", False), ("9++", False), ("9\\", False), ("", True), ("9" * 101, False)])
def test_a_mask_that_cannot_be_read_is_known(pattern: str, readable: bool) -> None:
    assert is_pattern(pattern) is readable


def test_matching_a_mask_grows_linearly_with_the_text() -> None:
    def seconds(length: int) -> timedelta:
        start = datetime.now(UTC)
        assert not matches("X+X+X+X+9", "a" * length)
        return datetime.now(UTC) - start

    assert seconds(8_000) < 12 * max(seconds(2_000), timedelta(milliseconds=5))


def test_a_pattern_speaks_with_its_own_message() -> None:
    rules = {"pattern": "CC-9999", "message": words("CC y cuatro cifras", "CC and four digits, such as CC-0412")}
    assert refusal("short_text", "cost", rules=rules).right == "CC and four digits, such as CC-0412"


def test_another_package_adds_its_type(monkeypatch: pytest.MonkeyPatch) -> None:
    class Plate(ShortText):
        key = "plate"
        title = "Number plate"

    monkeypatch.setattr(registry, "_types", dict(known()))
    register_type(Plate())
    assert read("plate", " 1234 BBB ") == "1234 BBB"


def test_texts_are_cleaned_and_measured() -> None:
    assert read("short_text", " a\x00\n b ") == "a b"
    assert read("long_text", "a\r\nb\x07\t") == "a\nb"
    assert str(refusal("short_text", "x" * 201).right) == "a text of 1 to 200 characters"
    assert str(refusal("long_text", "x" * 601, rules={"maximum": "600"}).right) == "a text of at most 600 characters"
