"""Tracking codes: ten random symbols and one that checks them, as people write them and as machines compare them (TR-1, TR-2)."""

import secrets
import unicodedata

from portal.core import security

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: without I, L, O and U
BODY = 10
LENGTH = BODY + 1
PREFIXES = (2, 3)
LONGEST_INPUT = 64
GROUP = 4
_LOOKALIKES = str.maketrans("ILO", "110")
_DASHES = {"\u2212", "\u00ad", "\u2043"}


class Malformed(ValueError):
    """No code at all; `echoed` says whether the typed text may be shown again."""

    def __init__(self, *, echoed: bool = True) -> None:
        super().__init__("malformed code")
        self.echoed = echoed


def check_symbol(body: str) -> str:
    """Return the symbol that follows the body: Luhn modulo 32, weights 2, 1, 2 … from the right (TR-1)."""
    size = len(ALPHABET)
    total = 0
    for place, symbol in enumerate(reversed(body)):
        value = ALPHABET.index(symbol) * (2 - place % 2)
        total += value // size + value % size
    return ALPHABET[-total % size]


def generate() -> str:
    """Return a new code; nothing about it follows from a number, a time or a key (TR-3)."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(BODY))
    return body + check_symbol(body)


def read(typed: str) -> str:
    """Return the code that was meant; raise Malformed for what cannot be one (TR-2)."""
    if len(typed) > LONGEST_INPUT or any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in typed):
        raise Malformed(echoed=False)
    symbols = _without_prefix("".join(sign for sign in unicodedata.normalize("NFKC", typed) if not _is_gap(sign)).upper())
    code = symbols.translate(_LOOKALIKES)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET) or check_symbol(code[:BODY]) != code[BODY:]:
        raise Malformed
    return code


def _is_gap(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) == "Pd" or sign in _DASHES


def _without_prefix(symbols: str) -> str:
    length = len(symbols) - LENGTH
    start = symbols[:length]
    return symbols[length:] if length in PREFIXES and start.isascii() and start.isalpha() else symbols


def shown(code: str, prefix: str = "") -> str:
    """Return the code in groups, with the installation's prefix if it has one: VE-7Q4M-KA2X-D9T."""
    groups = [code[start : start + GROUP] for start in range(0, len(code), GROUP)]
    return "-".join([prefix, *groups] if prefix else groups)


def stored(code: str) -> str:
    """Return what the database keeps of a code: an HMAC under the server's key (TR-3)."""
    return security.keyed("tracking code", code).hex()


def loggable(typed: str) -> str:
    """Return what a log may say instead of a code: the first 8 characters of its hash (TR-15)."""
    try:
        return stored(read(typed))[:8]
    except Malformed:
        return "malformed"
