"""Windows, services, and that who is not in the audience finds nothing."""

from datetime import timedelta

import pytest

from portal.core.db import db
from tests.cast.people import Cast, away, sign_in
from tests.factories import catalogue


@pytest.fixture
def asked(client, cast: Cast):
    def get(person, path, **headers):
        return sign_in(client, person).get(path, headers=headers)

    return get


def test_windows_stand_in_order_and_show_their_services(asked, cast):
    catalogue.service(cast.it)
    catalogue.service(cast.human_resources, "certificate", catalogue.SIMPLE, name={"es": "Certificado", "en": "Certificate"})
    html = asked(cast.employee, "/catalogue").text
    assert html.index("/catalogue/it") < html.index("/catalogue/human-resources")
    assert "Equipo para una incorporación" in html
    assert "Certificado" not in html
    assert "Certificado" in asked(cast.employee, "/catalogue/human-resources").text


def test_window_says_until_when_it_is_open(asked, cast, clock):
    catalogue.service(cast.it)
    assert "Abierta hasta las 18:00" in asked(cast.employee, "/catalogue").text
    clock.shift(timedelta(hours=10))
    assert "Cerrada; abre mañana, 09:00" in asked(cast.employee, "/catalogue/it/new-joiner").text


def test_window_is_one_fragment_for_htmx(asked, cast):
    catalogue.service(cast.it)
    html = asked(cast.employee, "/catalogue/it", **{"HX-Request": "true", "HX-Target": "div#catalogue_list"}).text
    assert html.strip().startswith('<div id="catalogue_list"')
    assert "<html" not in html


def test_service_page_says_what_it_is(asked, cast):
    catalogue.service(
        cast.it, prepare={"es": "- El nombre\n- La fecha"}, not_covered={"es": "Ni *sillas*."}, contact_id=cast.agent.id
    )
    html = asked(cast.employee, "/catalogue/it/new-joiner").text
    form = "/catalogue/it/new-joiner/request"
    for text in ("<li>El nombre</li>", "Ni <em>sillas</em>", cast.agent.name, "Todos los empleados", form):
        assert text in html


def test_service_page_names_who_would_approve_and_who_stands_in(asked, cast):
    away(cast.head, cast.delegate)
    catalogue.service(cast.it, stages=({"rule": "requester_head"}, {"rule": "person", "person_id": cast.admin.id}))
    html = asked(cast.employee, "/catalogue/it/new-joiner").text
    for name in (f"{cast.delegate.name}, por {cast.head.name}", cast.admin.name, "Informática"):
        assert name in html


def test_text_in_the_other_language_is_marked(asked, cast):
    catalogue.service(cast.it, prepare={"en": "The name"})
    assert '<div class="prose" lang="en"><p>The name</p>' in asked(cast.employee, "/catalogue/it/new-joiner").text


PAGES = ("/catalogue/it", "/catalogue/it/new-joiner")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["employee2", "partner", "auditor"])
def test_FO7_outsider_finds_nothing(asked, cast, path, who):
    catalogue.service(cast.it, audience=({"kind": "department", "department_id": cast.customer_care.id},))
    answer = asked(getattr(cast, who), path)
    assert answer.status_code == 404
    assert answer.data == asked(getattr(cast, who), "/catalogue/unknown/page").data
    assert "Equipo" not in asked(getattr(cast, who), "/catalogue").text
    fragment = asked(getattr(cast, who), path, **{"HX-Request": "true", "HX-Target": "div#catalogue_list"})
    assert (fragment.status_code, "Equipo" in fragment.text) == (404, False)


def test_FO11_second_row_of_the_audience_is_enough(asked, cast):
    rows = ({"kind": "department", "department_id": cast.finance.id}, {"kind": "person", "person_id": cast.employee.id})
    catalogue.service(cast.it, audience=rows)
    assert asked(cast.employee, "/catalogue/it/new-joiner").status_code == 200


@pytest.mark.parametrize(
    ("row", "who", "found"),
    [
        ({"kind": "partners"}, "partner", True),
        ({"kind": "employees"}, "partner", False),
        ({"kind": "employees"}, "auditor", False),
        ({"kind": "role", "value": "head"}, "head", True),
        ({"kind": "role", "value": "head"}, "employee", False),
        ({"kind": "site", "value": "Getafe"}, "employee", True),
        ({"kind": "site", "value": "Vigo"}, "employee", False),
    ],
)
def test_audience_row_names_people(asked, cast, row, who, found):
    cast.employee.site = "Getafe"
    catalogue.service(cast.it, audience=(row,))
    assert asked(getattr(cast, who), "/catalogue/it/new-joiner").status_code == (200 if found else 404)


def test_department_row_counts_for_those_below_it(asked, cast):
    catalogue.service(cast.it, audience=({"kind": "department", "department_id": cast.management.id},))
    assert asked(cast.employee, "/catalogue/it/new-joiner").status_code == 200


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_only_published_services_are_found(asked, cast, state):
    catalogue.service(cast.it, state=state)
    assert asked(cast.employee, "/catalogue/it/new-joiner").status_code == 404
    assert asked(cast.head2, "/catalogue").status_code == 200


def test_wrong_method_is_refused(client, cast):
    assert sign_in(client, cast.employee).post("/catalogue").status_code in {400, 405}


def test_empty_catalogue_says_so(asked, cast):
    db.session.commit()
    assert "aparecerán aquí" in asked(cast.employee, "/catalogue").text
