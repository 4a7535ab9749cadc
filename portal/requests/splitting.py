"""Splitting a request: parts of it become requests of their own, linked both ways (permissions.md 2, row 14).

The whole keeps its clocks, people and approvals; a part starts at the split (service-levels.md 24), and where its service
needs approval, it is asked for anew (requests.md 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import or_, select

from portal.attachments.models import StoredFile
from portal.attachments.queries import files_of
from portal.catalogue.formkit.pricing import Sum
from portal.catalogue.models import Service
from portal.catalogue.queries import form_of, published_version
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.core.text import fold, in_language
from portal.people.models import Person
from portal.requests import history, messages, queries, states
from portal.requests.assigning import KIND, locked_by_agent
from portal.requests.models import WITH_DEPARTMENT, Request, RequestAnswers
from portal.requests.sending import TITLE, Answer, Sending, send, sent_with
from portal.search import actions as search
from portal.teams.models import Team


@dataclass(frozen=True)
class Part:
    """What becomes a request of its own."""

    title: str
    service: Service


def services_for(request: Request) -> Sequence[Service]:
    """Return what a part can ask for: what its department offers, and the service of the whole."""
    offered = or_(Service.state == "published", Service.id == request.service_id)
    found = db.session.scalars(select(Service).where(Service.department_id == request.department_id, offered))
    return sorted(found, key=lambda service: fold(in_language(service.name)))


def split(
    request: Request, parts: Sequence[Part], send_key: str, by: Person, now: datetime, title: str = ""
) -> Sequence[Request]:
    """Make each part a request of its own; `title` is what the whole is called from now on, if it is given.

    Sent twice under one key it is done once (RE-9).
    """
    _lock_teams(parts)
    request = locked_by_agent(request, by, now)
    if sent_with(request.author, _key(send_key, 1)) is not None:
        return []
    if request.state not in WITH_DEPARTMENT:
        states.refuse(request, now)
    if not parts:
        raise Refused(_("Say what becomes a request of its own."))
    _refuse_unless_offered(request, parts, now)
    sendings = [_sending(request, part, _key(send_key, number)) for number, part in enumerate(parts, 1)]
    made = [send(sending, by, now).request for sending in sendings]
    if title and title != request.title:
        _rename(request, title, by, now)
    messages.split(request, made, by, now)
    return made


def _lock_teams(parts: Sequence[Part]) -> None:
    """Lock the teams that receive the parts, in one order and before the whole, as when a team ends (C3)."""
    for team_id in sorted({part.service.team_id for part in parts if part.service.team_id is not None}):
        lock(Team, team_id)


def _key(send_key: str, number: int) -> str:
    return f"{send_key}/{number}"


def _refuse_unless_offered(request: Request, parts: Sequence[Part], now: datetime) -> None:
    known = {service.id for service in services_for(request)}
    for service in (part.service for part in parts):
        if service.id not in known:
            raise Refused(_("Choose a service of this department."))
        if service.id != request.service_id and not queries.is_offered(service.id, request.beneficiary, now):
            name, said = request.beneficiary.name, in_language(service.name)
            raise Refused(_("%(service)s is not for %(name)s: nobody can ask for it for them.", service=said, name=name))


def _sending(whole: Request, part: Part, send_key: str) -> Sending:
    """Return what is sent: a part of the same service takes answers, files and price along, another one is asked nothing."""
    version, answers, files, cost = whole.form_version, list[Answer](), list[tuple[StoredFile, str | None]](), None
    if part.service.id == whole.service_id:
        kept = db.session.get_one(RequestAnswers, whole.id)
        answers, files = [Answer(**answer) for answer in kept.content], _files(whole)
        cost = Sum.from_json(kept.cost) if kept.cost else None
    else:
        version = published_version(part.service.id) or version
    return Sending(
        service=part.service,
        form_version=version,
        requester=whole.requester,
        beneficiary=whole.beneficiary,
        send_key=send_key,
        title=part.title,
        answers=answers,
        files=files,
        sum=cost,
        part_of=whole,
    )


def _files(whole: Request) -> list[tuple[StoredFile, str | None]]:
    """Return the files of what was asked for, with their questions; those of the conversation stay with it (AP-12)."""
    links = files_of(KIND, whole.id, False, tuple(form_of(whole.form_version).by_key))
    return [(link.file, link.field_key) for link in links if link.comment_id is None]


def _rename(request: Request, title: str, by: Person, now: datetime) -> None:
    before, request.title, request.title_folded = request.title, title, fold(title)[:TITLE]
    history.write(request, "renamed", by, now, before=before)
    search.index(KIND, request, now)
