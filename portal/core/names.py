"""The name by which an account is known: one normal form for storage, uniqueness, counters and search (SE-14)."""

import unicodedata

INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def normal(name: str) -> str | None:
    """Return a sign-in name as it is stored and compared, or None when no account may have such a name."""
    if any(unicodedata.category(char) in INVISIBLE for char in name):
        return None
    found = unicodedata.normalize("NFKC", name).strip().casefold()
    return found if len(_scripts(found)) <= 1 else None


def _scripts(name: str) -> set[str]:
    """Return the alphabets whose letters the name uses: two in one name are a disguise."""
    return {unicodedata.name(char, "?").split()[0] for char in name if char.isalpha()}
