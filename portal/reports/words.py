"""Numbers as people say them: shares, margins and working time."""

from babel.numbers import format_percent
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

NBSP = "\N{NO-BREAK SPACE}"
MINUTE, HOUR, LONG = 60, 3600, 10


def percent(share: float) -> str:
    """Return "87 %"; never 100 % or 0 % of what is not quite."""
    rounded = min(max(round(share, 2), 0.01 if share > 0 else 0.0), 0.99 if share < 1 else 1.0)
    return str(format_percent(rounded, locale=get_locale()))


def margin(interval: tuple[float, float]) -> str:
    """Return "81 to 91"."""
    return str(_("%(low)s to %(high)s", low=round(interval[0] * 100), high=round(interval[1] * 100)))


def working(seconds: int | None) -> str:
    """Return working time: "3 h 20 min", from ten hours on "27 h"."""
    if seconds is None:
        return "–"
    hours, minutes = divmod(max(round(seconds / MINUTE), 0), MINUTE)
    if hours >= LONG:
        return f"{round(seconds / HOUR)}{NBSP}h"
    parts = [f"{hours}{NBSP}h" if hours else "", f"{minutes}{NBSP}min" if minutes or not hours else ""]
    return " ".join(part for part in parts if part)


def target(amount: int | None, unit: str | None) -> str:
    """Return what a level promised: "5 working days" or "8 h"; nothing where a standard names no level."""
    if amount is None:
        return ""
    if unit == "working_days":
        return str(ngettext("%(num)d working day", "%(num)d working days", amount))
    return working(amount)
