"""Short and long text."""

from collections.abc import Mapping
from typing import ClassVar

from flask_babel import lazy_gettext as _
from flask_babel import lazy_ngettext

from portal.catalogue.formkit.masks import is_pattern, matches
from portal.catalogue.formkit.types.base import Asked, FieldType, Raw, first
from portal.catalogue.formkit.values import Message, Wrong
from portal.catalogue.formkit.words import clean_line, clean_text
from portal.core.text import in_language


class ShortText(FieldType):
    """One line of at most 200 characters (SE-38), with an optional pattern."""

    key = "short_text"
    title = _("Short text")
    takes = frozenset({"long_text", "number", "date", "time"})
    longest: ClassVar[int] = 200

    def clean(self, text: str) -> str:
        """Return the text without what must not be stored (SE-37)."""
        return clean_line(text)

    def read(self, asked: Asked, raw: Raw) -> str | None:
        """Return the cleaned text; check its length and pattern."""
        text = self.clean(first(raw))
        if not text:
            return None
        if len(text) > self.longest or self.beyond(asked, len(text)):
            raise self.wrong(asked)
        rules = asked.field.rules
        if rules.pattern and not (is_pattern(rules.pattern) and matches(rules.pattern, text)):
            raise Wrong(in_language(rules.message, asked.language) or self.expects(asked))
        return text

    def expects(self, asked: Asked) -> Message:
        """Say how long a text may be."""
        low, high = asked.field.rules.minimum or "1", asked.field.rules.maximum or str(self.longest)
        return _("a text of %(low)s to %(high)s characters", low=low, high=high)

    def missing(self, asked: Asked) -> Message:
        """Say that something has to be written."""
        return _("write an answer")

    def attributes(self, asked: Asked) -> Mapping[str, str]:
        """Let the browser stop at the longest text."""
        maximum = asked.field.rules.maximum
        return {"maxlength": maximum if maximum.isdigit() else str(self.longest)}

    def faults(self, asked: Asked) -> list[Message]:
        """Check the pattern too, and that it has a message in words."""
        rules = asked.field.rules
        found = super().faults(asked)
        if rules.pattern and not is_pattern(rules.pattern):
            found.append(_("its pattern cannot be read"))
        if rules.pattern and not in_language(rules.message, asked.language):
            found.append(_("its pattern needs a message that says what is right"))
        return found

    def samples(self, asked: Asked) -> list[str]:
        """Offer any text."""
        return ["x"]


class LongText(ShortText):
    """Several lines, at most 20,000 characters (SE-38)."""

    key = "long_text"
    title = _("Long text")
    control = "textarea"
    takes = frozenset({"short_text", "number", "date", "time"})
    longest = 20_000

    def clean(self, text: str) -> str:
        """Keep line breaks and tabs."""
        return clean_text(text)

    def expects(self, asked: Asked) -> Message:
        """Say how long a text may be."""
        most = asked.field.rules.maximum or str(self.longest)
        if asked.field.rules.minimum:
            return super().expects(asked)
        return lazy_ngettext("a text of at most %(num)s character", "a text of at most %(num)s characters", int(most))
