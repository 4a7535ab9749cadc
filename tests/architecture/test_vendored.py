"""Every file that others wrote and we serve is listed in VENDORED.md with where it comes from, and is unchanged.

The list is one table: file (below `static/`) | version | source | licence | SHA-256.
"""

import hashlib
import re
from pathlib import Path

STATIC = Path(__file__).parents[2] / "static"
LIST = STATIC / "vendor" / "VENDORED.md"
FOLDERS = ("vendor", "fonts")
COLUMNS = 5
CHECKSUM = re.compile(r"[0-9a-f]{64}")


def listed() -> dict[str, list[str]]:
    """Return the other cells of each row by the name of its file."""
    lines = LIST.read_text(encoding="utf-8").splitlines() if LIST.exists() else []
    rows = [[cell.strip(" `") for cell in line.strip().strip("|").split("|")] for line in lines if line.startswith("|")]
    return {row[0]: row[1:] for row in rows if CHECKSUM.fullmatch(row[-1])}


def present() -> set[str]:
    """Return the files that others wrote."""
    files = (path for folder in FOLDERS for path in (STATIC / folder).rglob("*") if path.is_file() and path != LIST)
    return {path.relative_to(STATIC).as_posix() for path in files}


def test_every_vendored_file_is_listed() -> None:
    assert present() - set(listed()) == set()


def test_every_listed_file_is_there() -> None:
    assert {name for name in listed() if not (STATIC / name).is_file()} == set()


def test_every_row_names_version_source_licence_and_checksum() -> None:
    assert {name for name, cells in listed().items() if len(cells) != COLUMNS - 1 or not all(cells)} == set()


def test_every_file_is_what_its_checksum_says() -> None:
    found = {name: hashlib.sha256((STATIC / name).read_bytes()).hexdigest() for name in listed()}
    assert found == {name: cells[-1] for name, cells in listed().items()}
