"""Opening, telling, ending, reopening and withdrawing incidents (SP-9 to SP-16, SP-35, SP-38)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from portal.audit import actions as audit
from portal.core.db import db, lock
from portal.core.errors import Refused
from portal.core.events import publish
from portal.people.models import Person
from portal.status.actions import changes
from portal.status.events import IncidentPublished, IncidentReopened, IncidentResolved, IncidentUpdatePublished
from portal.status.models import Incident, IncidentImpact, IncidentNote, IncidentUpdate, UpdateVersion
from portal.status.vocabulary import INVESTIGATING, OPEN_STATES, POSTMORTEM, RESOLVED

KIND = "incident"
BACKDATED = timedelta(hours=24)


@dataclass(frozen=True)
class Words:
    """What one update says: words in the languages there are, the state, statuses by component id, when more is promised."""

    body: Mapping[str, str]
    state: str = INVESTIGATING
    impacts: Mapping[int, str] = field(default_factory=dict)
    next_due_at: datetime | None = None
    notify: bool = True
    published_at: datetime | None = None


@dataclass(frozen=True)
class Opening:
    """What an incident begins with."""

    name: Mapping[str, str]
    language: str
    started_at: datetime
    words: Words
    declared_impact: str | None = None
    for_the_record: bool = False
    internal: bool = False


def open_incident(opening: Opening, by: Person, now: datetime) -> Incident:
    """Open an incident with its first update; with a later publication it has no effect until then (SP-35)."""
    if opening.started_at > now:
        raise Refused(_("An incident cannot begin in the future."))
    published = opening.words.published_at or now
    backdated = opening.for_the_record or published - opening.started_at > BACKDATED
    incident = Incident(
        name=dict(opening.name),
        language=opening.language,
        internal=opening.internal,
        started_at=opening.started_at,
        published_at=published,
        declared_impact=opening.declared_impact,
        for_the_record=backdated,
        owner_id=by.id,
    )
    db.session.add(incident)
    db.session.flush()
    update = _say(incident, opening.words, published, opening.started_at, by, now)
    audit.record(by, "incident.opened", KIND, incident.id, after=dict(opening.name))
    changes.incident_changed(incident, now)
    if published <= now:
        publish(IncidentPublished(incident.id))
        publish(IncidentUpdatePublished(incident.id, update.id))
    return incident


def tell(incident: Incident, words: Words, by: Person, now: datetime) -> IncidentUpdate:
    """Publish an update, never before its incident (SP-35); its state must be reachable from the present one (SP-11)."""
    lock(Incident, incident.id)
    before = state_of(incident)
    if words.state not in reachable(before):
        raise Refused(_("This incident is already in another state. Look at it again before you write."))
    published = _seen_at(incident, words.published_at or now)
    update = _say(incident, words, published, published, by, now)
    if words.state == RESOLVED:
        incident.ended_at = incident.ended_at or published
    incident.revision += 1
    audit.record(by, "incident.updated", KIND, incident.id, after={"state": words.state})
    changes.incident_changed(incident, now, published)
    if published <= now:
        publish(IncidentUpdatePublished(incident.id, update.id))
        if words.state == RESOLVED:
            publish(IncidentResolved(incident.id))
    return update


def reopen(incident: Incident, words: Words, by: Person, now: datetime) -> IncidentUpdate:
    """Go on with an incident that had ended; its first resolution stays in the history (SP-11)."""
    lock(Incident, incident.id)
    if state_of(incident) in OPEN_STATES:
        raise Refused(_("This incident is still open."))
    published = _seen_at(incident, now)
    update = _say(incident, words, published, published, by, now)
    update.reopens, incident.ended_at = True, None
    incident.revision += 1
    audit.record(by, "incident.reopened", KIND, incident.id)
    changes.incident_changed(incident, now, published)
    if published <= now:
        publish(IncidentUpdatePublished(incident.id, update.id))
        publish(IncidentReopened(incident.id))
    return update


def retract(incident: Incident, body: Mapping[str, str], by: Person, now: datetime) -> IncidentUpdate:
    """Withdraw a wrong publication by saying so; nothing is deleted, and it counts for nothing (SP-14).

    What is still embargoed is never published at all (SP-35).
    """
    lock(Incident, incident.id)
    published = _seen_at(incident, now)
    update = _say(incident, Words(body=body, state=RESOLVED), published, published, by, now)
    update.retracts, incident.ended_at = True, min(incident.ended_at or now, now)
    incident.internal = incident.internal or published > now
    incident.revision += 1
    audit.record(by, "incident.retracted", KIND, incident.id)
    changes.incident_changed(incident, now, published)
    if published <= now:
        publish(IncidentUpdatePublished(incident.id, update.id))
    return update


def correct(update: IncidentUpdate, body: Mapping[str, str], by: Person, now: datetime, *, notify: bool = False) -> None:
    """Correct the text of an update; the old one is kept, its ids stay, and nobody is told unless asked for (SP-14, SP-38)."""
    incident: Incident = lock(Incident, update.incident_id)
    if dict(update.body) == dict(body):
        return
    only_added = all(body.get(code) == text for code, text in update.body.items() if text)
    db.session.add(UpdateVersion(kind=KIND, update_id=update.id, body=dict(update.body), replaced_at=now, by_id=by.id))
    update.body = dict(body)
    if not only_added or update.published_at > now:
        update.edited_at = now if update.published_at <= now else None
    incident.revision += 1
    audit.record(by, "incident.corrected", KIND, incident.id)
    changes.incident_changed(incident, now, update.published_at)
    if notify and update.published_at <= now and not incident.for_the_record:
        publish(IncidentUpdatePublished(incident.id, update.id, corrected=True))


def rename(
    incident: Incident, name: Mapping[str, str], declared_impact: str | None, seen: int, by: Person, now: datetime
) -> None:
    """Change the name or add a translation, and what impact is declared over the computed one; nobody is told."""
    lock(Incident, incident.id)
    if incident.revision != seen:
        raise changes.Stale
    incident.name, incident.declared_impact, incident.revision, incident.edited_at = dict(name), declared_impact, seen + 1, now
    audit.record(by, "incident.renamed", KIND, incident.id, after=dict(name))
    changes.incident_changed(incident, now)


def note(incident: Incident, body: str, by: Person, now: datetime) -> None:
    """Tell colleagues something that never leaves (SP-34)."""
    db.session.add(IncidentNote(incident_id=incident.id, body=body, at=now, by_id=by.id))


def reachable(state: str) -> Sequence[str]:
    """Return the states that an update may set after `state` (SP-11)."""
    if state in OPEN_STATES:
        return (*OPEN_STATES, RESOLVED)
    return (POSTMORTEM,)


def state_of(incident: Incident) -> str:
    """Return the state that the newest update set or will set."""
    newest = select(IncidentUpdate.state).where(IncidentUpdate.incident_id == incident.id)
    found = db.session.scalar(newest.order_by(IncidentUpdate.published_at.desc(), IncidentUpdate.id.desc()).limit(1))
    return found or INVESTIGATING


def _seen_at(incident: Incident, wanted: datetime) -> datetime:
    """Return when an update can be seen: not before its incident (SP-35)."""
    return max(wanted, incident.published_at)


def _say(incident: Incident, words: Words, published: datetime, since: datetime, by: Person, now: datetime) -> IncidentUpdate:
    due = words.next_due_at if words.state in OPEN_STATES else None
    later = max(published - (words.published_at or now), timedelta())  # the promise begins with the publication (SP-13)
    update = IncidentUpdate(
        incident_id=incident.id,
        state=words.state,
        body=dict(words.body),
        created_at=now,
        published_at=published,
        next_due_at=due + later if due else None,
        notify=words.notify and not incident.for_the_record,
        by_id=by.id,
    )
    db.session.add(update)
    db.session.flush()
    if words.state in OPEN_STATES or since == incident.started_at:
        for component, status in words.impacts.items():
            row = IncidentImpact(incident_id=incident.id, update_id=update.id, component_id=component, status=status, since=since)
            db.session.add(row)
    return update
