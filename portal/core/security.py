"""Headers, tokens and the checks of every request that need no business noun (security.md SE-26 to SE-40)."""

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, RequestURITooLarge, Unauthorized
from werkzeug.wrappers import Response

from portal.core import clock

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
TOKEN_FIELD = "csrf_token"  # noqa: S105 - the name of a field
BODY_LIMIT = 512_000
UPLOAD_LIMIT = 100_000_000
FIELD_LIMIT = 2_000
FILE_LIMIT = 20
ADDRESS_LIMIT = 4_000
MASK = 16
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
DOWNLOAD_CSP = "default-src 'none'; sandbox; frame-ancestors 'none'"
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), display-capture=(), fullscreen=()"
VARY = "Cookie, HX-Request, HX-Request-Type, HX-Target"


def install(app: Flask) -> None:
    """Check limits before work is done and set the header table on every answer (SE-27, SE-38)."""
    app.config.update(MAX_CONTENT_LENGTH=UPLOAD_LIMIT, MAX_FORM_MEMORY_SIZE=BODY_LIMIT, MAX_FORM_PARTS=FIELD_LIMIT)
    app.before_request(check_limits)
    app.after_request(set_headers)


def check_limits() -> None:
    """Refuse addresses, bodies and forms that are too large."""
    if len(request.full_path) > ADDRESS_LIMIT:
        raise RequestURITooLarge
    if is_write():
        _check_body()


def _check_body() -> None:
    plain = request.mimetype != "multipart/form-data"
    if plain and (request.content_length or 0) > BODY_LIMIT:
        raise RequestEntityTooLarge
    if sum(1 for _ in request.form.items(multi=True)) > FIELD_LIMIT:
        raise RequestEntityTooLarge
    if sum(1 for _ in request.files.items(multi=True)) > FILE_LIMIT:
        raise RequestEntityTooLarge


def set_headers(response: Response) -> Response:
    """Set the row of the table that fits the answer: staff page, public page or download."""
    kind = g.get("header_kind", "staff")
    headers = response.headers
    headers.setdefault("Content-Security-Policy", DOWNLOAD_CSP if kind == "download" else CSP)
    headers["X-Content-Type-Options"] = "nosniff"
    told = kind == "staff" and not g.get("address_is_secret")
    headers.setdefault("Referrer-Policy", "same-origin" if told else "no-referrer")
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers["Permissions-Policy"] = PERMISSIONS
    if kind != "public" and "immutable" not in headers.get("Cache-Control", ""):
        headers["Cache-Control"] = "private, no-store"
        headers["Vary"] = VARY if kind == "staff" else "Cookie"
    if is_https():
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response


def answer_as(kind: str) -> None:
    """Choose the row of the header table: "public" or "download"."""
    g.header_kind = kind


def keep_address() -> None:
    """Let the answer, an error too, tell no other page its address, for it carries a token (SE-27)."""
    g.address_is_secret = True


def loggable_path() -> str:
    """Return the path of this address without what it keeps secret: tokens, and arguments that a feature words anew (SE-57)."""
    values = request.view_args or {}
    for argument, worded in _worded.items():
        if argument in values:
            return str(request.url_rule).replace(f"<{argument}>", worded(str(values[argument])))
    return str(request.url_rule) if "token" in values else request.path


_worded: dict[str, Callable[[str], str]] = {}


def log_as(argument: str, worded: Callable[[str], str]) -> None:
    """Let log lines show what `worded` makes of an argument of addresses instead of the argument itself (TR-15)."""
    _worded[argument] = worded


def is_https() -> bool:
    """Return whether the portal is served over TLS, as its configured address says."""
    return str(current_app.config["PORTAL_BASE_URL"]).startswith("https:")


def cookie_name(name: str) -> str:
    """Return the name of a cookie, with the prefix that browsers enforce when TLS is there (SE-26)."""
    return f"__Host-{name}" if is_https() else name


def set_cookie(response: Response, name: str, value: str, max_age: int | None) -> None:
    """Set a cookie that scripts cannot read and other sites cannot send."""
    response.set_cookie(cookie_name(name), value, max_age=max_age, secure=is_https(), httponly=True, samesite="Lax", path="/")


def read_cookie(name: str) -> str | None:
    """Return a cookie's value; two cookies of one name are none (SE-4)."""
    values = request.cookies.getlist(cookie_name(name))
    return values[0] if len(values) == 1 else None


def is_write() -> bool:
    """Return whether the request may change something."""
    return request.method not in SAFE_METHODS


def is_htmx() -> bool:
    """Return whether htmx asked."""
    return request.headers.get("HX-Request") == "true"


def is_poll() -> bool:
    """Return whether the page asks by itself whether what it shows is still true: nobody uses the session then (SE-5)."""
    return is_htmx() and "seen" in request.args


