"""Amount bands in words."""

from flask_babel import gettext as _

from portal.approvals.rules import Banded
from portal.core import language
from portal.core.money import Money


def band_words(stage: Banded) -> str:
    """Return for which amounts a stage is asked: "over 1,000.00 EUR"; nothing where it is asked for all (AP-1, AP-5)."""
    limits = _limits(*(_money_words(each, stage.currency) for each in (stage.above, stage.up_to)))
    return str(_("%(limits)s without tax", limits=limits)) if limits and stage.without_tax else limits


def _limits(above: str, up_to: str) -> str:
    if above and up_to:
        return str(_("over %(above)s up to %(up_to)s", above=above, up_to=up_to))
    if above:
        return str(_("over %(amount)s", amount=above))
    return str(_("up to %(amount)s", amount=up_to)) if up_to else ""


def _money_words(minor: int | None, currency: str) -> str:
    return "" if minor is None else Money(minor, currency).words(language.current())
