"""Input: the base of all forms, and what was posted."""

import re
import unicodedata
from typing import Any, Self

from flask import request
from markupsafe import Markup
from werkzeug.datastructures import CombinedMultiDict, FileStorage, MultiDict
from werkzeug.exceptions import BadRequest
from wtforms import Form as WTForm

from portal.core import language, security

LINE = 200
TEXT = 20_000
PROOFS = re.compile(r"password|token|key|code|secret")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


class Form(WTForm):
    """A form that reads what was posted and speaks the language of the answer. Its token is checked at the edge (SE-33)."""

    class Meta:
        """WTForms' own messages in the reader's language."""

        def get_translations(self, form: Any) -> Any:
            from wtforms.i18n import get_translations

            return get_translations([language.current()])

    @classmethod
    def read(cls, obj: Any = None, **values: Any) -> Self:
        """Return the form filled from the request, else from `obj` or `values`."""
        return cls(posted() if security.is_write() else None, obj=obj, **values)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Return (field id, sentence) for the summary above the form."""
        return [(field.id, str(error)) for field in self for error in field.errors]


def posted() -> CombinedMultiDict[str, Any]:
    """Return what was posted, fields and files, without control characters (SE-37)."""
    fields = MultiDict((name, clean(value)) for name, value in request.form.items(multi=True))
    return CombinedMultiDict([fields, request.files])


def posted_value(name: str) -> str:
    """Return one posted value; missing is empty, repeated answers 400 (SE-39)."""
    values = request.form.getlist(name)
    if len(values) > 1:
        raise BadRequest
    return clean(values[0]) if values else ""


def typed_value(name: str) -> str:
    """Return one posted value as it came, for a reader of its own that refuses what `posted_value` removes (TR-2)."""
    values = request.form.getlist(name)
    if len(values) > 1:
        raise BadRequest
    return values[0] if values else ""


def posted_values(name: str) -> list[str]:
    """Return all posted values of one name."""
    return [clean(value) for value in request.form.getlist(name)]


def prose() -> list[str]:
    """Return the texts that were posted, to give them back when nothing could be stored: words, never what proves who one is."""
    texts = (clean(value).strip() for name, value in request.form.items(multi=True) if not PROOFS.search(name))
    return [text for text in texts if " " in text or "\n" in text]


def posted_files(name: str) -> list[FileStorage]:
    """Return the files posted under one name."""
    return [file for file in request.files.getlist(name) if file.filename]


def uploads() -> dict[str, list[FileStorage]]:
    """Return all files posted, by field name."""
    return {name: posted_files(name) for name in request.files}


def clean(text: str) -> str:
    """Return the text in composed form, with `\\n` line ends and without control characters (SE-37)."""
    return CONTROLS.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))


def csrf_field() -> Markup:
    """Return the hidden field that each posted form of a session carries."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(security.TOKEN_FIELD, security.csrf_token())
