"""Pages for everybody outside: no session, no cookie, the language in the path, the same bytes for all (SP-37, SP-53).

A public view calls `begin(lang)` first. From then on nothing of this answer, an error page neither, asks who is there:
no cookie is read, `me` is None, `notice()` is empty, `locale` is the language of the path. Pages extend
`layouts/public.html`; what belongs to one visitor alone is answered through `personal()`.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote_to_bytes

from babel import Locale
from flask import current_app, g, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.http import is_resource_modified
from werkzeug.wrappers import Response

from portal.core import language, navigation, security

KEPT = "public, max-age=15, stale-while-revalidate=60, stale-if-error=86400"


@dataclass(frozen=True)
class OtherLanguage:
    """The same page in another language."""

    code: str
    name: str
    url: str


def begin(lang: str) -> None:
    """Answer in the language of the path, to nobody in particular; an unknown language is an unknown page."""
    offered: list[str] = current_app.config["LANGUAGES"]
    security.answer_as("public")
    g.anonymous = True
    language.speak(lang if lang in offered else offered[0], None)
    if lang not in offered:
        raise NotFound


def begin_without_language() -> None:
    """Answer to nobody in particular where the address names no language: the installation's first one speaks."""
    begin(current_app.config["LANGUAGES"][0])


def keep(response: Response) -> Response:
    """Let everybody keep the answer for a moment (SP-53)."""
    response.headers["Cache-Control"] = KEPT
    response.headers["Vary"] = "Accept-Encoding"
    return response


def personal(response: Response) -> Response:
    """Mark an answer that belongs to whoever knows its address: kept nowhere, found by no search engine (TR-15)."""
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def stand_for(endpoint: str, **values: str) -> None:
    """Let the other languages of this answer be those of another page: for one whose own address nothing may repeat (TR-8)."""
    g.stands_for = (endpoint, values)


def other_languages_here() -> list[OtherLanguage]:
    """Return this page in the other languages of the installation; none where its address bears no language."""
    codes = [code for code in current_app.config["LANGUAGES"] if code != language.current()]
    if g.get("refused") and "stands_for" not in g:  # so that unknown and hidden things look the same
        homes = [(code, navigation.public_entries(code)[:1]) for code in codes]
        return [OtherLanguage(code, language_name(code), home.url) for code, found in homes for home in found]
    endpoint, values = g.get("stands_for") or (request.endpoint, {**(request.view_args or {})})
    if not endpoint or "lang" not in values:
        return []
    return [OtherLanguage(code, language_name(code), url_for(endpoint, **{**values, "lang": code})) for code in codes]


def language_name(code: str) -> str:
    """Return what a language calls itself."""
    return str(Locale.parse(code).get_display_name(code)).capitalize()


def not_modified(etag: str, changed: datetime) -> Response | None:
    """Return 304 if whoever asks has this already, before anything is drawn; a malformed validator counts as none (API-8)."""
    environ = request.environ
    if is_resource_modified(environ, etag=etag, last_modified=changed):
        return None
    return validated(Response(status=304), etag, changed)


def validated(response: Response, etag: str, changed: datetime) -> Response:
    """Let everybody keep the answer, and ask by its validators whether it is still true."""
    response.set_etag(etag)
    response.last_modified = changed
    return keep(response)


def too_long(limit: int) -> bool:
    """Return whether the parameters of the address are longer than the limit, or no UTF-8."""
    raw = request.query_string
    try:
        unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        return True
    return len(raw) > limit


def asked_language() -> str | None:
    """Return the language that the parameter `lang` names, the only one that public data know; unknown ones count as none."""
    wanted = request.args.get("lang")
    return wanted if wanted in current_app.config["LANGUAGES"] else None


def asked_method() -> str:
    """Return the method of the request."""
    return request.method


def only_if_changed(response: Response) -> Response:
    """Give an answer a strong validator over its bytes, and send 304 to whoever has them already."""
    response.add_etag()
    return response.make_conditional(request.environ)
