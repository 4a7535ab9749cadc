"""Languages: which one a person reads, and the catalogues, one `.po` per package, merged when the portal starts (C13)."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, request
from flask_babel import Babel, Domain, get_locale, refresh
from flask_login import current_user

from portal.core import security

FOLDER = Path(__file__).parent.parent / "translations"


class Catalogues(Domain):  # type: ignore[misc]  # flask_babel has no types
    """The merged catalogues as flask-babel's default domain."""

    def get_translations(self) -> NullTranslations:
        """Return the texts of the language of this answer."""
        return merged(str(get_locale() or "en"))


class Languages(Babel):  # type: ignore[misc]  # flask_babel has no types
    """flask-babel with the merged catalogues."""

    @property
    def domain_instance(self) -> Catalogues:
        """Return the one domain that there is."""
        return Catalogues()


def install(app: Flask) -> None:
    """Choose language and zone for each answer: the person's, else the cookie's, else the browser's."""
    app.config["BABEL_DEFAULT_LOCALE"] = app.config["LANGUAGES"][0]
    app.config["BABEL_DEFAULT_TIMEZONE"] = app.config["PORTAL_TIMEZONE"]
    Languages(app, locale_selector=choose_language, timezone_selector=choose_zone)


@lru_cache
def merged(language: str) -> NullTranslations:
    """Return all catalogues of a language as one; English is the language of the message ids."""
    texts = Translations()
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        binary = BytesIO()
        write_mo(binary, catalogue)
        binary.seek(0)
        texts.add(Translations(binary), merge=True) if texts._catalog else _start(texts, binary)
    return texts


def _start(texts: Translations, binary: BytesIO) -> None:
    texts._parse(binary)


def speak(language: str, zone: str | None) -> None:
    """Answer in this language, whoever asks."""
    g.spoken_to = (language, zone)
    refresh()


@contextmanager
def speaking_to(language: str | None, zone: str | None) -> Iterator[None]:
    """Within it, texts and times are for this reader and not for whoever is being answered: for mail (C13)."""
    before = g.get("spoken_to")
    g.spoken_to = (language, zone)
    refresh()
    try:
        yield
    finally:
        g.pop("spoken_to")
        if before:
            g.spoken_to = before
        refresh()


def choose_language() -> str:
    """Return the language of this answer, always one of the installation's."""
    offered: list[str] = current_app.config["LANGUAGES"]
    if "spoken_to" in g:
        return g.spoken_to[0] if g.spoken_to[0] in offered else offered[0]
    if not request:
        return offered[0]
    wanted = getattr(current_user, "language", None) or security.read_cookie("language")
    if wanted in offered:
        return str(wanted)
    return request.accept_languages.best_match(offered) or offered[0]


def accepted() -> str:
    """Return the language that the browser asks for, whoever is there; the installation's first if nothing fits (SP-37)."""
    offered: list[str] = current_app.config["LANGUAGES"]
    return request.accept_languages.best_match(offered) or offered[0]


def choose_zone() -> str:
    """Return the person's time zone, else the installation's."""
    if "spoken_to" in g:
        return str(g.spoken_to[1] or current_app.config["PORTAL_TIMEZONE"])
    own: Any = getattr(current_user, "time_zone", None) if request else None
    return str(own or current_app.config["PORTAL_TIMEZONE"])


def current() -> str:
    """Return the code of the language of this answer."""
    return str(get_locale() or current_app.config["LANGUAGES"][0])
