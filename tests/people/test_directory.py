"""Finding people and departments (knowledge-and-home.md 10 and 11, PE-21)."""

import pytest
from flask.testing import FlaskClient

from portal.core import clock
from portal.core.db import db
from portal.people import queries
from portal.people.models import RoleGrant
from tests.cast.people import Cast, add_person, away, grant, sign_in


@pytest.fixture
def signed_in(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.employee)


@pytest.mark.parametrize("url", ["/people", "/people/picker?q=mar", "/departments", "/departments/it", "/people/me"])
def test_a_stranger_is_asked_to_sign_in(client: FlaskClient, cast: Cast, url: str) -> None:
    assert client.get(url).status_code == 303
    assert client.get(url, headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.parametrize("text", ["soler", "SOLER", "mar sol", "  Marta   Soler "])
def test_a_name_is_found_without_case_accents_and_order(signed_in: FlaskClient, text: str) -> None:
    page = signed_in.get("/people", query_string={"q": text}).text
    assert "Marta Soler" in page
    assert "Nuria Campos" not in page


def test_accents_do_not_matter_either_way(signed_in: FlaskClient) -> None:
    for text in ("oscar", "Óscar", "ibanez", "Ibáñez"):
        found = signed_in.get("/people", query_string={"q": text}).text
        assert "Óscar Prieto" in found or "Mateo Ibáñez" in found


def test_people_are_found_by_department(signed_in: FlaskClient) -> None:
    page = signed_in.get("/people?department=finance").text
    assert "Óscar Prieto" in page
    assert "Marta Soler" not in page


@pytest.mark.parametrize("text", ["%", "_", '"', "' OR 1=1 --", "\\", "AND", "x" * 201, "a " * 13])
def test_a_text_of_signs_finds_nobody_and_does_no_harm(signed_in: FlaskClient, text: str) -> None:
    answer = signed_in.get("/people", query_string={"q": text})
    assert answer.status_code == 200
    assert "Marta Soler" not in answer.text or text.strip() == ""


@pytest.mark.parametrize("query", ["q=a&q=b", "page=x", "page=%3Eeyd9", "department=it&department=hr"])
def test_a_malformed_address_is_refused(signed_in: FlaskClient, query: str) -> None:
    assert signed_in.get(f"/people?{query}").status_code == 400


def test_who_has_left_and_who_audits_is_not_listed(signed_in: FlaskClient, cast: Cast) -> None:
    page = signed_in.get("/people").text
    assert cast.deactivated.name not in page
    assert cast.auditor.name not in page
    for person in (cast.deactivated, cast.auditor):
        assert signed_in.get(f"/people/{person.public_id}").status_code == 404


def test_a_partner_finds_nobody_else(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.partner)
    page = client.get("/people").text
    assert cast.employee.name not in page
    assert client.get(f"/people/{cast.employee.public_id}").status_code == 404
    assert cast.employee.name not in client.get("/people/picker?q=fer").text
    assert cast.employee.name not in client.get("/departments/customer-care").text


def test_an_unknown_person_and_a_hidden_one_look_alike(signed_in: FlaskClient, cast: Cast) -> None:
    hidden = signed_in.get(f"/people/{cast.deactivated.public_id}")
    unknown = signed_in.get("/people/abcdefghijkl")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.text == unknown.text


def test_lists_show_no_more_than_they_may(signed_in: FlaskClient, cast: Cast) -> None:
    """PE-21: name, department, photo, job title and away-until; nothing else whatever is asked for."""
    cast.head.phone, cast.head.site = "600 123 456", "Valencia"
    for url in (
        "/people?q=soler&fields=phone&expand=email",
        "/people/picker?q=soler&include=phone",
        "/departments/customer-care",
    ):
        page = signed_in.get(url).text
        assert "Marta Soler" in page
        for secret in ("600 123 456", "Valencia", cast.head.email):
            assert secret not in page


def test_a_page_of_25_leads_to_the_next(signed_in: FlaskClient, cast: Cast) -> None:
    for number in range(30):
        add_person(f"extra{number}@demo.example", f"Extra {number:02}", cast.finance)
    first = signed_in.get("/people?q=extra").text
    assert "Extra 24" in first
    assert "Extra 25" not in first
    address = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "Extra 25" in signed_in.get(address).text


# A person's page


def test_a_page_shows_what_the_person_made_public(signed_in: FlaskClient, cast: Cast) -> None:
    cast.head.phone, cast.head.site, cast.head.public_fields = "600 123 456", "Valencia", "site"
    page = signed_in.get(f"/people/{cast.head.public_id}").text
    assert "Valencia" in page
    assert "600 123 456" not in page
    assert cast.head.email not in page


def test_an_absence_shows_until_when_and_who_stands_in(signed_in: FlaskClient, cast: Cast) -> None:
    away(cast.head, cast.delegate)
    page = signed_in.get(f"/people/{cast.head.public_id}").text
    assert cast.delegate.name in page
    assert "fuera hasta" in signed_in.get("/people?q=soler", headers={"Accept-Language": "es"}).text


# Pickers


def test_a_picker_needs_two_letters_and_shows_at_most_twenty(signed_in: FlaskClient, cast: Cast) -> None:
    for number in range(25):
        add_person(f"extra{number}@demo.example", f"Extra {number:02}", cast.finance)
    headers = {"HX-Request": "true", "HX-Target": "datalist#person_hits"}
    assert signed_in.get("/people/picker?field=delegate&delegate=e", headers=headers).text.count("<option") == 0
    found = signed_in.get("/people/picker?field=delegate&delegate=ex", headers=headers).text
    assert found.count("<option") == 20
    assert found.startswith('<datalist id="person_hits">')
    assert "<html" in signed_in.get("/people/picker?q=ex").text


def test_a_name_typed_in_full_means_one_person(app: object, cast: Cast) -> None:
    now = clock.now()
    twin = add_person("twin@demo.example", "Marta Soler", cast.finance)
    longer = add_person("longer@demo.example", "Marta Solera", cast.finance)
    assert queries.meant("marta solera", cast.employee, now) == [longer]
    assert queries.meant("Marta Soler", cast.employee, now) == [cast.head, twin]
    assert queries.meant(twin.public_id, cast.employee, now) == [twin]
    assert queries.meant("TWIN@demo.example", cast.employee, now) == [twin]
    assert queries.meant("x", cast.employee, now) == []
    assert queries.meant(cast.deactivated.name, cast.employee, now) == []


# Departments


def test_the_tree_is_drawn_in_order(signed_in: FlaskClient, cast: Cast) -> None:
    page = signed_in.get("/departments", headers={"Accept-Language": "en"}).text
    names = ["Management", "IT Support", "Human Resources", "Occupational Health", "Operations", "Customer Care", "Finance"]
    assert [page.index(name) for name in names] == sorted(page.index(name) for name in names)


def test_a_department_shows_its_head_its_people_and_its_place(signed_in: FlaskClient, cast: Cast) -> None:
    page = signed_in.get("/departments/it", headers={"Accept-Language": "en"}).text
    for name in ("Ignacio Vela", "Nuria Campos", "Management"):
        assert name in page
    assert "acting by rule" not in page
    assert signed_in.get("/departments/unknown").status_code == 404


def test_a_department_without_a_head_shows_the_one_above(signed_in: FlaskClient, cast: Cast) -> None:
    db.session.query(RoleGrant).where(RoleGrant.person_id.in_([cast.hr_head.id, cast.doctor.id])).delete()
    page = signed_in.get("/departments/occupational-health", headers={"Accept-Language": "en"}).text
    assert "Dolores Arias" in page
    assert "acting by rule" in page
    heads = queries.acting_heads(queries.ancestors(cast.occupational_health.id), clock.now())
    assert (heads.people, heads.by_rule) == ([cast.director], True)
    grant(cast.hr_head, "head", cast.human_resources)  # type: ignore[arg-type]
    heads = queries.acting_heads(queries.ancestors(cast.occupational_health.id), clock.now())
    assert (heads.people, heads.by_rule) == ([cast.hr_head], True)


# The language of who is not signed in


def test_the_language_is_chosen_without_an_account(client: FlaskClient) -> None:
    page = client.get("/sign-in", headers={"Accept-Language": "es"}).text
    assert 'lang="es"' in page
    target = page.split('name="next" value="')[1].split('"')[0]
    answer = client.post("/language", data={"language": "en", "next": target})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert '<html lang="en"' in client.get("/sign-in", headers={"Accept-Language": "es"}).text


def test_choosing_a_language_does_not_forget_the_page_that_was_asked_for(client: FlaskClient) -> None:
    def chosen(page: str) -> str:
        target = client.get(page).text.split('action="/language"')[1].split('name="next" value="')[1].split('"')[0]
        return client.post("/language", data={"language": "en", "next": target}).location

    asked = client.get("/people").location
    assert "?next=" in asked
    assert chosen(asked) == asked
    assert "Sign in" in client.get(asked).text
    assert chosen("/sign-in?next=nonsense") == "/sign-in"


@pytest.mark.parametrize("code", ["", "fr", "../x", "es\r\nSet-Cookie: a=b"])
def test_a_language_we_do_not_have_is_refused(client: FlaskClient, code: str) -> None:
    assert client.post("/language", data={"language": code}).status_code == 400
    assert client.get("/language").status_code == 405
