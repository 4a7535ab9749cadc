"""The form builder: every edit is a POST that answers 303, with and without htmx; nothing is overwritten."""

from dataclasses import replace

import pytest

from portal.catalogue import editing, queries, versions
from portal.catalogue.actions import forms
from portal.catalogue.formkit.conditions import Group, Test
from portal.core import clock
from portal.core.db import db
from tests.cast.people import Cast, sign_in, token_of
from tests.factories import catalogue


class Desk:
    """An editor in front of the form of one service."""

    def __init__(self, client, person, service):
        self.client, self.person = sign_in(client, person), person
        self.service, self.path = service, f"/admin/catalogue/{service.public_id}"

    def get(self, path="/form", **headers):
        return self.client.get(self.path + path, headers=headers)

    def post(self, path, seen=None, headers=None, **data):
        seen = seen or versions.seen_now(self.service.id)
        return self.client.post(self.path + path, data=token_of(self.client) | {"seen": seen} | data, headers=headers or {})

    def form(self):
        db.session.expire_all()
        return versions.working_form(self.service.id)

    def question(self, key):
        return self.form().by_key[key]


@pytest.fixture
def service(cast: Cast):
    made = catalogue.service(cast.it)
    db.session.commit()
    return made


@pytest.fixture
def desk(client, cast, service):
    return Desk(client, cast.head2, service)


def test_question_is_added_after_the_open_one_and_opened(desk):
    answer = desk.post("/form/questions", label="Centro de coste", type="short_text", after="name")
    assert (answer.status_code, answer.location) == (303, f"{desk.path}/form?question=centro_de_coste")
    assert [each.key for each in desk.form().fields][:2] == ["name", "centro_de_coste"]
    assert desk.question("centro_de_coste").label == {"es": "Centro de coste"}


def test_question_without_words_is_refused(desk):
    answer = desk.post("/form/questions", label=" ", type="date")
    assert answer.status_code == 422
    assert '<option value="date" selected>' in answer.text


def test_question_is_saved(desk):
    data = {
        "label.es": "Nombre", "label.en": "Name", "help.es": "Completo", "required": "yes", "in_title": "yes",
        "minimum": "3", "maximum": "40", "section": "who", "pattern": "",
    }  # fmt: skip
    assert desk.post("/form/questions/name", **data).status_code == 303
    saved = desk.question("name")
    assert (saved.label, saved.help) == ({"es": "Nombre", "en": "Name"}, {"es": "Completo"})
    assert (saved.required, saved.rules.minimum, saved.rules.maximum) == (True, "3", "40")
    assert desk.form().title == ("name",)
    desk.post("/form/questions/name", **{"label.es": "Nombre", "section": "what"})
    assert (desk.question("name").required, desk.form().title) == (False, ())
    assert desk.form().sections[1].fields[-1].key == "name"


def test_numbers_are_read_in_the_editors_language(desk):
    desk.post("/form/questions/screens", **{"label.es": "Pantallas", "minimum": "0,5", "decimals": "1"})
    assert desk.question("screens").rules.minimum == "0.5"
    assert 'name="minimum" autocomplete="off" value="0,5"' in desk.get("/form?question=screens").text


def test_wrong_number_of_decimals_comes_back_with_everything(desk):
    answer = desk.post("/form/questions/screens", **{"label.es": "Cuántas", "decimals": "many"})
    assert answer.status_code == 422
    assert 'value="Cuántas"' in answer.text
    assert "un número entero de 0 a 6" in answer.text


OPTIONS = {"label.es": "¿Qué?", "option_key": ["laptop", "phone", ""], "option.en": ["Laptop", "Phone", ""], "required": "yes"}


def test_option_is_added_renamed_and_withdrawn(desk):
    desk.post("/form/questions/needs", **OPTIONS, **{"option.es": ["Ordenador", "Teléfono", "Tableta"]})
    assert [(each.key, each.label["es"]) for each in desk.question("needs").options] == [
        ("laptop", "Ordenador"), ("phone", "Teléfono"), ("tableta", "Tableta"),
    ]  # fmt: skip
    names = {"label.es": "¿Qué?", "option.es": ["Portátil", "Teléfono", "Tableta"], "option.en": ["Laptop", "Phone", "Tablet"]}
    desk.post("/form/questions/needs", **names, option_key=["laptop", "phone", "tableta"], do="remove_option:tableta")
    desk.post("/form/questions/needs", **names, option_key=["laptop", "phone"], do="remove_option:phone")
    found = desk.question("needs").options
    assert [(each.key, each.withdrawn) for each in found] == [("laptop", False), ("phone", True)], "published ones are kept"


