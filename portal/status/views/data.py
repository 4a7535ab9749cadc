"""The public window for machines: Statuspage v2 JSON and badges at the root of the host (status-api.md)."""

from collections.abc import Callable, Iterator
from functools import partial, wraps
from typing import ParamSpec

from flask import Blueprint, current_app, render_template
from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed, NotFound
from werkzeug.wrappers import Response

from portal.core import public_pages
from portal.core.config import base_url
from portal.core.language import speaking_to
from portal.core.policy import public, public_data
from portal.status import answering, badges, public_json, queries, words
from portal.status.copying import Document
from portal.status.view import PublicView

bp = Blueprint("status_data", __name__)
P = ParamSpec("P")
JSON = "application/json"
SVG = "image/svg+xml"
TYPES = {"svg": SVG, "json": JSON}
READS = ["GET", "OPTIONS"]
WRITES = ["POST", "PUT", "PATCH", "DELETE"]
SUFFIX = ".json"
ALLOWED = "GET, HEAD, OPTIONS"
LONGEST_QUERY = 2_000
CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 429: "too_many_requests", 503: "unavailable"}
SENTENCES = {400: "The query cannot be read.", 404: "There is nothing here.", 405: "Only GET, HEAD and OPTIONS are answered."}


def for_machines(view: Callable[P, Response]) -> Callable[P, Response]:
    """Answer whoever asks, from any site, without looking who it is; refuse with JSON (API-7, API-9, API-14)."""

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Response:
        public_pages.begin_without_language()
        try:
            response = _checked(view, *args, **kwargs)
        except HTTPException as error:
            response = refuse(error)
        return shared(response)

    return public_data(wrapper)


def _checked(view: Callable[P, Response], *args: P.args, **kwargs: P.kwargs) -> Response:
    method = public_pages.asked_method()
    if method == "OPTIONS":
        return preflight()
    if public_pages.too_long(LONGEST_QUERY):
        raise BadRequest
    return view(*args, **kwargs)


def shared(response: Response) -> Response:
    """Let every site read the answer; nothing of it depends on who asks (API-7)."""
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Retry-After"
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if response.mimetype == JSON:
        headers["Content-Type"] = "application/json; charset=utf-8"
    return response


def preflight() -> Response:
    """Answer what a browser asks before it reads from another site."""
    return Response(
        status=204,
        headers={
            "Access-Control-Allow-Methods": ALLOWED,
            "Access-Control-Allow-Headers": "If-None-Match, Content-Type, Accept",
            "Access-Control-Max-Age": "86400",
        },
    )


def refuse(error: HTTPException) -> Response:
    """Return an error as JSON (API-14)."""
    status = error.code or 400
    said = {"code": CODES.get(status, "error"), "message": SENTENCES.get(status, "That did not work.")}
    headers = {"Allow": ALLOWED} if isinstance(error, MethodNotAllowed) else {}
    return Response(public_json.encode({"error": said}), status, headers, mimetype=JSON)


def draw(name: str, view: PublicView, lang: str) -> str | None:
    """Return the body of an endpoint, None where there is none of that name."""
    make = public_json.BODIES.get(name)
    encoder = public_json.Encoder(view, lang, base_url(), str(current_app.config["PORTAL_NAME"]))
    return public_json.encode(make(encoder)) if make else None


@bp.route("/api/v2/<path:name>", methods=READS, provide_automatic_options=False)
@for_machines
def endpoint(name: str) -> Response:
    """Answer one of the endpoints in English, or in the language that `?lang` names."""
    name, suffix = name.removesuffix(SUFFIX), name.endswith(SUFFIX)
    if not suffix or name not in public_json.BODIES:
        raise NotFound
    lang = public_pages.asked_language() or default_language()
    return answering.answer(f"lang/{lang}/api/v2/{name}.json", lang, JSON, lambda view: draw(name, view, lang))


@bp.route("/api/v2/<path:name>", methods=WRITES, endpoint="refused")
@for_machines
def refused(name: str) -> Response:
    """Refuse to change anything; what does not exist does not exist for any method (API-2)."""
    if name.removesuffix(SUFFIX) not in public_json.BODIES or not name.endswith(SUFFIX):
        raise NotFound
    raise MethodNotAllowed(["GET", "HEAD", "OPTIONS"])


