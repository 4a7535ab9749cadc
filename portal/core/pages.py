"""What every template can use."""

from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, g
from flask_babel import gettext, ngettext
from flask_login import current_user
from jinja2 import StrictUndefined

from portal.core import clock, forms, hypermedia, language, markup, navigation, public_pages, text


def install(app: Flask) -> None:
    """Offer globals and filters, and the `ui` components found in their folder."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(
        _=gettext,
        gettext=gettext,
        ngettext=ngettext,
        csrf_field=forms.csrf_field,
        now=clock.now,
        reader_language=language.current,
        installation=app.config["PORTAL_NAME"],
        public_places=navigation.public_entries,
        other_languages=public_pages.other_languages_here,
    )
    env.filters.update(
        local=text.in_language,
        day=text.day_words,
        time=text.time_words,
        full_date=text.date_in_full,
        duration=text.duration_words,
        markdown=markup.markdown,
        plain=markup.plain,
    )
    env.globals["ui"] = components(app)
    app.context_processor(context)
    app.after_request(hypermedia.end_notice)


def components(app: Flask) -> SimpleNamespace:
    """Return every macro of `templates/ui/`; the file's name is the macro's name."""
    folder = Path(str(app.template_folder)) / "ui"
    names = sorted(path.stem for path in folder.glob("*.html"))
    found = SimpleNamespace()
    app.jinja_env.globals["ui"] = found
    for name in names:
        setattr(found, name, getattr(app.jinja_env.get_template(f"ui/{name}.html").module, name))
    return found


def context() -> dict[str, Any]:
    """Return what the layouts need of this answer; counted only when a layout asks."""
    anonymous = g.get("anonymous", False)
    signed_in = not anonymous and bool(current_user) and current_user.is_authenticated
    person = current_user._get_current_object() if signed_in else None
    return {
        "me": person,
        "locale": language.current(),
        "nav": cache(lambda: navigation.entries_for(person) if person else []),
        "theme": getattr(person, "theme", None),
        "notice": (lambda: None) if anonymous else hypermedia.read_notice,
        "warnings": cache(lambda: navigation.warnings_for(person) if person else []),
    }