def test_condition_is_chosen_by_selects(desk):
    html = desk.get("/form?question=budget").text
    assert "Pantallas está por encima de …" in html
    above = '{"op":"greater","question":"screens","value":null}'
    phone = '{"op":"contains","question":"needs","value":"phone"}'
    data = {"label.es": "Presupuesto", "test": [above, phone, ""], "test_value": ["1", "", ""], "joiner": "or"}
    assert desk.post("/form/questions/budget", **data).status_code == 303
    html = desk.get("/form?question=budget").text
    assert "solo si" in html
    assert html.count(" selected>") >= 3
    from portal.catalogue.formkit.conditions import dump_condition

    stored = dump_condition(desk.question("budget").condition)
    assert (stored["op"], [part["value"] for part in stored["parts"]]) == ("or", ["1", "phone"])


PHONE, NAMED = '{"op":"contains","question":"needs","value":"phone"}', '{"op":"contains","question":"name","value":null}'
LINES = {
    "label.es": "Línea",
    "option_key": ["new", "kept", ""],
    "option.es": ["Nueva", "La de antes", ""],
    "option.en": ["New", "Old", ""],
}


def test_FO3_FO4_option_depends_on_earlier_answers_by_selects(desk):
    """Two rows of one option have to hold together; what the rows say is shown again, told as a change, and taken away."""
    rows = {"option_of": ["kept", "kept", ""], "option_test": [PHONE, NAMED, ""], "option_value": ["", "Ana", ""]}
    assert desk.post("/form/questions/line", **LINES, **rows).status_code == 303
    new, kept = desk.question("line").options
    assert new.condition is None
    assert [(part.operator, part.key, part.values) for part in kept.condition.parts] == [
        ("contains", "needs", ("phone",)), ("contains", "name", ("Ana",)),
    ]  # fmt: skip
    html = desk.get("/form?question=line").text
    assert html.count('<option value="kept" selected>') == 2
    assert "la opción La de antes se ofrece ahora solo si" in html
    assert "algunas opciones solo a veces" in html
    gone = {"option_of": ["kept", "kept", ""], "option_test": ["always", PHONE, ""], "option_value": ["", "", ""]}
    desk.post("/form/questions/line", **LINES, **gone)
    assert [part.key for part in [desk.question("line").options[1].condition]] == ["needs"]
    desk.post("/form/questions/line", **LINES, option_of="", option_test="", option_value="")
    assert desk.question("line").options[1].condition is None


def test_option_without_its_comparison_is_asked_and_one_too_deep_for_rows_is_kept(desk):
    answer = desk.post("/form/questions/line", **LINES, option_of=["kept", ""], option_test=["", ""], option_value=["", ""])
    assert answer.status_code == 422
    assert "elige cuándo se ofrece la opción" in answer.text
    assert '<option value="kept" selected>' in answer.text
    either = Group("or", (Test("contains", "needs", ("phone",)), Test("contains", "name", ("Ana",))))

    def deep(form):
        line = form.by_key["line"]
        options = tuple(replace(each, condition=either) if each.key == "kept" else each for each in line.options)
        return editing.change_field(form, replace(line, options=options), editing.home_of(form, "line").key, False)

    forms.edit_form(desk.service, db.session.merge(desk.person), versions.seen_now(desk.service.id), deep, clock.now())
    db.session.commit()
    assert '<option value="keep" selected>solo si' in desk.get("/form?question=line").text
    desk.post("/form/questions/line", **LINES, option_of=["kept", ""], option_test=["keep", ""], option_value=["", ""])
    assert desk.question("line").options[1].condition == either


def test_condition_without_its_value_is_asked(desk):
    above = '{"op":"greater","question":"screens","value":null}'
    answer = desk.post("/form/questions/budget", **{"label.es": "Otro", "test": above, "test_value": ""})
    assert answer.status_code == 422
    assert "Escribe" in answer.text or "escribe" in answer.text
    assert 'value="Otro"' in answer.text


