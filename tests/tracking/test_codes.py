"""Codes: the check symbol, how they are typed, how they are shown (TR-1 to TR-3). Pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.tracking import codes

VECTORS = {"7Q4MKA2XD9": "T", "K3N8V5T2RW": "E", "1A2B3C4D5E": "S", "0000000000": "0"}
CODE = "7Q4MKA2XD9T"


@pytest.mark.parametrize(("body", "symbol"), VECTORS.items())
def test_the_check_symbol_is_that_of_the_rule_book(body, symbol):
    assert codes.check_symbol(body) == symbol


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("7q4m ka2x–d9t", id="TR1 en dash and lower case"),
        "7Q4M-KA2X-D9T",
        "VE-7Q4M-KA2X-D9T",
        "ven7q4mka2xd9t",
        "7Q4M—KA2X−D9T",
        "７Ｑ４Ｍ ＫＡ２Ｘ Ｄ９Ｔ",
        "\u00a07Q4M\u2011KA2X\u2011D9T ",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed):
    assert codes.read(typed) == CODE


def test_look_alike_letters_are_read_as_digits():
    body = "1A0B3C4D5E"
    code = body + codes.check_symbol(body)
    assert codes.read(code.replace("1", "l").replace("0", "o")) == code
    assert codes.read(code.replace("1", "I")) == code


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("7Q4M-KA2X-D8T", id="TR2 one symbol mistyped"),
        pytest.param("order 2026-00412", id="TR4 the reference instead of the code"),
        "",
        "7Q4MKA2XD9",
        "7Q4MKA2XD9TT",
        "ABCD7Q4MKA2XD9T",
        "7Q4MKA2XDUT",
        "7Q4MKА2XD9T",
        "12-7Q4M-KA2X-D9T",
        "7Q4M_KA2X_D9T",
    ],
)
def test_what_is_no_code_is_malformed(typed):
    with pytest.raises(codes.Malformed) as caught:
        codes.read(typed)
    assert caught.value.echoed


@pytest.mark.parametrize("typed", ["7Q4M-KA2X-D9T" + " " * 60, "7Q4M\x00KA2XD9T", "7Q4M\nKA2XD9T", "x" * 5000])
def test_what_is_too_long_or_holds_control_characters_is_not_echoed(typed):
    with pytest.raises(codes.Malformed) as caught:
        codes.read(typed)
    assert not caught.value.echoed


def test_TR3_the_check_symbol_does_not_notice_0_and_z_exchanged():
    assert codes.check_symbol("70Z4MKA2XD") == codes.check_symbol("7Z04MKA2XD")


@given(st.integers(0, 9), st.text(codes.ALPHABET, min_size=10, max_size=10), st.sampled_from(codes.ALPHABET))
def test_every_single_mistyped_symbol_is_noticed(place, body, other):
    typed = body[:place] + other + body[place + 1 :]
    assert (codes.check_symbol(typed) == codes.check_symbol(body)) is (typed == body)


def test_new_codes_are_well_formed_and_all_different():
    made = {codes.generate() for _ in range(200)}
    assert len(made) == 200
    assert all(codes.read(codes.shown(code, "VE")) == code for code in made)


def test_a_code_is_shown_in_groups():
    assert codes.shown(CODE) == "7Q4M-KA2X-D9T"
    assert codes.shown(CODE, "VE") == "VE-7Q4M-KA2X-D9T"


@pytest.mark.sqlite_only
def test_logs_and_tables_hold_no_code(app):
    assert CODE not in codes.stored(CODE)
    assert codes.loggable("7q4m-ka2x-d9t") == codes.stored(CODE)[:8]
    assert codes.loggable("nonsense") == "malformed"
