"""Answering everybody: one validator, 304 before anything is drawn, and bodies kept as long as they are true (SP-23, SP-53)."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import NotFound, ServiceUnavailable
from werkzeug.wrappers import Response

from portal.core import clock, public_pages
from portal.core.db import db
from portal.status import copying, queries, stamps
from portal.status.view import PublicView
from portal.status.vocabulary import OPERATIONAL

KEPT = 200
ETAG_LENGTH = 32
Make = Callable[[PublicView], str | None]


class Memory:
    """What this process has made lately: views by stamp, bodies by validator; the validators say when they are no longer true."""

    def __init__(self, release: str) -> None:
        self.release = release
        self._kept: OrderedDict[object, object] = OrderedDict()
        self._lock = Lock()

    def get(self, key: object) -> object | None:
        """Return what was kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: object, value: object) -> None:
        """Keep something; the longest unused goes."""
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        """Forget everything: the database is another one."""
        with self._lock:
            self._kept.clear()


def install(app: Flask) -> None:
    """Remember what this release draws from, so that its validators differ from those of another one."""
    root = Path(app.root_path)
    folders = (Path(str(app.template_folder)), root / "status", root / "translations")
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in {".html", ".py", ".po"})
    release = hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
    app.extensions["status_memory"] = Memory(release + app.extensions["assets"].url("css-public"))


def memory() -> Memory:
    """Return what this process keeps."""
    found: Memory = current_app.extensions["status_memory"]
    return found


def from_copy(path: str, mimetype: str) -> Response:
    """Answer from the static copy, while only the database is away (SP-55)."""
    db.session.rollback()
    body = copying.read(path)
    if body is None:
        raise ServiceUnavailable(retry_after=5)
    return public_pages.keep(Response(body, mimetype=mimetype))


def view_at(now: datetime, stamp: stamps.Stamp) -> PublicView:
    """Return the public view of an instant; the one of a moment ago where nothing can have changed."""
    quiet = memory().get(("quiet", *_state(now, stamp)))
    if isinstance(quiet, PublicView):
        return quiet
    minute = now.replace(second=0, microsecond=0)
    troubled = memory().get(("troubled", minute, *_state(now, stamp)))
    if isinstance(troubled, PublicView):
        return troubled
    made = queries.public_view(now, stamp)
    fine = all(one.status == OPERATIONAL and one.unconfirmed_since is None for one in made.components)
    memory().put(("quiet", *_state(now, stamp)) if fine else ("troubled", minute, *_state(now, stamp)), made)
    return made


def _state(now: datetime, stamp: stamps.Stamp) -> tuple[object, ...]:
    return stamp, now.astimezone(ZoneInfo(queries.zone())).date()


def etag_of(view: PublicView, stamp: stamps.Stamp, lang: str, name: str) -> str:
    """Return the validator: of the release, the revision, the last transition, the day, language and view (SP-23)."""
    parts = (memory().release, stamp, view.today, view.as_of, lang, name)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:ETAG_LENGTH]


def answer(name: str, lang: str, mimetype: str, make: Make) -> Response:
    """Answer with what `make` draws of the public view, or 304; None of it is an unknown page."""
    now = clock.now()
    try:
        stamp = stamps.read(now)
        view = view_at(now, stamp)
    except (DBAPIError, NoConnection):
        return from_copy(name, mimetype)
    etag = etag_of(view, stamp, lang, name)
    same = public_pages.not_modified(etag, stamp.latest)
    if same is not None:
        return same
    body = memory().get(etag)
    if body is None:
        body = make(view)
        if body is None:
            raise NotFound
        memory().put(etag, body)
    return public_pages.validated(Response(str(body), mimetype=mimetype), etag, stamp.latest)
