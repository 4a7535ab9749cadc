"""A photograph that somebody adds does not tell where and with what it was taken (SE-48)."""

import io
import struct
import zlib

import pytest

from portal.core import files
from portal.core.photos import without_metadata

PLACE = b"GPS 40.4168 N, camera of Ana"
SCAN = b"\xff\xda\x00\x04\x01\x02pixels\xff\x00pixels\xff\xd9"
TABLES = b"\xff\xdb\x00\x05\x01\x02\x03"


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def exif(turned: int, order: str = ">") -> bytes:
    head = b"MM\x00*" if order == ">" else b"II*\x00"
    entries = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, turned, 0) + struct.pack(f"{order}HHII", 0x8825, 4, 1, 99)
    return b"Exif\x00\x00" + head + struct.pack(f"{order}IH", 8, 2) + entries + PLACE


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(k + struct.pack("<I", len(c)) + c + b"\0" * (len(c) % 2) for k, c in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


JFIF = segment(0xE0, b"JFIF\0\1\1")
PNG = b"\x89PNG\r\n\x1a\n"
IMAGE = chunk(b"IHDR", b"size"), chunk(b"IDAT", b"pixels"), chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("jpeg", b"\xff\xd8" + JFIF + segment(0xE1, exif(1)) + TABLES + SCAN, b"\xff\xd8" + JFIF + TABLES + SCAN),
        ("jpeg", b"\xff\xd8" + segment(0xED, PLACE) + segment(0xFE, PLACE) + TABLES + SCAN, b"\xff\xd8" + TABLES + SCAN),
        ("png", PNG + IMAGE[0] + chunk(b"tEXt", PLACE) + chunk(b"eXIf", PLACE) + IMAGE[1] + IMAGE[2], PNG + b"".join(IMAGE)),
        (
            "webp",
            riff((b"VP8X", b"\x0c\0\0\0"), (b"VP8 ", b"pixels!"), (b"EXIF", PLACE), (b"XMP ", PLACE)),
            riff((b"VP8X", b"\0\0\0\0"), (b"VP8 ", b"pixels!")),
        ),
    ],
    ids=["exif", "iptc and comment", "png", "webp"],
)
def test_metadata_is_taken_away_and_the_picture_stays(kind: str, given: bytes, expected: bytes) -> None:
    assert without_metadata(given, f"image/{kind}") == expected
    assert PLACE in given
    assert without_metadata(expected, f"image/{kind}") == expected


@pytest.mark.parametrize("order", [">", "<"])
def test_picture_turned_by_its_camera_stays_turned(order: str) -> None:
    found = without_metadata(b"\xff\xd8" + segment(0xE1, exif(6, order)) + TABLES + SCAN, "image/jpeg")
    assert PLACE not in found
    assert found.endswith(TABLES + SCAN)
    assert b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06" in found
    assert without_metadata(found, "image/jpeg") == found


BROKEN = (
    b"",
    b"\xff\xd8",
    b"\xff\xd8\xff\xe1\xff",
    b"\xff\xd8" + b"a" * 99,
    PNG + b"x" * 20,
    PNG + chunk(b"tEXt", PLACE)[:-2],
    b"RIFF\0\0\0\0WEBPVP8",
    riff((b"EXIF", PLACE))[:-2],
)


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif"])
@pytest.mark.parametrize("data", BROKEN, ids=repr)
def test_what_is_no_whole_picture_is_left_alone(kind: str, data: bytes) -> None:
    assert without_metadata(data, f"image/{kind}") == data


def test_SE48_stored_photograph_has_lost_its_place(app) -> None:
    given = b"\xff\xd8" + JFIF + segment(0xE1, exif(1)) + TABLES + SCAN
    stored = files.store(io.BytesIO(given), "photo.jpg", limit=10_000)
    assert PLACE not in files.location(stored.path).read_bytes()
    assert files.is_whole(stored.path, stored.size, stored.digest)