@bp.route("/api/", methods=READS, provide_automatic_options=False)
@bp.route("/api/<path:rest>", methods=READS, provide_automatic_options=False)
@for_machines
def nothing(rest: str = "") -> Response:
    """Answer what is no endpoint: no HTML stands under /api/ (API-14)."""
    raise NotFound


@bp.route("/api/<path:rest>", methods=WRITES)
@for_machines
def nothing_to_change(rest: str) -> Response:
    """Answer a write to what is no endpoint."""
    raise NotFound


def default_language() -> str:
    """Return the language of data where none is named: English where the installation speaks it (status-api.md 3.2)."""
    return "en" if "en" in queries.languages() else queries.languages()[0]


@bp.route("/badge/status.svg", methods=READS, provide_automatic_options=False, defaults={"kind": "svg"})
@bp.route("/badge/status.json", methods=READS, provide_automatic_options=False, defaults={"kind": "json"})
@for_machines
def page_badge(kind: str) -> Response:
    """Answer the badge of the page."""
    lang = public_pages.asked_language() or default_language()
    return answering.answer(f"lang/{lang}/badge/status.{kind}", lang, TYPES[kind], partial(paint_page, kind, lang))


@bp.route("/badge/components/<name>", methods=READS, provide_automatic_options=False)
@for_machines
def component_badge(name: str) -> Response:
    """Answer the badge of a component, named by its id and the kind; unknown, internal and removed ones are the same 404."""
    public_id, _dot, kind = name.partition(".")
    lang = public_pages.asked_language() or default_language()
    if kind not in TYPES:
        raise NotFound
    return answering.answer(
        f"lang/{lang}/badge/components/{public_id}.{kind}", lang, TYPES[kind], partial(paint_component, public_id, kind, lang)
    )


def paint_page(kind: str, lang: str, view: PublicView) -> str:
    """Draw the badge of the page."""
    colour = badges.INDICATOR_COLOURS[view.verdict.indicator]
    return painted(kind, str(current_app.config["PORTAL_NAME"]), view.description.text(lang), colour)


def paint_component(public_id: str, kind: str, lang: str, view: PublicView) -> str | None:
    """Draw the badge of a component."""
    found = view.by_id.get(public_id)
    if found is None:
        return None
    with speaking_to(lang, None):
        word = words.status_word(found.status)
    return painted(kind, found.name.text(lang), word, badges.COLOURS[found.status])


def painted(kind: str, label: str, message: str, colour: str) -> str:
    """Return a badge of a kind."""
    return (badges.as_svg if kind == "svg" else badges.as_json)(label, message, colour)


def draw_about(lang: str, view: PublicView) -> str:
    """Draw the page for machines' people."""
    example = draw("status", view, lang)
    return render_template("status/api.html", names=list(public_json.BODIES), address=base_url(), example=example)


def documents(view: PublicView) -> Iterator[Document]:
    """Return the data of the static copy; the default language also stands where no language is named (API-13)."""
    for lang in queries.languages():
        yield Document(f"status/{lang}/api.html", lang, partial(draw_about, lang))
        for root in (f"lang/{lang}/", "") if lang == default_language() else (f"lang/{lang}/",):
            for name in public_json.BODIES:
                yield Document(f"{root}api/v2/{name}.json", lang, partial(draw_body, name, lang))
            for kind in TYPES:
                yield Document(f"{root}badge/status.{kind}", lang, partial(paint_page, kind, lang))
                for one in view.components:
                    path = f"{root}badge/components/{one.id}.{kind}"
                    yield Document(path, lang, partial(paint_component, one.id, kind, lang))


def draw_body(name: str, lang: str, view: PublicView) -> str | None:
    """Draw one endpoint."""
    return draw(name, view, lang)


@bp.get("/status/<lang>/api")
@public
def about(lang: str) -> Response:
    """Tell machines' people what there is (status-api.md 6)."""
    public_pages.begin(lang)
    return answering.answer(f"status/{lang}/api.html", lang, "text/html", partial(draw_about, lang))