def test_condition_on_a_later_question_is_not_offered(desk):
    later = '{"op":"contains","question":"needs","value":"phone"}'
    desk.post("/form/questions/name", **{"label.es": "Nombre", "test": later})
    assert desk.question("name").condition is None


def test_FO18_moving_the_question_below_is_named_and_blocks(desk):
    for _ in range(12):
        desk.post("/form/order", move="question:down:needs")
    html = desk.get("/form").text
    assert "«Línea del teléfono» depende de «¿Qué va a necesitar?», que está más abajo." in html
    answer = desk.post("/form/publication")
    assert answer.status_code == 422
    assert 'href="#row_line"' in answer.text


def test_FO12_publication_without_audience_is_refused(desk, service):
    desk.post("/form/order", move="question:down:name")
    desk.client.post(f"{desk.path}/audience/removal", data=token_of(desk.client) | {"row": "employees"})
    answer = desk.post("/form/publication")
    assert answer.status_code == 422
    assert "Nadie puede pedir este servicio" in answer.text
    assert queries.published_version(service.id).number == 1


def test_FO8_R28_second_editor_gets_both_texts(desk):
    seen = versions.seen_now(desk.service.id)
    desk.post("/form/questions/name", seen=seen, **{"label.es": "Nombre de ella", "required": "yes"})
    late = desk.post("/form/questions/name", seen=seen, **{"label.es": "Nombre de él", "required": "yes"})
    assert late.status_code == 409
    assert "Ignacio Vela" in late.text
    assert "Nombre de ella" in late.text
    assert late.text.count("Nombre de él") == 2, "once to read, once to save on top"
    assert desk.question("name").label["es"] == "Nombre de ella"
    again = desk.post("/form/questions/name", **{"label.es": "Nombre de él", "required": "yes"})
    assert again.status_code == 303


def test_FO8_conflict_under_htmx_replaces_the_builder(desk):
    seen = versions.seen_now(desk.service.id)
    desk.post("/form/order", seen=seen, move="question:down:name")
    headers = {"HX-Request": "true", "HX-Target": "div#builder"}
    late = desk.post("/form/order", seen=seen, headers=headers, move="question:down:name")
    assert late.status_code == 409
    assert late.text.strip().startswith('<div id="builder"')
    assert "HX-Retarget" not in late.headers


def test_sections_are_added_named_moved_and_removed(desk):
    desk.post("/form/sections", title="Fechas")
    desk.post("/form/sections/fechas", **{"title.es": "Cuándo", "title.en": "When", "help.es": "Las fechas"})
    section = desk.form().sections[-1]
    assert (section.key, section.title, section.help["es"]) == ("fechas", {"es": "Cuándo", "en": "When"}, "Las fechas")
    desk.post("/form/order", move="section:up:fechas")
    assert [each.key for each in desk.form().sections] == ["who", "fechas", "what"]
    count = len(desk.form().fields)
    desk.post("/form/sections/who/removal")
    assert [each.key for each in desk.form().sections] == ["fechas", "what"]
    assert len(desk.form().fields) == count
    assert desk.post("/form/sections", title="").status_code == 422


def test_question_moves_over_the_edge_of_its_section_and_goes(desk):
    desk.post("/form/order", move="question:up:intro")
    assert [each.key for each in desk.form().sections[0].fields][-1] == "intro"
    desk.post("/form/questions/intro/removal")
    assert "intro" not in desk.form().by_key
    assert desk.post("/form/questions/intro/removal").status_code == 409
    assert desk.post("/form/questions/intro", **{"label.es": "Mi texto"}).status_code == 409


def test_confidential_answers_name_their_readers(desk):
    data = {"label.es": "Notas", "confidential": "yes", "groups": ["role:agent"], "approvers": "yes"}
    desk.post("/form/questions/notes", **data)
    rule = desk.question("notes").confidential
    assert (rule.groups, rule.approvers, rule.delegates) == (("role:agent",), True, False)
    assert "confidencial" in desk.get("/form?question=notes").text


