"""One seeded world for the test of rights: things of several owners, each with a word that stands nowhere else."""

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug.datastructures import FileStorage

from portal.announcements import actions as announcements
from portal.announcements.audiences import Group
from portal.announcements.models import AnnouncementDraft
from portal.attachments import actions as attachments
from portal.catalogue.actions.drafts import Seen, save_draft
from portal.catalogue.formkit.answers import Typed
from portal.catalogue.queries import published_version
from portal.core import clock
from portal.core.db import db
from portal.feeds.queries import entries_of
from portal.knowledge import actions as standards
from portal.notifications.models import Notification, Outbox
from portal.people.models import Person
from portal.requests import actions, saved_views
from portal.requests.models import Request
from portal.service_levels import actions as service_levels
from portal.service_levels.models import ServiceLevel
from portal.teams import actions as teams
from portal.tracking import actions as tracking
from portal.tracking import codes
from portal.training import actions as trainings
from portal.training.queries import dates_of
from tests.cast.people import Cast, away, build
from tests.factories import catalogue as make
from tests.factories import status, training

WORDS = {
    "OWNWORD": "what the employee asked for and her head is asked about",
    "OPENWORD": "what the employee asked for and IT works on",
    "NOTEWORD": "an internal note of IT",
    "SECRETWORD": "a confidential answer that only IT and the employee read",
    "THEIRSWORD": "what a patient asked the doctor in a closed department",
    "HIDDENWORD": "a service that only the patient finds",
    "VIEWWORD": "a view of the queue that an agent keeps to herself",
    "TRAININGWORD": "a session for the department of the doctor alone",
    "PARCELWORD": "what is in a shipment of IT",
    "DRAFTWORD": "what the employee has typed and not sent",
    "TOLDWORD": "an announcement that the patient alone may read",
    "BEGUNWORD": "an announcement that a head has begun to write",
}
FORM = {
    "sections": [
        {
            "key": "what",
            "fields": [
                make.field("subject", "short_text", "Qué", "What", required=True),
                make.field("private", "short_text", "Privado", "Private", confidential={"groups": ["role:agent"]}),
            ],
        }
    ],
    "title": ["subject"],
}  # fmt: skip


@dataclass
class World:
    """The things by their names, as addresses need them."""

    cast: Cast
    ids: dict[str, dict[str, str]]


def seed() -> World:
    """Write the world into the database of the present context; the caller commits."""
    cast, now = build(), clock.now()
    approved = make.service(cast.it, "laptop", FORM, stages=({"rule": "requester_head"},))
    helped = make.service(cast.it, "help", FORM)
    name = {"es": "HIDDENWORD", "en": "HIDDENWORD"}
    only = ({"kind": "person", "person_id": cast.patient.id},)
    hidden = make.service(cast.occupational_health, "check", FORM, audience=only, confidential=True, name=name)
    own = _ask(approved, cast.employee, "OWNWORD", private="SECRETWORD")
    open_ = _ask(helped, cast.employee, "OPENWORD", private="SECRETWORD")
    theirs = _ask(hidden, cast.patient, "THEIRSWORD")
    actions.take(open_, cast.agent, now)
    said = actions.comment(open_, cast.employee, "OPENWORD said", internal=False, now=now)
    noted = actions.comment(open_, cast.agent, "NOTEWORD", internal=True, now=now)
    actions.add_watcher(open_, cast.colleague, cast.employee, now)
    actions.add_watcher(open_, cast.improver, cast.employee, now)
    actions.remove_watcher(open_, cast.improver, cast.employee, now)
    files = {
        "file": _file(cast.employee, open_, "OPENWORD.txt"),
        "note_file": _file(cast.agent, open_, "NOTEWORD.txt", internal=True),
        "secret_file": _file(cast.employee, open_, "SECRETWORD.txt", field_key="private"),
    }
    typed = Typed("es", {"subject": ("DRAFTWORD",)})
    draft = save_draft(cast.employee, published_version(helped.id), "k" * 22, typed, Seen(0), now)
    absence = away(cast.trainer, cast.editor)
    sentence = {"es": "En un día.", "en": "Within a day."}
    standard = standards.promise(cast.it, standards.Content(sentence, helped, "fulfilment", None), cast.head2, now)
    posted = training.session(cast.trainer, 2, "2030-03-12 09:00")
    health = {"title": {"es": "TRAININGWORD", "en": "TRAININGWORD"}, "departments": [cast.occupational_health]}
    for_few = training.session(cast.trainer, 2, "2030-03-13 09:00", of=posted.topic, **health)
    team = teams.make(cast.it, teams.Content({"en": "Network", "es": "Redes"}, [cast.agent], [cast.agent]), cast.head2, now)
    parcel, code = _parcel(cast, now)
    enrolled = trainings.enrol(posted, cast.colleague, now)
    db.session.flush()
    db.session.expire_all()
    ids = {
        "reference": {"own": own.reference, "open": open_.reference, "theirs": theirs.reference},
        "comment": {"said": said.public_id, "noted": noted.public_id},
        "file": {key: file.public_id for key, file in files.items()},
        "service": {"laptop": approved.public_id, "check": hidden.public_id},
        "draft": {"draft": draft.public_id},
        "absence": {"absence": absence.public_id},
        "approval": {"own": _approval(own)},
        "person": {"trainer": cast.trainer.public_id, "colleague": cast.colleague.public_id},
        "department": {"it": cast.it.public_id},
        "level": {"first": str(db.session.query(ServiceLevel).order_by(ServiceLevel.position).first().public_id)},
        "calendar": {"office": _calendar(cast)},
        "view": {"shared": _view(cast, "Shared", True), "private": _view(cast, "VIEWWORD", False)},
        "notification": {"first": _first(Notification, cast.head)},
        "standard": {"it": standard.public_id},
        "announcement": {
            "open": _announcement(cast, "Announced", Group("department", "customer-care", cast.customer_care.id), "open"),
            "confidential": _announcement(cast, "TOLDWORD", Group("person", "", cast.patient.id), "confidential"),
        },
        "announcement_draft": {"draft": _announcement_draft(cast)},
        "team": {"it": team.public_id},
        "code": {"parcel": code},
        "tracked_item": {"parcel": parcel},
        **_window_outside(cast),
        "training": _training(posted, for_few, enrolled),
        "calendar_entry": {"of a colleague": entries_of("enrolment", enrolled.id)[0].public_id},
        "outbox": {"first": _first(Outbox, cast.head)},
    }
    return World(cast, ids)


