"""Types come from the content; names lose everything dangerous (SE-46, SE-47, FO17)."""

import io

import pytest

from portal.core import files


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n...", "plan.png", "image/png"),
        (b"%PDF-1.7", "sheet.pdf", "application/pdf"),
        (b"PK\x03\x04", "list.xlsx", "application/zip"),
        (b"%PDF-1.7", "sheet.txt", "application/octet-stream"),
        (b"hello", "notes.txt", "text/plain"),
        (b"<svg onload=1>", "logo.svg", "application/octet-stream"),
    ],
)
def test_type_is_what_content_and_name_agree_on(head, name, expected):
    assert files.type_of(head, name) == expected


@pytest.mark.parametrize("head", [b"MZ\x90", b"\x7fELF", b"#!/bin/sh", b"<html>"])
def test_FO17_program_called_pdf_is_refused(head):
    with pytest.raises(files.WrongType):
        files.type_of(head, "invoice.pdf")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\plan.pdf", "plan.pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("...", "file"),
        ("", "file"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
    ],
)
def test_name_is_cleaned(given, expected):
    assert files.clean_name(given) == expected


def test_file_above_its_limit_leaves_nothing_behind(app):
    with pytest.raises(files.TooLarge):
        files.store(io.BytesIO(b"x" * 11), "notes.txt", limit=10)
    assert not list(files.location("").iterdir())


def test_stored_bytes_come_back_whole(app):
    stored = files.store(io.BytesIO(b"hello"), "notes.txt", limit=10)
    assert files.location(stored.path).read_bytes() == b"hello"
    assert (stored.size, stored.content_type) == (5, "text/plain")
