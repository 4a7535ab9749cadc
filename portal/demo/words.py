"""How the demo writes texts in two languages: "Spanish | English" in one string."""

from collections.abc import Mapping


def both(text: str) -> Mapping[str, str]:
    """Return a text in Spanish and English; one without a bar is the same in both."""
    spanish, bar, english = text.partition(" | ")
    return {"es": spanish, "en": english if bar else spanish}
