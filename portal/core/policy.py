"""Who may: decisions with a reason, and the declarations that every route carries.

A route declares who is there (`@public`, `@signed_in`); its body decides what that person may see (`get_or_404`) and do
(`authorize`). Both mark the handling as decided, and tests fail a view that answered without (PE-25 to PE-30).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, g
from flask_login import current_user
from sqlalchemy import Select, inspect, select
from sqlalchemy.sql.util import find_tables
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from portal.core import api, security
from portal.core.db import Base, db, observe

P = ParamSpec("P")
Row = TypeVar("Row", bound=Base)
View = Callable[P, Any]


@dataclass(frozen=True)
class Decision:
    """The answer of a policy: truthy or falsy, with a sentence for the person when it is no."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


def yes() -> Decision:
    """Allow."""
    return Decision(True)


def no(reason: object) -> Decision:
    """Refuse, with a sentence fit to show to the person."""
    return Decision(False, str(reason))


def authorize(decision: Decision) -> None:
    """Go on if allowed, else answer 403 with the reason (PE-26)."""
    decided()
    if not decision:
        note_refusal(reason=decision.reason)
        raise Forbidden(decision.reason)


def get_or_404(visible: Select[Row], *conditions: Any) -> Row:
    """Fetch the one row of `visible` that meets the conditions; what may not be seen is not there (PE-25, PE-27)."""
    decided()
    row = db.session.scalar(visible.where(*conditions))
    if row is None:
        model = visible.column_descriptions[0]["entity"]
        observe(lambda: _note_hidden(model, conditions))
        raise NotFound
    return row


def _note_hidden(model: Any, conditions: Sequence[Any]) -> None:
    """Tell of a thing that exists but is hidden, where its own columns name it."""
    if any(table is not model.__table__ for one in conditions for table in find_tables(one, check_columns=True)):
        return
    id_ = db.session.scalar(select(inspect(model).primary_key[0]).where(*conditions).limit(1))
    if id_ is not None:
        _tell(Refusal(security.current_endpoint(), model.__tablename__, id_))


@dataclass(frozen=True)
class Refusal:
    """A signed-in person was refused at a route: a thing that is not theirs to see, or a deed with the reason."""

    endpoint: str
    kind: str = "route"
    subject_id: int = 0
    reason: str = ""


_refusal_observers: list[Callable[[Refusal], None]] = []


def on_refusal(observer: Callable[[Refusal], None]) -> None:
    """Let the package that keeps the audit trail hear of refusals (SE-62)."""
    _refusal_observers[:] = [observer]


def note_refusal(kind: str = "route", subject_id: int = 0, reason: str = "") -> None:
    """Observe a refusal after the answer is built; for views that answer 404 without `get_or_404`."""
    refusal = Refusal(security.current_endpoint(), kind, subject_id, reason)
    observe(lambda: _tell(refusal))


def _tell(refusal: Refusal) -> None:
    if current_user.is_authenticated:
        for observer in _refusal_observers:
            observer(refusal)


def decided() -> None:
    """Mark that the view asked who may; lists call it by using `visible_to`."""
    g.decided = True


def public(view: Callable[P, Any]) -> Callable[P, Any]:
    """Declare a route for everybody. A POST is protected by its origin, not by a session token (SE-34)."""

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Any:
        security.refuse_foreign_origin()
        decided()
        if security.is_write():
            bool(current_user.is_authenticated)  # the session is read before the view's own transaction begins (RE-3)
        return view(*args, **kwargs)

    return _declare(wrapper, "public")


def public_data(view: Callable[P, Any]) -> Callable[P, Any]:
    """Declare a route for every site and machine: nobody is looked at; what it may change, its address proves (API-9, SE-34)."""

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Any:
        decided()
        return view(*args, **kwargs)

    return _declare(wrapper, "machines")


def signed_in(view: Callable[P, Any]) -> Callable[P, Any]:
    """Declare a route for people with a session; a POST needs the session's token (PE-27, SE-33)."""

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Any:
        security.refuse_foreign_origin()
        if not current_user.is_authenticated:
            decided()
            return security.ask_to_sign_in()
        security.check_token()
        return view(*args, **kwargs)

    return _declare(wrapper, "signed_in")


_tokens: list[Callable[[str], Any]] = []


def read_tokens_with(reader: Callable[[str], Any]) -> None:
    """Let the package that keeps API tokens find one: something with `scopes`, None for what is unknown or over (SE-58)."""
    _tokens[:] = [reader]


def scope(wanted: str) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
    """Declare a route for machines that bring a token of a scope; cookies count for nothing there (PE-29, SE-34)."""

    def decorate(view: Callable[P, Any]) -> Callable[P, Any]:
        @wraps(view)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> Any:
            decided()
            g.anonymous = True
            token = next((read(api.bearer()) for read in _tokens), None)
            if token is None:
                return api.refuse(401, "unauthorized", "Send a valid API token.")
            if wanted not in token.scopes.split():
                return api.refuse(403, "forbidden", f"The token lacks the scope {wanted}.")
            g.api_token = token
            return view(*args, **kwargs)

        return _declare(wrapper, f"scope {wanted}")

    return decorate


def signed_webhook(view: Callable[P, Any]) -> Callable[P, Any]:
    """Declare a route for machines that sign what they send: the view checks the signature and decides (SE-34)."""

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Any:
        g.anonymous = True
        return view(*args, **kwargs)

    return _declare(wrapper, "signed webhook")


def api_token() -> Any:
    """Return the token that the request has brought."""
    return g.api_token


def survives_sign_in(keep: Callable[[], Response]) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
    """Declare a signed-in route whose POST is kept by `keep` when the session has ended (forms.md 16)."""

    def decorate(view: Callable[P, Any]) -> Callable[P, Any]:
        inner = signed_in(view)

        @wraps(view)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> Any:
            if security.is_write() and not current_user.is_authenticated:
                security.refuse_foreign_origin()
                decided()
                return keep()
            return inner(*args, **kwargs)

        return _declare(wrapper, "signed_in")

    return decorate


def _declare(view: Callable[P, Any], who: str) -> Callable[P, Any]:
    view.__dict__["declared"] = who
    return view


def declaration(view: Callable[..., Any]) -> str | None:
    """Return who may use the view at all, or None when nobody has said so (PE-29)."""
    declared: str | None = getattr(view, "declared", None)
    return declared


def require_declarations(app: Flask) -> None:
    """Refuse to start with a route that does not say who is there (PE-29)."""
    silent = [name for name, view in app.view_functions.items() if name != "static" and declaration(view) is None]
    if silent:
        raise RuntimeError(f"these views need @public or @signed_in: {', '.join(sorted(silent))}")
