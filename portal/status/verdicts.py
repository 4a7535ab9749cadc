"""The sentences of the page indicator in the languages that are fixed (status-page.md; status-api.md 3.2)."""

from collections.abc import Iterable

from portal.status import effective
from portal.status.effective import Verdict
from portal.status.view import PublicIncident, Text

SPANISH = {
    effective.CRITICAL_SENTENCE: "Interrupción grave de todo el sistema",
    effective.PARTIAL_SENTENCE: "Interrupción parcial del sistema",
    effective.MINOR_SENTENCE: "Interrupción menor del servicio",
    effective.SLOW_SENTENCE: "Todo el sistema va lento",
    effective.SOME_SLOW_SENTENCE: "Una parte del servicio va lenta",
    effective.MAINTENANCE_SENTENCE: "Servicio en mantenimiento",
    effective.FINE_SENTENCE: "Todos los servicios funcionan",
}


def describe(verdict: Verdict, incidents: Iterable[PublicIncident]) -> Text:
    """Return the description of the whole page: a fixed sentence, or the name of the incident that decides."""
    if verdict.incident:
        return next(one.name for one in incidents if one.id == verdict.incident)
    return Text({"en": verdict.sentence, "es": SPANISH[verdict.sentence]}, "en")