def current_endpoint() -> str:
    """Return the name of the route that is being answered, or an empty string."""
    return (request.endpoint or "") if request else ""


def in_request() -> bool:
    """Return whether a browser is being answered, as opposed to a job or a command at work."""
    return bool(request)


def request_id() -> str:
    """Return a random name of the answer being made, the same within it; empty outside (SE-62)."""
    if not request:
        return ""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(6)
    return str(g.request_id)


def client_network() -> str:
    """Return the IPv4 address or IPv6 /64 of the client (SE-12)."""
    address = ipaddress.ip_address(request.remote_addr or "127.0.0.1")
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def client_label() -> str:
    """Return what the browser calls itself, cut to 200 characters."""
    return request.headers.get("User-Agent", "")[:200]


def refuse_foreign_origin() -> None:
    """Answer 400 to a write that another site sent (SE-33).

    A page that hides its address posts with the origin "null"; then the browser must say that it is ours.
    """
    if not is_write():
        return
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    hidden = origin == "null"
    foreign = origin is not None and not hidden and urlsplit(origin).netloc != request.host
    if foreign or site == "cross-site" or (hidden and site != "same-origin"):
        raise BadRequest


def ask_to_sign_in() -> Response:
    """Lead to the sign-in page and back; a fragment is told to go there (SE-32)."""
    where = url_for("accounts.sign_in", next=return_target())
    if is_htmx():
        raise Unauthorized(response=Response(status=401, headers={"HX-Redirect": where}))
    return redirect(where, 303)


def need_confirmation(back: str, **values: Any) -> None:
    """Go on if the person has shown within ten minutes who they are, else ask and lead to `back`, a GET route (SE-7)."""
    until = g.get("confirmed_until")
    if until and until > clock.now():
        return
    where = url_for("accounts.confirmation", next=sign("return", [back, values]))
    if is_htmx():
        raise Unauthorized(response=Response(status=401, headers={"HX-Redirect": where}))
    raise Unauthorized(response=redirect(where, 303))


def sign_in_for(endpoint: str, values: dict[str, str]) -> Response:
    """Lead to the sign-in page and from there to a page of ours, whose name and ids are signed."""
    return redirect(url_for("accounts.sign_in", next=sign("return", [endpoint, values])), 303)


def target_values(target: str, endpoint: str) -> dict[str, str] | None:
    """Return the ids of a signed target if it is the page named."""
    found = unsign("return", target, max_age=12 * 3600)
    return found[1] if found and found[0] == endpoint else None


# Tokens


def new_token() -> str:
    """Return 128 random bits for an address, a cookie or a mail (SE-57)."""
    return secrets.token_urlsafe(MASK)


def digest(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed(purpose: str, *parts: object) -> bytes:
    """Return an HMAC of the parts under a key of its own for each purpose."""
    key = hashlib.sha256(f"{purpose}\0{current_app.config['SECRET_KEY']}".encode()).digest()
    return hmac.digest(key, "\0".join(map(str, parts)).encode(), "sha256")


def sign(purpose: str, value: Any) -> str:
    """Return `value` (plain data) as text that nobody else can write."""
    return str(_signer(purpose).dumps(value))


def unsign(purpose: str, text: str | None, max_age: int | None = None) -> Any | None:
    """Return what was signed for the purpose within `max_age` seconds, else None."""
    try:
        return _signer(purpose).loads(text or "", max_age=max_age)
    except BadSignature:
        return None


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=purpose)


def csrf_token() -> str:
    """Return the session's token, masked anew each time (SE-33)."""
    mask = secrets.token_bytes(MASK)
    return (mask + _xor(mask, _session_token())).hex()


def check_token() -> None:
    """Answer 400 to a write without the session's token. GET needs none."""
    if not is_write():
        return
    try:
        raw = bytes.fromhex(request.form.get(TOKEN_FIELD, ""))
    except ValueError:
        raise BadRequest from None
    if not hmac.compare_digest(_xor(raw[:MASK], raw[MASK:]), _session_token()):
        raise BadRequest


def _session_token() -> bytes:
    return keyed("csrf", g.get("session_key", ""))[:MASK]


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=False))


# Where to go after sign-in


def return_target() -> str | None:
    """Return the signed name and ids of the page asked for; only what GET reaches is a target (SE-35)."""
    if is_write() or not request.endpoint:
        return None
    onwards = request.args.get("next")  # a page on the way to another stays so
    more = {"next": onwards} if unsign("return", onwards) else {}
    return sign("return", [request.endpoint, {**(request.view_args or {}), **more}])


def address_of(target: str | None) -> str:
    """Return the address of a signed target, or home."""
    found = unsign("return", target, max_age=12 * 3600)
    return url_for(found[0], **found[1]) if found else url_for("home.index")
