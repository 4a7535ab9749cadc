"""Forms and contexts that the tests of the form engine share."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.catalogue.formkit.answers import Filled, Typed, fill
from portal.catalogue.formkit.loader import load_form
from portal.catalogue.formkit.schema import Form
from portal.catalogue.formkit.values import Choice, Context, FileRef


class People:
    known = (Choice("p1", "Marta Soler"), Choice("p2", "Luis Prieto"), Choice("p3", "Luis Prieto"))

    def choices(self) -> Sequence[Choice]:
        return ()

    def find(self, text: str) -> Sequence[Choice]:
        exact = [each for each in self.known if each.value == text]
        return exact or [each for each in self.known if str(each.label).casefold() == text.casefold()]


class Departments(People):
    known = (Choice("it", "Informática"), Choice("care", "Atención al cliente"))

    def choices(self) -> Sequence[Choice]:
        return self.known


def context(language: str = "en", **more: Any) -> Context:
    usual: dict[str, Any] = {
        "today": date(2026, 11, 25),
        "zone": "Europe/Madrid",
        "facts": {"department": ("care", "company"), "site": ("madrid",), "role": ()},
        "directories": {"person": People(), "department": Departments()},
        "files": {},
    }
    return Context(language, **{**usual, **more})


def words(es: str, en: str) -> dict[str, str]:
    return {"es": es, "en": en}


def field(key: str, kind: str = "short_text", **more: Any) -> dict[str, Any]:
    return {"key": key, "type": kind, "label": words(f"Es {key}", f"En {key}"), **more}


def options(*keys: str) -> list[dict[str, Any]]:
    return [{"key": key, "label": words(f"Opción {key}", key.capitalize())} for key in keys]


def form(*fields: dict[str, Any], **more: Any) -> Form:
    return load_form({"sections": [{"key": "main", "title": words("Datos", "Facts"), "fields": list(fields)}], **more})


def typed(language: str = "en", **texts: str | tuple[str, ...]) -> Typed:
    return Typed(language, {key: (text,) if isinstance(text, str) else text for key, text in texts.items()})


def filled(content: Form, language: str = "en", about: Context | None = None, **texts: Any) -> Filled:
    return fill(content, typed(language, **texts), about or context(language))


def post(**texts: str | list[str]) -> MultiDict[str, str]:
    """Return what a browser posts; `f_key` stands for the input `f.key`."""
    return MultiDict({name.replace("f_", "f.", 1) if name.startswith("f_") else name: text for name, text in texts.items()})


LAPTOP = form(
    field("needs", "several_of", required=True, options=options("laptop", "phone", "scanner")),
    field("line", "one_of", required=True, options=options("new", "old"),
          condition={"op": "contains", "question": "needs", "value": "phone"}),
    field("number", condition={"op": "equals", "question": "line", "value": "old"}, required=True),
    field("amount", "number", rules={"minimum": "1", "maximum": "50", "decimals": 0}, required=True),
    field("notes", "long_text"),
)  # fmt: skip
A_FILE = FileRef("file1", "plan.pdf", 20_000)
