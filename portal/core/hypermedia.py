"""Answers: a whole page, or the one fragment of it that htmx asks for; the only reader of htmx headers (architecture.md)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, redirect, render_template, request, url_for
from jinja2_fragments.flask import render_block
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from portal.core import security

NOTICE_SECONDS = 60


@dataclass(frozen=True)
class Row:
    """A part drawn once per thing: its template, and what finds the context of one thing by the end of its id."""

    template: str
    find: Callable[[str], Mapping[str, Any] | None]


def render(
    template: str,
    *,
    fragments: Sequence[str] = (),
    beside: Sequence[str] = (),
    rows: Mapping[str, Row] | None = None,
    status: int = 200,
    **context: Any,
) -> Response:
    """Return the page, or the fragment that HX-Target names if it is one of `fragments` or `rows`.

    A fragment is a block of the template whose name is its DOM id; a row's id is `<prefix>_<key>`. The blocks named
    `beside` change with every fragment and travel along with it.
    """
    target = wanted()
    if target and target in fragments:
        others = "".join(_along(name, render_block(template, name, **context)) for name in beside if name != target)
        return _partial(render_block(template, target, **context) + others, status)
    for prefix, row in (rows or {}).items():
        if target and target.startswith(f"{prefix}_"):
            found = row.find(target.removeprefix(f"{prefix}_"))
            if found is None:
                raise NotFound
            return _partial(render_template(row.template, **{**context, **found}), status)
    return Response(render_template(template, **context), status, mimetype="text/html")


def _partial(body: str, status: int) -> Response:
    toast = render_template("layouts/_changed.html") if read_notice() else ""
    return Response(body + toast, status, mimetype="text/html")


def _along(name: str, body: str) -> str:
    return f'<hx-partial hx-target="#{name}">{body}</hx-partial>'


def wanted() -> str | None:
    """Return the id of the fragment that htmx wants, or None when it wants a whole page (PE-31)."""
    headers = request.headers
    whole = headers.get("HX-Boosted") or headers.get("HX-History-Restore-Request") or headers.get("HX-Request-Type") == "full"
    if not security.is_htmx() or whole:
        return None
    return headers.get("HX-Target", "").rpartition("#")[2] or None


def redirect_to(endpoint: str, *, notice: object | None = None, anchor: str | None = None, **values: Any) -> Response:
    """Answer 303 to a route by its name, with one sentence of confirmation for the page that follows (C7)."""
    response = redirect(url_for(endpoint, _anchor=anchor, **values), 303)
    if notice is not None:
        security.set_cookie(response, "notice", security.sign("notice", str(notice)), NOTICE_SECONDS)
    return response


def redirect_to_address(address: str) -> Response:
    """Answer 303 to the address that a registered subject gives for one of its rows; never to text from a browser (SE-35)."""
    return redirect(address, 303)


def redirect_back(target: str | None) -> Response:
    """Answer 303 to the signed page that asked for a sign-in, or home (SE-35)."""
    return redirect(security.address_of(target), 303)


def nothing_new() -> Response:
    """Answer 204: what the page shows is still true."""
    return Response(status=204)


def read_notice() -> str | None:
    """Return the confirmation sentence; it ends with the answer that shows it."""
    if "notice" not in g:
        text = security.read_cookie("notice")
        g.notice = security.unsign("notice", text, NOTICE_SECONDS) if text else None
        g.notice_shown = bool(text)
    sentence: str | None = g.notice
    return sentence


def end_notice(response: Response) -> Response:
    """Expire the cookie of a sentence that was shown."""
    if g.get("notice_shown") and "notice=" not in response.headers.get("Set-Cookie", ""):
        response.delete_cookie(security.cookie_name("notice"), path="/", secure=security.is_https(), httponly=True)
    return response


def query(name: str, default: str = "") -> str:
    """Return one parameter of the address; a repeated one answers 400 (SE-39)."""
    values = request.args.getlist(name)
    if len(values) > 1:
        raise BadRequest
    return values[0] if values else default


def query_all() -> Mapping[str, str]:
    """Return all parameters of the address, each once."""
    return {name: query(name) for name in request.args}


def own_path() -> str:
    """Return the path of this address, to which a form of its answer can post again."""
    return request.path


def query_string() -> str:
    """Return the address's parameters as text."""
    return request.query_string.decode("utf-8", "replace")
