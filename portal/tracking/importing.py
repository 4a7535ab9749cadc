"""Reading a CSV file of checkpoints: whole, row by row, with line, column and reason of what is refused (TR-29). Pure."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.tracking import factors, promises, zones
from portal.tracking.promises import BadTime, Promise
from portal.tracking.states import State

LARGEST = 20_000_000
MOST_ROWS = 50_000
REQUIRED = ("reference", "kind", "state", "event_time")
FACTORS = ("second_factor_postcode", "second_factor_email")
COLUMNS = (*REQUIRED, "zone", "place", "code", "note", "promise_from", "promise_to", *FACTORS)
LIMITS = {"reference": 60, "place": 120, "code": 60, "note": 500, "second_factor_postcode": 20, "second_factor_email": 254}
SHORTEST_POSTCODE = 4
NO_TEXT = re.compile("[\\x00\\ud800-\\udfff]")  # what no database takes: NUL and half a surrogate pair


class BadFile(ValueError):
    """The file is refused as a whole; `reason` is a key of `words.FILE_REFUSALS`, `detail` names what is meant."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


class BadRow(ValueError):
    """A row is refused: for which column, and why."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


@dataclass(frozen=True)
class Row:
    """One row with the line on which it ends in the file."""

    number: int
    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Meaning:
    """What a row says."""

    kind: str
    reference: str
    state: State
    at: datetime
    zone: str
    code: str
    place: str
    note: str
    promise: Promise | None
    postcode: str
    email: str


def rows_of(content: bytes) -> Iterator[Row]:
    """Return the rows of a file; raise BadFile for what cannot be read at all."""
    if len(content) > LARGEST:
        raise BadFile("size")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile("encoding") from None
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        header = [cell.strip() for cell in next(reader, [])]
        _check_header(header)
        yield from _rows(reader, header)
    except csv.Error:
        raise BadFile("csv", str(reader.line_num)) from None


def _rows(reader: Any, header: list[str]) -> Iterator[Row]:
    number = 0
    for values in reader:
        if not any(value.strip() for value in values):
            continue
        number += 1
        if number > MOST_ROWS:
            raise BadFile("rows")
        extra = {"": "more"} if len(values) > len(header) else {}
        cells = {name: value.strip() for name, value in zip(header, values, strict=False)}
        yield Row(number, reader.line_num, cells | extra)


def _check_header(header: list[str]) -> None:
    unknown = [name for name in header if name not in COLUMNS]
    if unknown:
        raise BadFile("unknown", ", ".join(unknown)[:200])
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise BadFile("missing", ", ".join(missing))
    if len(set(header)) < len(header):
        raise BadFile("twice")


def meaning_of(cells: Mapping[str, str], zone: str) -> Meaning:
    """Return what a row says; without a zone of its own its times are those of its source. Raise BadRow (TR-22, TR-29)."""
    _check_texts(cells)
    own = cells.get("zone") or zone
    if not zones.is_zone(own):
        raise BadRow("zone", "zone")
    postcode, email = (cells.get(name, "") for name in FACTORS)
    if postcode and len(factors.postcode(postcode)) < SHORTEST_POSTCODE:
        raise BadRow(FACTORS[0], "weak")
    if email and "@" not in email[1:-1]:
        raise BadRow(FACTORS[1], "email")
    texts = {name: cells.get(name, "") for name in ("reference", "code", "place", "note")}
    state, at, promise = State(cells["state"]), _moment(cells, own), _promise(cells, own)
    return Meaning(kind=cells["kind"], state=state, at=at, zone=own, promise=promise, postcode=postcode, email=email, **texts)


def _check_texts(cells: Mapping[str, str]) -> None:
    if "" in cells:
        raise BadRow("", "cells")
    for name in REQUIRED:
        if not cells.get(name):
            raise BadRow(name, "empty")
    for name, limit in LIMITS.items():
        if len(cells.get(name, "")) > limit:
            raise BadRow(name, "long")
    for name, text in cells.items():
        if NO_TEXT.search(text):
            raise BadRow(name, "control")
    if cells["kind"] not in ("order", "shipment"):
        raise BadRow("kind", "kind")
    if cells["state"] not in set(State):
        raise BadRow("state", "state")


def _moment(cells: Mapping[str, str], zone: str) -> datetime:
    try:
        return _in_zone(cells["event_time"], zone)
    except BadTime:
        raise BadRow("event_time", "time") from None


def _in_zone(text: str, zone: str) -> datetime:
    named = zone if zones.is_name(zone) else "UTC"
    has_offset = named == zone or any(sign in text[10:] for sign in "+-Z")
    return promises.read_instant(text if has_offset else f"{text}{zone}", named)


def _promise(cells: Mapping[str, str], zone: str) -> Promise | None:
    try:
        named = zone if zones.is_name(zone) else "UTC"
        return promises.read(cells.get("promise_from", ""), cells.get("promise_to", ""), named)
    except BadTime:
        raise BadRow("promise_from", "time") from None
