"""What a browser is called in words: "Firefox, Linux"."""

from flask_babel import gettext as _

# The first that is named wins: browsers name those they descend from as well.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "CriOS": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def in_words(agent: str) -> str:
    """Return the browser and the system that a User-Agent names, as far as they are known (SE-6)."""
    found = [_first(BROWSERS, agent), _first(SYSTEMS, agent)]
    return ", ".join(filter(None, found)) or _("Unknown device")


def _first(words: dict[str, str], agent: str) -> str | None:
    return next((name for word, name in words.items() if word in agent), None)
