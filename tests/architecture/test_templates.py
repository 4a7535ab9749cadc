"""Templates hold no script, no style, no hard-coded words; pages have a title and one heading."""

import re

import pytest

from tests.architecture.source import name_of, templates

TEMPLATES = templates()
FORBIDDEN = {
    "inline style": re.compile(r"\sstyle=|<style"),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)"),
    "event attribute": re.compile(r"\son[a-z]+=|hx-on"),
    "evaluated value": re.compile(r"(js|javascript):"),
    "trigger filter": re.compile(r'hx-trigger="[^"]*\['),
    "unescaped output": re.compile(r"\|\s*safe\b"),
    "data address": re.compile(r"[\"'(]data:"),
    "a pseudo URL": re.compile(r'href="#?"'),
}
CLASSES = re.compile(r"\{% block body_class %\}.*?\{% endblock %\}")
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.S)
TAG = re.compile(r"<[^>]*>", re.S)
SPOKEN = re.compile(r'\s(?:alt|title|placeholder|aria-label|aria-description)="([^"]*)"')
WORD = re.compile(r"[^\W\d_]{2,}")
NO_WORDS = {"kB", "nbsp", "middot", "hellip", "rarr", "larr", "amp", "mdash", "ndash", "Ventanilla", "Español", "English"}
ids = [name_of(path) for path in TEMPLATES]


@pytest.mark.parametrize("path", TEMPLATES, ids=ids)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_template_keeps_behaviour_and_looks_in_files(path, what):
    found = FORBIDDEN[what].search(path.read_text())
    assert not found, f"{name_of(path)}: {what}: {found and found[0]}"


@pytest.mark.parametrize("path", TEMPLATES, ids=ids)
def test_every_word_goes_through_the_catalogue(path):
    source = JINJA.sub("\x00", CLASSES.sub("", path.read_text()))
    spoken = SPOKEN.findall(source)
    text = TAG.sub(" ", source)
    words = {word for part in [text, *spoken] for word in WORD.findall(part)} - NO_WORDS
    assert not words, f"{name_of(path)}: say {sorted(words)[:8]} through _()"


def pages():
    return [path for path in TEMPLATES if "{% extends" in path.read_text() and "layouts" not in path.parts]


@pytest.mark.parametrize("path", pages(), ids=[name_of(path) for path in pages()])
def test_page_has_a_title(path):
    assert re.search(r"\{%-? block title", path.read_text()), f"{name_of(path)} has no title block"


@pytest.mark.parametrize("path", pages(), ids=[name_of(path) for path in pages()])
def test_posted_forms_carry_their_token(path):
    if "layouts/public.html" in path.read_text():
        return  # used without a session: the origin of the post protects them (SE-34)
    for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.S):
        if 'method="post"' in form and "accounts" not in path.parts:
            assert "csrf_field()" in form, f"{name_of(path)}: a form without csrf_field()"