def test_publishing_says_what_changed_and_going_back_is_a_new_version(desk):
    desk.post("/form/questions/notes/removal")
    assert "Ya no se pregunta: «Algo más»." in desk.get("/form").text
    assert desk.post("/form/publication").status_code == 303
    html = desk.get("/versions?since=1").text
    assert "Ya no se pregunta: «Algo más»." in html
    fragment = desk.get("/versions?since=1", **{"HX-Request": "true", "HX-Target": "div#changes"}).text
    assert fragment.strip().startswith('<div id="changes"')
    assert desk.post("/versions/1/return").status_code == 303
    assert queries.published_version(desk.service.id).number == 3
    assert "notes" in desk.form().by_key


def test_draft_is_discarded_after_showing_what_is_lost(desk):
    assert desk.get("/form/removal").status_code == 303, "there is none"
    desk.post("/form/questions/notes/removal")
    assert "Ya no se pregunta: «Algo más»." in desk.get("/form/removal").text
    assert desk.post("/form/removal").status_code == 303
    assert "notes" in desk.form().by_key


def test_preview_follows_what_is_tried_and_speaks_both_languages(desk):
    assert 'id="field_line" hidden' in desk.get("/form").text
    tried = desk.get(
        "/form?question=name&f.needs=phone&on_page=needs", **{"HX-Request": "true", "HX-Target": "form#preview"}
    ).text
    assert tried.strip().startswith('<form id="preview"')
    assert "Línea nueva" in tried
    assert "Phone line" in desk.get("/form?preview=en&f.needs=phone").text


@pytest.mark.parametrize("target", ["div#builder", None])
def test_every_edit_answers_with_the_builder_or_the_page(desk, target):
    headers = {"HX-Request": "true", "HX-Target": target} if target else {}
    answer = desk.post("/form/order", headers=headers, move="question:down:name")
    assert answer.status_code == 303
    html = desk.client.get(answer.location, headers=headers).text
    assert ("<html" in html) is (target is None)
    assert 'id="questions"' in html
    assert 'id="preview"' in html


GETS = ("", "/form", "/audience", "/route", "/versions")
POSTS = ("", "/form/questions", "/form/order", "/form/publication", "/form/removal", "/audience", "/audience/removal",
         "/form/questions/name", "/form/questions/name/removal", "/form/sections", "/form/sections/who", "/withdrawal",
         "/route/stages", "/route/order", "/route/fallback", "/versions/1/return")  # fmt: skip


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [
        ("head2", 200, None), ("admin", 200, None), ("auditor", 200, 403), ("finance_head", 403, 403), ("employee", 403, 403),
        ("partner", 404, 404),
    ],
)  # fmt: skip
def test_editor_opens_to_the_department_only(client, cast, service, who, reads, writes):
    desk = Desk(client, getattr(cast, who), service)
    for path in GETS:
        assert desk.get(path).status_code == reads, path
    for path in POSTS if writes else ():
        answer = desk.post(path)
        assert answer.status_code == writes, path
        assert writes == 404 or "tu departamento" in answer.text, path


@pytest.mark.parametrize(("who", "status"), [("head2", 200), ("auditor", 200), ("employee", 403), ("agent", 403)])
def test_list_of_the_editor(client, cast, service, who, status):
    answer = sign_in(client, getattr(cast, who)).get("/admin/catalogue")
    assert answer.status_code == status
    assert ("Equipo para una incorporación" in answer.text) is (status == 200)


def test_GET_cannot_edit(desk):
    assert desk.get("/form/publication").status_code in {404, 405}


PRICED = {"currency": "eur", "tax": "21", "price": "", "period": "month", "quantity": "", "amount": ""}


def test_prices_are_given_to_a_form_and_its_options(desk):
    assert 'name="option_price"' not in desk.get("/form?question=needs").text, "without a currency nothing has a price"
    assert desk.post("/form/prices", **PRICED).status_code == 303
    pricing = desk.form().pricing
    assert (pricing.currency, pricing.tax, pricing.period, pricing.price) == ("EUR", "21", "month", None)
    data = {**OPTIONS, "option.es": ["Portátil", "Teléfono", ""], "option_price": ["1.899,5", "", ""], "quantity": "screens"}
    assert desk.post("/form/questions/needs", **data).status_code == 303
    assert [each.price for each in desk.question("needs").options] == [189950, None]
    assert desk.question("needs").quantity == "screens"
    html = desk.get("/form?question=needs").text
    assert 'autocomplete="off" value="1899,50"' in html
    assert "al mes más 21 % de impuestos" in html, "the preview shows the price"


