"""What everybody may know: typed objects with public fields only, from which everything public is made (SP-32)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.status.effective import Verdict
from portal.status.spans import Span
from portal.status.vocabulary import CANCELLED, OPEN_STATES, OPERATIONAL


@dataclass(frozen=True)
class Text:
    """Words in the languages there are; `original` is the one they were written in (SP-38)."""

    words: Mapping[str, str]
    original: str

    def speaks(self, lang: str) -> bool:
        """Return whether there is a translation."""
        return bool(self.words.get(lang))

    def language(self, lang: str) -> str:
        """Return the language in which the words come to a reader of `lang`."""
        if self.speaks(lang):
            return lang
        return self.original if self.speaks(self.original) else next((code for code, text in self.words.items() if text), lang)

    def text(self, lang: str) -> str:
        """Return the words for a reader of `lang`: the original where nobody has translated them yet."""
        return self.words.get(self.language(lang)) or ""


@dataclass(frozen=True)
class PublicComponent:
    """A component with what it has been like since the beginning of the 90 days."""

    id: str
    name: Text
    description: Text | None
    status: str
    created_at: datetime
    updated_at: datetime
    position: int
    showcase: bool
    start_date: date
    group_id: str | None
    only_show_if_degraded: bool
    spans: tuple[Span, ...]
    unconfirmed_since: datetime | None
    never_confirmed: bool
    kept_days: Mapping[date, int | None]

    @property
    def works(self) -> bool:
        """Return whether it is as it should be."""
        return self.status == OPERATIONAL


@dataclass(frozen=True)
class PublicGroup:
    """A group with its public children."""

    id: str
    name: Text
    status: str
    created_at: datetime
    updated_at: datetime
    position: int
    children: tuple[PublicComponent, ...]
    open_incidents: int


@dataclass(frozen=True)
class Affected:
    """What an update declared of a component."""

    component: str
    old_status: str
    new_status: str


@dataclass(frozen=True)
class PublicUpdate:
    """What was said of an incident or window."""

    id: str
    of: str
    state: str
    body: Text
    created_at: datetime
    updated_at: datetime
    published_at: datetime
    edited_at: datetime | None
    affected: tuple[Affected, ...]
    notify: bool
    next_due_at: datetime | None = None


@dataclass(frozen=True)
class PublicIncident:
    """An incident, its updates newest first; `impact` is the computed one, or what people declared."""

    id: str
    name: Text
    state: str
    impact: str
    started_at: datetime
    created_at: datetime
    updated_at: datetime
    monitoring_at: datetime | None
    resolved_at: datetime | None
    updates: tuple[PublicUpdate, ...]
    components: tuple[str, ...]
    names: tuple[Text, ...]
    for_the_record: bool

    @property
    def is_open(self) -> bool:
        """Return whether it is not resolved."""
        return self.state in OPEN_STATES

    @property
    def next_due_at(self) -> datetime | None:
        """Return when its newest update promised the next one; an ended incident promises nothing (SP-13)."""
        return self.updates[0].next_due_at if self.is_open and self.updates else None


@dataclass(frozen=True)
class PublicMaintenance:
    """A planned window, its updates newest first."""

    id: str
    name: Text
    state: str
    impact: str
    scheduled_for: datetime
    scheduled_until: datetime
    started_at: datetime | None
    ended_at: datetime | None
    created_at: datetime
    updated_at: datetime
    updates: tuple[PublicUpdate, ...]
    components: tuple[str, ...]
    names: tuple[Text, ...]
    sequence: int
    overrunning: bool

    @property
    def is_cancelled(self) -> bool:
        """Return whether it does not take place."""
        return self.state == CANCELLED


@dataclass(frozen=True)
class PublicView:
    """All that is public at one instant. `as_of` is when it last was confirmed, `updated_at` when it last changed."""

    page_id: str
    revision: int
    zone: str
    now: datetime
    as_of: datetime
    updated_at: datetime
    today: date
    verdict: Verdict
    description: Text
    items: tuple[PublicGroup | PublicComponent, ...]
    incidents: tuple[PublicIncident, ...]
    maintenances: tuple[PublicMaintenance, ...]
    # when it was written into the static copy; pages say so, data do not
    copied_at: datetime | None = None

    @property
    def components(self) -> tuple[PublicComponent, ...]:
        """Return the components in the order of the page, without groups."""
        return tuple(one for item in self.items for one in (item.children if isinstance(item, PublicGroup) else (item,)))

    @property
    def by_id(self) -> Mapping[str, PublicComponent]:
        """Return the components by their public ids."""
        return {one.id: one for one in self.components}

    @property
    def open_incidents(self) -> Sequence[PublicIncident]:
        """Return what is not resolved, the newest update first."""
        there = (one for one in self.incidents if one.is_open)
        return sorted(there, key=lambda one: (one.updated_at, one.id), reverse=True)
