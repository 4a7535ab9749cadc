"""Atom and RSS of the public view: permanent ids, strictly falling time stamps, never the present time (SP-49 to SP-51)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup, escape

from portal.core.markup import markdown
from portal.status import words
from portal.status.view import PublicUpdate, PublicView, Text

ATOM = "http://www.w3.org/2005/Atom"
MOST = 50
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Entry:
    """One entry of a feed; `tag` is its id for ever."""

    tag: str
    title: str
    url: str
    published: datetime
    updated: datetime
    content: str


@dataclass(frozen=True)
class Feed:
    """A feed with its entries, the newest first."""

    tag: str
    title: str
    lang: str
    home: str
    own: str
    updated: datetime
    entries: Sequence[Entry]


class Writer:
    """Makes the entries of one view in one language."""

    def __init__(self, view: PublicView, lang: str, address: str, authority: str) -> None:
        self.view, self.lang, self.address, self.authority = view, lang, address, authority

    def tag(self, name: str, id_: str) -> str:
        """Return the permanent id of an entry (SP-50)."""
        return f"tag:{self.authority},2005:{name}/{id_}"

    def history(self) -> list[Entry]:
        """Return one entry for each incident and window, its updates inside newest first."""
        found = [
            self.thing(one.id, one.name, one.created_at, one.updated_at, one.updates, "incidents") for one in self.view.incidents
        ]
        return found + [
            self.thing(one.id, one.name, one.created_at, one.updated_at, one.updates, "maintenance")
            for one in self.view.maintenances
        ]

    def thing(
        self, id_: str, name: Text, created: datetime, updated: datetime, updates: Sequence[PublicUpdate], where: str
    ) -> Entry:
        """Return the entry of an incident or window."""
        content = "".join(self.paragraph(one) for one in updates)
        newest = max([one.updated_at for one in updates], default=updated)
        url = f"{self.address}/status/{self.lang}/{where}/{id_}"
        return Entry(self.tag("Incident", id_), name.text(self.lang), url, created, newest, content)

    def updates(self) -> list[Entry]:
        """Return one entry for each update."""
        things = [(one.name, one.updates, "incidents") for one in self.view.incidents]
        things += [(one.name, one.updates, "maintenance") for one in self.view.maintenances]
        return [self.update(one, name, where) for name, updates, where in things for one in updates]

    def update(self, one: PublicUpdate, name: Text, where: str) -> Entry:
        """Return the entry of one update."""
        title = f"{words.state_word(one.state)}: {name.text(self.lang)}"
        url = f"{self.address}/status/{self.lang}/{where}/{one.of}#update_{one.id}"
        return Entry(self.tag("IncidentUpdate", one.id), title, url, one.published_at, one.updated_at, self.paragraph(one))

    def paragraph(self, one: PublicUpdate) -> str:
        """Return one update as the paragraph that feed readers show."""
        text = str(markdown(one.body.text(self.lang))).strip()
        inner = text.removeprefix("<p>").removesuffix("</p>") if text.count("<p>") == 1 and text.endswith("</p>") else text
        at, state = escape(words.moment(one.published_at, self.view.zone)), escape(words.state_word(one.state))
        return f"<p><small>{at}</small><br><strong>{state}</strong> - {Markup(inner)}</p>"  # noqa: S704 - from the sanitiser

    def feed(self, kind: str, title: str, own: str) -> Feed:
        """Return a whole feed: `history` or `updates`."""
        entries = distinct(self.history() if kind == "history" else self.updates())
        updated = entries[0].updated if entries else self.view.updated_at
        home = f"{self.address}/status/{self.lang}/"
        return Feed(f"tag:{self.authority},2005:/{kind}", title, self.lang, home, own, updated, entries)


def distinct(entries: Iterable[Entry]) -> list[Entry]:
    """Return the newest 50, each a second earlier than the one above where they tie (SP-51)."""
    found: list[Entry] = []
    for entry in sorted(entries, key=lambda one: (one.updated, one.published, one.tag), reverse=True)[:MOST]:
        latest = found[-1].updated - SECOND if found else entry.updated
        found.append(replace(entry, updated=min(entry.updated, latest)))
    return found


def atom(feed: Feed) -> str:
    """Return a feed as Atom."""
    root = Element("feed", {"xmlns": ATOM, "xml:lang": feed.lang})
    _text(root, "id", feed.tag)
    _text(root, "title", feed.title)
    _text(root, "updated", _iso(feed.updated))
    SubElement(root, "link", rel="alternate", type="text/html", href=feed.home)
    SubElement(root, "link", rel="self", type="application/atom+xml", href=feed.own)
    _text(SubElement(root, "author"), "name", feed.title)
    for one in feed.entries:
        entry = SubElement(root, "entry")
        _text(entry, "id", one.tag)
        _text(entry, "title", one.title)
        _text(entry, "published", _iso(one.published))
        _text(entry, "updated", _iso(one.updated))
        SubElement(entry, "link", rel="alternate", type="text/html", href=one.url)
        SubElement(entry, "content", type="html").text = one.content
    return _written(root)


def rss(feed: Feed) -> str:
    """Return a feed as RSS 2.0, its entries with the same permanent ids."""
    root = Element("rss", {"version": "2.0", "xmlns:atom": ATOM})
    channel = SubElement(root, "channel")
    _text(channel, "title", feed.title)
    _text(channel, "link", feed.home)
    _text(channel, "description", feed.title)
    _text(channel, "language", feed.lang)
    _text(channel, "pubDate", format_datetime(feed.updated))
    SubElement(channel, "atom:link", rel="self", type="application/rss+xml", href=feed.own)
    for one in feed.entries:
        item = SubElement(channel, "item")
        _text(item, "title", one.title)
        _text(item, "description", one.content)
        _text(item, "pubDate", format_datetime(one.updated))
        _text(item, "link", one.url)
        SubElement(item, "guid", isPermaLink="false").text = one.tag
    return _written(root)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _written(root: Element) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"
