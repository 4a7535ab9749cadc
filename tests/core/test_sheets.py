"""Tables as files: no text becomes a formula, and numbers stay numbers (SE-56)."""

import io
import zipfile

import pytest

from portal.core.sheets import as_csv, as_xlsx, harmless

BAD = ["=1+1", "@x", "+1", "-1", "\t=1", "\r=1", "  =1", "＝1", "＠x"]


@pytest.mark.parametrize("text", BAD)
def test_29_text_that_might_be_a_formula_gets_an_apostrophe(app, text):
    assert harmless(text) == f"'{text}"
    assert f"'{text}".split("\r")[0] in as_csv(["a"], [[text]]).decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(as_xlsx(["a"], [[text]]))) as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("text", ["VEN-1", "a=b", "Ayuda"])
def test_other_text_stays_as_it_is(text):
    assert harmless(text) == text


def test_29_a_negative_number_is_a_number(app):
    assert as_csv(["a"], [[-5, 1.5, None]]).decode("utf-8-sig").splitlines()[1] in ("-5;1,5;", "-5;1.5;")
    with zipfile.ZipFile(io.BytesIO(as_xlsx(["a"], [[-5]]))) as book:
        assert "<v>-5</v>" in book.read("xl/worksheets/sheet1.xml").decode()


def test_csv_tells_its_encoding_and_separates_by_semicolons(app):
    assert as_csv(["á", "b"], []) == "\ufeffá;b\r\n".encode()
