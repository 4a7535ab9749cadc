"""Static files: one style sheet in layers, addresses that may be kept for ever, texts packed."""

import gzip
import re
from pathlib import Path

import pytest

from portal.core import assets

pytestmark = pytest.mark.sqlite_only
STATIC = Path(__file__).parents[2] / "static"
CSS_BUDGET = 18_000
FIRST_VISIT_BUDGET = 80_000
RAW_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")
ADDRESS = re.compile(r'(?:href|src)="(/static/[^"#]+)')


@pytest.fixture
def page(client):
    return client.get("/sign-in").text


def test_every_static_address_of_a_page_answers_and_may_be_kept_for_ever(client, page):
    addresses = set(ADDRESS.findall(page))
    assert len(addresses) >= 5
    for address in addresses:
        answer = client.get(address)
        assert (answer.status_code, answer.cache_control.immutable) == (200, True), address


def test_unversioned_address_answers_and_is_asked_for_again_soon(client):
    answer = client.get("/static/logo.svg")
    assert (answer.status_code, answer.cache_control.max_age, answer.cache_control.immutable) == (200, 300, False)


def test_old_version_of_an_address_is_not_kept_for_ever(client):
    assert not client.get("/static/logo.svg?v=000000000000").cache_control.immutable


def test_unknown_file_is_not_found(client):
    assert client.get("/static/../pyproject.toml").status_code == 404
    assert client.get("/static/build/000000000000.css").status_code == 404


def test_static_files_set_no_cookie_and_do_not_vary_by_one(client):
    answer = client.get("/static/icons.svg")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_texts_are_packed_for_those_who_take_it(client):
    plain, packed = (client.get("/static/icons.svg", headers={"Accept-Encoding": coding}) for coding in ("identity", "gzip"))
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in plain.headers


def test_unchanged_file_is_answered_with_304(client):
    tag = client.get("/static/logo.svg").headers["ETag"]
    assert client.get("/static/logo.svg", headers={"If-None-Match": tag}).status_code == 304


def test_style_sheets_are_joined_in_their_layers(app):
    sheet = app.extensions["assets"].joined("css")
    assert sheet.startswith("@layer reset,tokens,base,components,print;")
    assert sheet.index("@layer base {") < sheet.index(".button") < sheet.index("@layer print {")


def test_every_style_sheet_is_in_the_bundle_or_for_mail(app):
    paths = app.extensions["assets"].paths
    joined = {path for bundle in assets.BUNDLES for layer in assets.LAYERS for path in paths(bundle, layer)}
    assert set((STATIC / "css").rglob("*.css")) - joined == {STATIC / "css" / "mail.css"}


def test_only_tokens_name_raw_colours():
    found = {
        path.name: RAW_COLOUR.findall(assets.COMMENT.sub("", path.read_text()))
        for path in (STATIC / "css").rglob("*.css")
        if path.name != "tokens.css"
    }
    assert {name: colours for name, colours in found.items() if colours} == {}


def test_every_variable_is_a_token():
    used = {name for path in (STATIC / "css").rglob("*.css") for name in assets.VARIABLE.findall(path.read_text())}
    assert used - set(dict(assets.TOKEN.findall((STATIC / "css" / "tokens.css").read_text()))) == set()


def test_style_sheet_holds_no_data_addresses_and_is_within_its_budget(app):
    built = app.extensions["assets"]
    for bundle in built.bundles.values():
        assert b"data:" not in built.bodies[bundle]
        assert len(built.packed[bundle]) <= CSS_BUDGET


def test_first_visit_of_a_page_is_within_its_budget(client, page):
    files = (client.get(address, headers={"Accept-Encoding": "gzip"}).data for address in set(ADDRESS.findall(page)))
    assert sum(map(len, files)) + len(gzip.compress(page.encode())) <= FIRST_VISIT_BUDGET


def test_style_of_a_mail_knows_no_variables():
    style = assets.mail_css(STATIC)
    assert "var(" not in style
    assert "light-dark" not in style


def test_command_writes_the_same_style_sheet(app, tmp_path):
    css = tmp_path / "css"
    css.mkdir()
    for name in ("reset", "tokens", "base", "layout", "print"):
        (css / f"{name}.css").write_text("p { margin: 0; } /* a remark */\n")
    built = assets.Assets(tmp_path, "/static", watch=False)
    written, _public = built.write()
    assert written.read_text().count("margin") == 5
    assert "remark" not in written.read_text()
    assert gzip.decompress(written.with_name(f"{written.name}.gz").read_bytes()) == written.read_bytes()


def test_changed_file_is_read_again_while_developing(tmp_path):
    (tmp_path / "logo.svg").write_text("<svg/>")
    (tmp_path / "css").mkdir()
    for names in assets.SHEETS.values():
        for name in names:
            if "*" not in name:
                (tmp_path / "css" / name).write_text("")
    built = assets.Assets(tmp_path, "/static", watch=True)
    before = built.url("logo.svg")
    built.stamp -= 1
    (tmp_path / "logo.svg").write_text("<svg></svg>")
    assert built.url("logo.svg") != before


def test_every_component_has_its_signature_at_its_head():
    for path in (STATIC.parent / "templates" / "ui").glob("*.html"):
        head, rest = path.read_text().split("#}", 1)
        assert f"ui.{path.stem}(" in head, path.name
        assert f"{{% macro {path.stem}(" in rest, path.name
