"""The codes of certificates: 80 random bits and a check symbol, for people who read and type them (rule 22)."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
GROUP = 4
GENERATOR = 0b00010
MODULUS = 0b100101  # x^5 + x^2 + 1
TOP_BIT = 0b100000
LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def new_code() -> str:
    """Return a new code with its check symbol."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return body + check_symbol(body)


def check_symbol(body: str) -> str:
    """Return the symbol by which one wrong character, or two that changed places, are noticed."""
    total, factor = 0, 1
    for char in reversed(body):
        factor = _times(factor, GENERATOR)
        total ^= _times(ALPHABET.index(char), factor)
    return ALPHABET[total]


def _times(left: int, right: int) -> int:
    """Multiply in the field of 32 elements."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & TOP_BIT:
            left ^= MODULUS
        right >>= 1
    return product


def read(typed: str) -> str | None:
    """Return the code that was typed, whatever its case, spaces and hyphens; None when it cannot be one."""
    if len(typed) > LENGTH * GROUP:
        return None
    plain = "".join(char for char in typed.upper() if char.isalnum()).translate(LOOK_ALIKE)
    body, symbol = plain[:LENGTH], plain[LENGTH:]
    if len(plain) != LENGTH + 1 or any(char not in ALPHABET for char in plain):
        return None
    return plain if check_symbol(body) == symbol else None


def shown(code: str) -> str:
    """Return the code in groups, as it is printed."""
    return "-".join(code[place : place + GROUP] for place in range(0, len(code), GROUP))
