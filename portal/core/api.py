"""What machines send: a bearer token, JSON within limits, a key that makes a repeat harmless (SE-38, SE-58, RE-9)."""

import hashlib
import json
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

DEEPEST, LONGEST_LIST = 20, 1_000
LONGEST_KEY = 120
BEARER = "Bearer "


def bearer() -> str:
    """Return the token of the request, empty if it has none; cookies count for nothing here (SE-34)."""
    header = request.headers.get("Authorization", "")
    return header.removeprefix(BEARER).strip() if header.startswith(BEARER) else ""


def raw_body() -> bytes:
    """Return the body as it came, for signatures."""
    return request.get_data()


def header(name: str) -> str:
    """Return one header of the request, empty if there is none."""
    return request.headers.get(name, "")


def body() -> Any:
    """Return the JSON that was sent; answer 400 to what is none, no text, too deep or too long (SE-38)."""
    try:
        data = json.loads(request.get_data())
        _check(data, 0)
    except (ValueError, RecursionError):
        raise BadRequest from None
    return data


def _check(data: Any, depth: int) -> None:
    if depth > DEEPEST or (isinstance(data, list) and len(data) > LONGEST_LIST):
        raise BadRequest
    if isinstance(data, str):
        data.encode()  # half a surrogate pair is no text: a ValueError
    for one in (*data, *data.values()) if isinstance(data, dict) else data if isinstance(data, list) else ():
        _check(one, depth + 1)


def idempotency_key() -> str:
    """Return the key that makes a repeat harmless; without one a write answers 400 (RE-9)."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise BadRequest
    return key


def fingerprint() -> str:
    """Return what tells this write from any other: method, path and body."""
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.get_data()).hexdigest()


def answer(data: Any, status: int = 200) -> Response:
    """Answer with JSON that nobody keeps."""
    return Response(json.dumps(data, ensure_ascii=False, separators=(",", ":")), status, mimetype="application/json")


def refuse(status: int, code: str, message: str) -> Response:
    """Answer with an error as JSON."""
    answered = answer({"error": {"code": code, "message": message}}, status)
    if status == 401:  # noqa: PLR2004 - not signed in
        answered.headers["WWW-Authenticate"] = "Bearer"
    return answered
