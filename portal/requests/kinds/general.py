"""The general kind: a catalogue entry with its own questions, route and department, and no rules of its own."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from portal.requests.kinds.registry import Kind


class General(Kind):
    """Copy this module to make a kind (architecture.md, "A new kind of request, in one sitting")."""

    key = "general"
    title = _("General request")

    def form(self) -> Mapping[str, Any]:
        """Return one question: what is needed."""
        field = {
            "key": "need",
            "type": "long_text",
            "label": {"es": "¿Qué necesitas?", "en": "What do you need?"},
            "required": True,
        }
        return {"sections": [{"key": "need", "title": {"es": "Petición", "en": "Request"}, "fields": [field]}], "title": ["need"]}

    def example(self) -> Mapping[str, Any]:
        """Return a valid answer."""
        return {"need": "A second monitor for desk 214."}
