"""Text that people write, as safe HTML: the only place that makes Markup of it (SE-41, SE-44)."""

import re
from html import unescape
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

TAGS = {
    "p",
    "br",
    "em",
    "strong",
    "del",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "h2",
    "h3",
    "h4",
    "h5",
    "a",
    "hr",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
BREAKS = re.compile(r"</(?:p|li|h3|h4|h5|pre|blockquote|tr)>|<br ?/?>|<hr ?/?>")
BLANK_LINES = re.compile(r"\n\s*\n+")
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def markdown(text: str, top: int = 3) -> Markup:
    """Return CommonMark without raw HTML, through an allow-list; no heading ranks above `top`, which fits the page around it."""
    tokens = _markdown.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{max(top, int(token.tag[1:]))}"
    html = nh3.clean(
        _markdown.renderer.render(tokens, _markdown.options, {}),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    return Markup(html)  # noqa: S704 - sanitised above


def plain(text: str) -> Markup:
    """Return plain text with its line breaks and paragraphs kept."""
    paragraphs = (str(escape(part)).replace("\n", "<br>") for part in text.strip().split("\n\n"))
    return Markup("".join(f"<p>{part}</p>" for part in paragraphs))  # noqa: S704 - escaped above


def is_web_address(text: str) -> bool:
    """Return whether the text is an http or https address."""
    parts = urlsplit(text)
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def without_markup(text: str) -> str:
    """Return the words of a Markdown text without any markup, for places that show plain text only."""
    lines = BREAKS.sub("\n", str(markdown(text)))
    return BLANK_LINES.sub("\n\n", unescape(nh3.clean(lines, tags=set()))).strip()
