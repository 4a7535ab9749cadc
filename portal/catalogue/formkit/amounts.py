"""Numbers as people write them: "1.234,56" in Spanish, "1,234.56" in English; the ambiguous is asked (FO rule 5)."""

from collections.abc import Sequence
from decimal import Decimal

from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

MOST_DIGITS = 15
BLANKS = {" ", "\u00a0", "\u202f", "\u2009"}
THREE = 3


class Unclear(ValueError):
    """The text is no number in this language, or could be two; these are the texts it may mean."""

    def __init__(self, readings: Sequence[str] = ()) -> None:
        super().__init__()
        self.readings = tuple(readings)


def read_number(text: str, language: str, decimals: int) -> Decimal:
    """Return the exact number that a text means in this language, or raise Unclear (FO10)."""
    point, comma = get_decimal_symbol(language), get_group_symbol(language)
    mine = _reading(text.strip(), point, {comma} | BLANKS)
    other = _reading(text.strip(), comma, {point} | BLANKS) if comma in ".," else None
    fits = mine is not None and places(mine) <= decimals
    rival = other is not None and other != mine and places(other) <= decimals
    if mine is None or not fits or (rival and comma in text):
        meant = [each for each, good in ((mine, fits), (other, rival)) if each is not None and good]
        raise Unclear([write_number(each, language) for each in meant])
    return mine


def write_number(value: Decimal, language: str) -> str:
    """Return the text that `read_number` reads back as this value: no grouping."""
    return plain(value).replace(".", get_decimal_symbol(language))


def show_number(value: Decimal, language: str) -> str:
    """Return a number for reading, grouped as the language does."""
    return format_decimal(value, locale=language, decimal_quantization=False)


def plain(value: Decimal) -> str:
    """Return the one canonical text of a number: no exponent, no trailing zeros, no minus zero."""
    text = f"{value.normalize():f}"
    return "0" if text in ("-0", "0") else text


def places(value: Decimal) -> int:
    """Return how many decimals a number needs."""
    return len(plain(value).partition(".")[2])


def from_plain(data: object) -> Decimal:
    """Return the number of a canonical text, or raise ValueError."""
    if isinstance(data, bool) or not isinstance(data, str | int):
        raise ValueError("a number is expected")
    number = _reading(str(data), ".", set())
    if number is None:
        raise ValueError("a number is expected")
    return number


def _reading(text: str, point: str, groups: set[str]) -> Decimal | None:
    signed = text[:1] in ("-", "−", "+")
    whole, dot, rest = (text[1:] if signed else text).partition(point)
    digits = _ungrouped(whole, groups)
    if digits is None or (dot and not _digits(rest)) or len(digits) + len(rest) > MOST_DIGITS + THREE:
        return None
    number = Decimal(f"{digits}.{rest or 0}")
    return -number if text[:1] in ("-", "−") and number else number


def _ungrouped(whole: str, groups: set[str]) -> str | None:
    """Return the digits of the integer part; groups, if any, have three digits and one kind of mark."""
    used = {mark for mark in whole if mark in groups}
    if not used:
        return whole if _digits(whole) else None
    first, *others = whole.split(used.pop())
    proper = _digits(first) and len(first) <= THREE and first[0] != "0"
    return first + "".join(others) if proper and all(len(each) == THREE and _digits(each) for each in others) else None


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
