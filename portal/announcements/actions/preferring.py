"""How a person hears of announcements; nothing switches off what is to be confirmed (rule 15)."""

from portal.announcements.models import AnnouncementPreference
from portal.core.db import db
from portal.people.models import Person


def prefer(person: Person, digest: str, mail: bool) -> None:
    """Keep what the person wishes."""
    found = db.session.get(AnnouncementPreference, person.id)
    if found is None:
        found = AnnouncementPreference(person_id=person.id)
        db.session.add(found)
    found.digest, found.mail = digest, mail


def unsubscribe(person: Person) -> None:
    """Send no digest and nothing that is only important any more."""
    prefer(person, "none", False)
