"""Photographs without what a camera or a telephone adds: place, owner, device (SE-48). What is drawn stays as it was.

Containers are read, never pixels. A picture turned by its camera keeps the one value that says so. What is not a whole
picture of its kind is left alone.
"""

import struct
import zlib

ORIENTATION = 0x0112
UPRIGHT = 1
JPEG_HEAD, BEFORE_MARKER = b"\xff\xd8", 0xFF
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
PNG_WORDS = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
WEBP_WORDS = {b"EXIF", b"XMP "}
WEBP_FLAGS = 0x0C  # Exif and XMP
EXIF = b"Exif\x00\x00"
# JPEG: the scan begins, markers without length, and those that hold words: Exif and XMP, IPTC, comments
SCAN, ALONE, JPEG_WORDS = 0xDA, {0x01, *range(0xD0, 0xD8)}, {0xE1, 0xED, 0xFE}


def without_metadata(data: bytes, content_type: str) -> bytes:
    """Return the picture without its metadata, or the same bytes."""
    clean = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}.get(content_type)
    try:
        return clean(data) if clean else data
    except (struct.error, IndexError, ValueError):
        return data


def _must(holds: bool) -> None:
    if not holds:
        raise ValueError("not a whole picture")


def _jpeg(data: bytes) -> bytes:
    _must(data.startswith(JPEG_HEAD))
    kept, place, turned = [JPEG_HEAD], 2, UPRIGHT
    while data[place + 1] != SCAN:
        marker = data[place + 1]
        _must(data[place] == BEFORE_MARKER)
        length = 2 if marker in ALONE else 2 + struct.unpack_from(">H", data, place + 2)[0]
        segment = data[place : place + length]
        if marker not in JPEG_WORDS:
            kept.append(segment)
        elif segment[4:10] == EXIF:
            turned = _orientation(segment[10:])
        place += length
    start = kept[0] + (_only_orientation(turned) if turned != UPRIGHT else b"")
    return start + b"".join(kept[1:]) + data[place:]


def _orientation(tiff: bytes) -> int:
    """Return how the camera was held, 1 to 8."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return UPRIGHT
    (first,) = struct.unpack_from(order + "I", tiff, 4)
    (count,) = struct.unpack_from(order + "H", tiff, first)
    for number in range(count):
        tag, _kind, _many, value = struct.unpack_from(order + "HHIH", tiff, first + 2 + 12 * number)
        if tag == ORIENTATION:
            return int(value)
    return UPRIGHT


def _only_orientation(turned: int) -> bytes:
    tiff = b"MM\x00*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, turned, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", 2 + len(EXIF) + len(tiff)) + EXIF + tiff


def _png(data: bytes) -> bytes:
    _must(data.startswith(PNG_HEAD))
    kept, place = [PNG_HEAD], len(PNG_HEAD)
    while place < len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        chunk = data[place : place + 12 + length]
        (check,) = struct.unpack_from(">I", chunk, 8 + length)
        _must(check == zlib.crc32(chunk[4:-4]))
        if kind not in PNG_WORDS:
            kept.append(chunk)
        place += 12 + length
    return b"".join(kept)


def _webp(data: bytes) -> bytes:
    _must(data[:4] == b"RIFF" and data[8:12] == b"WEBP")
    kept, place = [], 12
    while place < len(data):
        kind, length = struct.unpack_from("<4sI", data, place)
        chunk = bytearray(data[place : place + 8 + length + length % 2])
        _must(len(chunk) == 8 + length + length % 2)
        if kind == b"VP8X":
            chunk[8] &= ~WEBP_FLAGS
        if kind not in WEBP_WORDS:
            kept.append(bytes(chunk))
        place += 8 + length + length % 2
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body
