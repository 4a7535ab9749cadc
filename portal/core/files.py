"""Bytes on disk: written whole or not at all, under names that nobody chose, typed by their content (RE-12, SE-46, SE-47)."""

import hashlib
import os
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import structlog
from flask import current_app
from flask_babel import gettext as _

from portal.core import photos, security
from portal.core.errors import Refused

NAME_LIMIT = 120
CHUNK = 1 << 16
OCTETS = "application/octet-stream"
INLINE = {"image/png", "image/jpeg", "image/gif", "image/webp"}
MAGIC: tuple[tuple[bytes, str, set[str]], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png", {"png"}),
    (b"\xff\xd8\xff", "image/jpeg", {"jpg", "jpeg"}),
    (b"GIF8", "image/gif", {"gif"}),
    (b"RIFF", "image/webp", {"webp"}),
    (b"%PDF-", "application/pdf", {"pdf"}),
    (b"PK\x03\x04", "application/zip", {"zip", "docx", "xlsx", "pptx", "odt", "ods", "odp"}),
)
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
TYPED = {ext for _, _, extensions in MAGIC for ext in extensions}
FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff/\\:]")


log = structlog.get_logger()


class TooLarge(ValueError):
    """A file above the limit of its field."""


class WrongType(ValueError):
    """A file whose content is a program, or is not what its name says."""


@dataclass(frozen=True)
class Stored:
    """What is known of bytes that are safely on disk."""

    path: str
    size: int
    digest: str
    content_type: str


def store(stream: IO[bytes], name: str, limit: int) -> Stored:
    """Write the stream under a new name, synced and renamed; raise TooLarge or WrongType and leave nothing behind.

    A disk without room, or one that is read-only, refuses the file before there is a row; all else goes on (RE-25).
    """
    try:
        return _store(stream, name, limit)
    except OSError as error:
        log.error("file_not_stored", reason=str(error))
        raise Refused(_("Files cannot be stored at the moment. Send it without the file, or try again later.")) from error


def _store(stream: IO[bytes], name: str, limit: int) -> Stored:
    folder = Path(current_app.config["PORTAL_FILES"])
    final = security.new_token()
    temporary = folder / f".{final}.part"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        size, digest, head = _copy(stream, temporary, limit)
        content_type = type_of(head, name)
        if content_type in INLINE:
            size, digest = _without_metadata(temporary, content_type)
        temporary.rename(folder / final)
    finally:
        temporary.unlink(missing_ok=True)
    return Stored(final, size, digest, content_type)


def _without_metadata(place: Path, content_type: str) -> tuple[int, str]:
    """Take the metadata of a photograph away (SE-48) and return what is left."""
    clean = photos.without_metadata(place.read_bytes(), content_type)
    with place.open("wb") as file:
        file.write(clean)
        file.flush()
        os.fsync(file.fileno())
    return len(clean), hashlib.sha256(clean).hexdigest()


def _copy(stream: IO[bytes], target: Path, limit: int) -> tuple[int, str, bytes]:
    size, digest, head = 0, hashlib.sha256(), b""
    with target.open("wb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise TooLarge
            head = head or chunk[:CHUNK]
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return size, digest.hexdigest(), head


def type_of(head: bytes, name: str) -> str:
    """Return the type that content and extension agree on, else plain octets; refuse programs and disguises."""
    extension = Path(name).suffix.lstrip(".").lower()
    if head.startswith(PROGRAMS):
        raise WrongType
    for magic, content_type, extensions in MAGIC:
        if head.startswith(magic):
            if extension in extensions:
                return content_type
            if extension in TYPED:
                raise WrongType
            return OCTETS
    if extension in TYPED:
        raise WrongType
    return "text/plain" if extension in {"txt", "csv"} else OCTETS


def location(path: str) -> Path:
    """Return where stored bytes are."""
    return Path(current_app.config["PORTAL_FILES"]) / path


def clean_name(name: str) -> str:
    """Return a name fit to show: no path, control or bidi characters, at most 120 characters, extension kept."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = FORBIDDEN.sub("", name).strip()
    stem, suffix = Path(name).stem.strip(". "), Path(name).suffix[:20]
    return f"{stem[: NAME_LIMIT - len(suffix)] or 'file'}{suffix}"


def is_whole(path: str, size: int, digest: str) -> bool:
    """Return whether the bytes are those that were stored (RE-13)."""
    place = location(path)
    if not place.is_file() or place.stat().st_size != size:
        return False
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest


def remove_all_but(kept: set[str], before: datetime) -> int:
    """Remove files that no row names and that nobody has touched since `before`; return how many (RE-12)."""
    folder, removed = Path(current_app.config["PORTAL_FILES"]), 0
    for place in folder.iterdir() if folder.is_dir() else ():
        if place.name not in kept and place.is_file() and place.stat().st_mtime < before.timestamp():
            place.unlink(missing_ok=True)
            removed += 1
    return removed
