"""Sending a request of the demo: the answers are typed, read and checked as those of anybody."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.catalogue.formkit.answers import Filled, Typed, fill
from portal.catalogue.formkit.pricing import sum_of
from portal.catalogue.formkit.reading import title_of, to_store
from portal.catalogue.formkit.rows import asked_by
from portal.catalogue.formkit.schema import Form
from portal.catalogue.models import FormVersion, Service
from portal.catalogue.queries import context_of, form_of
from portal.core.security import new_token
from portal.demo.company import DOMAIN
from portal.demo.staff import ZONE
from portal.demo.telling import Case
from portal.people.models import Person
from portal.requests import actions
from portal.requests.models import Request

LANGUAGE = "es"
WEEKEND = (5, 6)


def typed(case: Case, form: Form, names: Mapping[str, str], now: datetime) -> Typed:
    """Return the case as somebody types it now."""
    texts = {name: _texts(_kind(form, name), answer, names, now) for name, answer in case.answers.items()}
    return Typed(LANGUAGE, texts)


def _kind(form: Form, name: str) -> str:
    """Return the type of the question, or of the column of a row, that the case answers."""
    asked = asked_by(form, name)
    assert asked is not None, name  # noqa: S101 - a mistake in the demo
    return asked.type


def _texts(kind: str, answer: str | Sequence[str], names: Mapping[str, str], now: datetime) -> tuple[str, ...]:
    if not isinstance(answer, str):
        return tuple(answer)
    if kind in ("date", "date_time"):
        return (_day(answer, now),)
    return (f"{answer}@{DOMAIN}",) if kind == "person" else (answer.format_map(names),)


def _day(answer: str, now: datetime) -> str:
    """Return the date that "+9" or "+2 10:00" means for somebody who writes now: a working day."""
    days, _blank, hour = answer.partition(" ")
    day = (now.astimezone(ZoneInfo(ZONE)) + timedelta(days=int(days))).date()
    while int(days) > 0 and day.weekday() in WEEKEND:
        day += timedelta(days=1)
    return f"{day.isoformat()}T{hour.zfill(5)}" if hour else day.isoformat()


def filled(case: Case, version: FormVersion, requester: Person, names: Mapping[str, str], now: datetime) -> Filled:
    """Return the form filled in with the case."""
    form = form_of(version)
    return fill(form, typed(case, form, names, now), context_of(requester, now, language=LANGUAGE))


def send(
    case: Case,
    service: Service,
    version: FormVersion,
    requester: Person,
    names: Mapping[str, str],
    now: datetime,
    beneficiary: Person | None = None,
) -> Request:
    """Send the case, perhaps for somebody else; a case that its form does not accept is a mistake in the demo."""
    sheet = filled(case, version, requester, names, now)
    if sheet.problems:
        raise ValueError(f"{case.service}: {', '.join(problem.in_summary for problem in sheet.problems)}")
    answers = to_store(sheet)
    said = title_of(sheet.form, {answer.key: answer for answer in answers}, LANGUAGE)
    title = actions.title_for(service, said, LANGUAGE)
    sending = actions.Sending(
        service=service,
        form_version=version,
        requester=requester,
        beneficiary=beneficiary,
        send_key=new_token(),
        title=title,
        answers=answers,
        sum=sum_of(sheet),
    )
    return actions.send(sending, requester, now).request