def test_price_that_cannot_be_read_comes_back(desk):
    desk.post("/form/prices", **PRICED)
    data = {**OPTIONS, "option.es": ["Portátil", "Teléfono", ""], "option_price": ["barato", "", ""]}
    answer = desk.post("/form/questions/needs", **data)
    assert answer.status_code == 422
    assert 'value="barato"' in answer.text
    assert "un precio como 15,00" in answer.text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"currency": "euros"}, "tres letras"), ({"tax": "100"}, "un porcentaje de 0 a 99"), ({"price": "x"}, "un precio como")],
)
def test_wrong_pricing_comes_back_with_everything(desk, wrong, says):
    answer = desk.post("/form/prices", **{**PRICED, **wrong})
    assert answer.status_code == 422
    assert says in answer.text
    assert f'value="{next(iter(wrong.values()))}"' in answer.text
    assert desk.form().pricing is None


def test_form_without_currency_and_amount_has_no_prices_again(desk):
    desk.post("/form/prices", **PRICED)
    desk.post("/form/prices", **{**PRICED, "currency": ""})
    assert desk.form().pricing is None


def test_prices_without_currency_are_not_published(desk):
    desk.post("/form/prices", **PRICED)
    desk.post("/form/questions/needs", **{**OPTIONS, "option.es": ["Portátil", "Teléfono", ""], "option_price": ["1", "", ""]})
    desk.post("/form/prices", **{**PRICED, "currency": ""})
    answer = desk.post("/form/publication")
    assert answer.status_code == 422
    assert "nadie ha dicho en qué moneda" in answer.text


def test_rows_get_columns_that_are_edited_like_questions(desk):
    desk.post("/form/questions", label="Material", type="rows", after="name")
    assert "no tiene ninguna columna" in desk.get("/form").text, "rows without columns are not published"
    for label, kind in (("Artículo", "one_of"), ("Unidades", "number"), ("Nota", "short_text")):
        assert desk.post("/form/questions", label=label, type=kind, into="material").status_code == 303
    assert [each.key for each in desk.question("material").columns] == ["articulo", "unidades", "nota"]
    assert desk.post("/form/questions", label="Quién", type="person", into="material").status_code == 400
    option = {"option_key": "", "option.es": "Tóner", "option.en": "Toner"}
    desk.post("/form/questions/articulo", **{"label.es": "Artículo", "required": "yes", "in_title": "yes", **option})
    column = desk.question("material").column("articulo")
    assert (column.required, [each.label["es"] for each in column.options]) == (True, ["Tóner"])
    assert "articulo" not in desk.form().title, "a column tells no requests apart"
    html = desk.get("/form?question=nota").text
    assert "Artículo es Tóner" in html, "a column looks at its own row"
    assert 'name="into" value="material"' in html
    desk.post("/form/order", move="question:up:nota")
    desk.post("/form/questions/unidades/removal")
    assert [each.key for each in desk.question("material").columns] == ["articulo", "nota"]
    desk.post("/form/questions/material", **{"label.es": "Material", "minimum": "1", "maximum": "10"})
    assert desk.question("material").rules.maximum == "10"
    assert [each.key for each in desk.question("material").columns] == ["articulo", "nota"], "saving the rows keeps them"
    desk.post("/form/questions", label="Nota", type="date")
    assert "nota_2" in desk.form().by_key, "the key of a column is taken"


def test_prices_in_rows_are_multiplied_by_a_number_of_the_row(desk):
    desk.post("/form/questions", label="Material", type="rows")
    desk.post("/form/questions", label="Unidades", type="number", into="material")
    desk.post("/form/questions", label="Artículo", type="one_of", into="material")
    desk.post("/form/prices", **PRICED)
    html = desk.get("/form?question=articulo").text
    assert '<option value="unidades">Unidades</option>' in html
    assert (
        '<option value="unidades">Unidades</option>'
        not in desk.get("/form?question=needs").text.split('id="pricing_quantity"')[0]
    )
    option = {"option_key": "", "option.es": "Tóner", "option.en": "Toner", "option_price": "19,99", "quantity": "unidades"}
    desk.post("/form/questions/articulo", **{"label.es": "Artículo", **option})
    column = desk.question("material").column("articulo")
    assert (column.quantity, column.options[0].price) == ("unidades", 1999)
