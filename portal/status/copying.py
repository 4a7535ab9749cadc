"""The static copy: everything public as files that any web server can serve while portal and database are away (SP-54 to SP-56).

Each copy is a folder of its own; a symbolic link `current` is put in the place of the old one at once, so that nobody ever
reads half a copy. The last three stay.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import current_app

from portal.core import clock, public_pages
from portal.core.db import db, public_id, reading
from portal.status import public_json, queries, stamps
from portal.status.view import PublicView

CURRENT = "current"
STAMP = "stamp.txt"
KEPT = 3
TRUSTED = timedelta(minutes=10)
RENEWED = timedelta(minutes=5)
ASSETS = ("icons.svg", "logo.svg", "fonts/atkinson-latin.woff2", "fonts/atkinson-latin-ext.woff2", "js/public.js")
SCRIPTS = ("js/behaviours/uptime.js", "js/behaviours/copied.js")


@dataclass(frozen=True)
class Document:
    """One file of the copy: where it stands, in which language it is drawn, and how."""

    path: str
    lang: str
    draw: Callable[[PublicView], str | None]


Documents = Callable[[PublicView], Iterator[Document]]
_sources: list[Documents] = []


def source(documents: Documents) -> None:
    """Let pages, data and feeds say which files they are."""
    if documents not in _sources:
        _sources.append(documents)


def folder() -> Path:
    """Return where the copies stand."""
    return Path(current_app.instance_path) / str(current_app.config["PORTAL_STATUS_COPY"])


def current() -> Path:
    """Return the copy in use."""
    return folder() / CURRENT


def work() -> int:
    """Write a copy when what is public has changed, and every few minutes, so that its age tells that we live."""
    now = clock.now()
    with current_app.app_context(), reading():
        stamp = stamps.read(now)
        mark = repr((stamp, now.astimezone(ZoneInfo(queries.zone())).date()))
        if _is_fresh(mark, now):
            return 0
        view = replace(queries.public_view(now, stamp), copied_at=now)
        db.session.rollback()
    write(view, mark)
    return 1


def _is_fresh(mark: str, now: datetime) -> bool:
    try:
        written, _, at = (current() / STAMP).read_text(encoding="utf-8").partition("\n")
        return written == mark and now - datetime.fromisoformat(at.strip()) < RENEWED
    except (OSError, ValueError):
        return False


def write(view: PublicView, mark: str) -> Path:
    """Write a whole copy beside the old one, then put it in its place."""
    target = folder() / f"{view.revision}-{public_id()}"
    for path, body in files(view).items():
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(body)
    (target / STAMP).write_text(f"{mark}\n{view.now.isoformat()}", encoding="utf-8")
    link = folder() / f"{CURRENT}-{target.name}"
    link.symlink_to(target.name)
    os.replace(link, current())  # noqa: PTH105 - one step, whatever stood there
    _tidy()
    return target


def files(view: PublicView) -> Mapping[str, bytes]:
    """Return the files of a copy."""
    found = dict(_assets())
    with current_app.test_request_context(base_url=str(current_app.config["PORTAL_BASE_URL"])), reading():
        for documents in _sources:
            for document in documents(view):
                public_pages.begin(document.lang)
                public_pages.stand_for("status.index", lang=document.lang)
                body = document.draw(view)
                if body is not None:
                    found[document.path] = body.encode()
        db.session.rollback()
    said = (view.verdict.indicator, view.description.text(queries.languages()[0]), public_json.ts(view.now))
    return found | {"status.txt": "".join(f"{line}\n" for line in said).encode()}


def _assets() -> Iterator[tuple[str, bytes]]:
    assets = current_app.extensions["assets"]
    for name in (*ASSETS, *SCRIPTS, assets.bundles["css-public"]):
        yield f"static/{name}", assets.bodies[name]


def _tidy() -> None:
    """Keep the last three copies."""
    there = [path for path in folder().iterdir() if path.is_dir() and not path.is_symlink()]
    for old in sorted(there, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def read(path: str) -> str | None:
    """Return a file of the copy in use, none where there is none."""
    try:
        return (current() / path).read_text(encoding="utf-8")
    except OSError:
        return None