def _parcel(cast: Cast, now: datetime) -> tuple[str, str]:
    new = tracking.Registration("shipment", "2026-00412", cast.it, "Europe/Madrid", contents="PARCELWORD")
    item = tracking.register(new, None, now)
    return item.public_id, codes.shown(tracking.issue_code(item, None, now))


def _ask(service: Any, requester: Person, word: str, **private: str) -> Request:
    answers = [actions.Answer("subject", word, "Qué", word)]
    answers += [actions.Answer(key, text, "Privado", text) for key, text in private.items()]
    version = published_version(service.id)
    sending = actions.Sending(service, version, requester, send_key=f"key-{word}", title=word, answers=answers)
    request = actions.send(sending, requester, clock.now()).request
    db.session.flush()
    return request


def _window_outside(cast: Cast) -> dict[str, dict[str, str]]:
    """Write a component of the public window with an incident and planned maintenance."""
    found = status.component("Tracking")
    incident = status.incident(cast.editor, {found: "partial_outage"})
    window = status.window(cast.editor, {found: "under_maintenance"})
    things = {"component": found, "incident": incident, "maintenance": window}
    return {kind: {"public": str(thing.public_id)} for kind, thing in things.items()}


def _training(posted: Any, for_few: Any, enrolled: Any) -> dict[str, str]:
    things = {"open": posted, "hidden": for_few, "enrolment": enrolled, "date": dates_of(posted.id)[0], "topic": posted.topic}
    return {name: thing.public_id for name, thing in things.items()}


def _file(by: Person, request: Request, name: str, **link: Any) -> Any:
    upload = FileStorage(io.BytesIO(b"text"), filename=name)
    kept = attachments.store(upload, by, 1000, clock.now())
    attachments.link(kept, "request", request.id, by, clock.now(), **link)
    return kept


def _view(cast: Cast, name: str, shared: bool) -> str:
    return str(saved_views.save(cast.it, name, {"assignee": "me"}, shared, cast.agent, clock.now()).public_id)


def _announcement(cast: Cast, text: str, group: Group, access: str) -> str:
    now, said = clock.now(), {"es": text, "en": text}
    words = announcements.Words(said, said)
    wanted = announcements.Composition(
        words, cast.human_resources, [group], now.replace(tzinfo=None), now, "Europe/Madrid", level="to_confirm", access=access
    )
    return str(announcements.publish(wanted, cast.editor, now).public_id)


def _announcement_draft(cast: Cast) -> str:
    draft = AnnouncementDraft(author=cast.head, content={"title_es": "BEGUNWORD"}, created_at=clock.now(), saved_at=clock.now())
    db.session.add(draft)
    db.session.flush()
    return str(draft.public_id)


def _calendar(cast: Cast) -> str:
    hours = {day: {"09:00": "18:00"} for day in ("mon", "tue", "wed", "thu", "fri")}
    content = {"name": "Office", "zone": "Europe/Madrid", "hours": hours, "exceptions": []}
    made = service_levels.create_calendar(content, cast.admin, clock.now())
    service_levels.assign(made, [cast.it.id], [cast.it.id], cast.admin)
    return str(made.public_id)


def _approval(request: Request) -> str:
    from portal.approvals.models import Approval

    found = db.session.query(Approval).filter_by(kind="request", subject_id=request.id).one()
    return str(found.public_id)


def _first(model: Any, person: Person) -> str:
    found = db.session.query(model).filter_by(recipient_id=person.id).first()
    return str(found.public_id) if found else "zzzzzzzzzzzz"
