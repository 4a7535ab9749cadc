"""Texts, audience and stages of a service, as its editor changes them."""

import pytest
from sqlalchemy import select

from portal.approvals.models import RouteStage
from portal.audit.models import AuditEntry
from portal.catalogue import queries
from portal.catalogue.models import Service
from portal.core import clock
from portal.core.db import db
from tests.cast.people import Cast, sign_in, token_of
from tests.factories import catalogue

TEXTS = {"name_es": "Ordenador nuevo", "name_en": "New computer", "summary_es": "Un portátil.", "prepare_es": "- La fecha"}


@pytest.fixture
def service(cast: Cast):
    made = catalogue.service(cast.it, content=catalogue.SIMPLE)
    db.session.commit()
    return made


@pytest.fixture
def post(client, cast, service):
    sign_in(client, cast.head2)

    def send(path, headers=None, **data):
        address = path if path.startswith("/") else f"/admin/catalogue/{service.public_id}{path and '/' + path}"
        answer = client.post(address, data=token_of(client) | data, headers=headers or {})
        db.session.expire_all()
        return answer

    return send


def test_service_is_added_and_nobody_finds_it_yet(client, cast, post):
    assert client.get("/admin/catalogue/new").status_code == 200
    answer = post("/admin/catalogue", department="it", **TEXTS, contact="Nuria", keywords="pc, laptop")
    assert answer.status_code == 303
    made = db.session.scalars(select(Service).where(Service.slug == "ordenador-nuevo")).one()
    assert answer.location == f"/admin/catalogue/{made.public_id}/form"
    assert (made.state, made.contact_id, made.prepare) == ("draft", cast.agent.id, {"es": "- La fecha"})
    assert client.get(answer.location).status_code == 200
    assert made not in db.session.scalars(queries.visible_to(cast.head2, clock.now())).all()


def test_service_without_name_comes_back_with_everything(post):
    answer = post("/admin/catalogue", department="it", summary_es="Algo", contact="Nadie Así")
    assert answer.status_code == 422
    for text in ("Escribe un nombre.", 'value="Algo"', "Nadie en el directorio se llama «Nadie Así»."):
        assert text in answer.text


def test_service_of_another_department_is_not_offered(post):
    assert post("/admin/catalogue", department="finance", **TEXTS).status_code == 422


def test_texts_are_saved_and_recorded(client, cast, service, post):
    assert post("", revision="1", **TEXTS, contact="Nuria Campos · Informática").status_code == 303
    assert (service.name["en"], service.revision, service.contact_id) == ("New computer", 2, cast.agent.id)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "service.changed")).one()
    assert entry.after["name"]["es"] == "Ordenador nuevo"
    assert "Nuria Campos · Informática" in client.get(f"/admin/catalogue/{service.public_id}").text


def test_R28_older_revision_of_the_texts_gets_both(service, post):
    post("", revision="1", **TEXTS)
    late = post("", revision="1", **(TEXTS | {"name_es": "Otro nombre"}))
    assert late.status_code == 409
    assert "Otro nombre" in late.text
    assert "Ordenador nuevo" in late.text
    assert 'name="revision" value="2"' in late.text
    assert service.name["es"] == "Ordenador nuevo"


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "div#audience"}], ids=["page", "htmx"])
def test_audience_grows_and_shrinks(client, cast, service, post, headers):
    page = f"/admin/catalogue/{service.public_id}/audience"
    for data in ({"group": "department:finance"}, {"group": "role:head"}, {"person": "Lucía Ferrer"}, {"group": "employees"}):
        assert post("audience", headers, **data).status_code == 303
    html = client.get(page, headers=headers).text
    for words in ("Finanzas y lo que depende de ella", "Lucía Ferrer", "Todos los empleados"):
        assert words in html
    assert ("<html" in html) is not bool(headers)
    post("audience/removal", headers, row="employees")
    assert client.get("/catalogue/it/new-joiner").status_code == 200, "a head is still named by a row"
    post("audience/removal", headers, row="role:head")
    assert client.get("/catalogue/it/new-joiner").status_code == 404


@pytest.mark.parametrize("data", [{}, {"group": "role:emperor"}, {"group": "department:none"}, {"person": "Nadie"}], ids=str)
def test_unknown_audience_is_refused(post, data):
    assert post("audience", **data).status_code == 422


def stages(service):
    return [(stage.position, stage.name.get("es"), stage.rule, stage.different_from) for stage in service.route.stages]


def test_stages_are_added_moved_changed_and_removed(client, cast, service, post):
    post("route/stages", seen="1", name_es="Tu jefa", rule="requester_head", mode="any")
    post("route/stages", seen="2", name_es="Finanzas", rule="role", role="head", department="finance", mode="all")
    third = {"name_es": "Adela", "rule": "person", "person": "Adela Núñez", "mode": "count", "needed": "1"}
    assert post("route/stages", seen="3", **third, different_from="2").status_code == 303
    assert stages(service) == [(1, "Tu jefa", "requester_head", None), (2, "Finanzas", "role", None), (3, "Adela", "person", 2)]
    html = client.get(f"/admin/catalogue/{service.public_id}/route?stage=3").text
    assert "no quien decidió en el paso 2" in html
    assert "Adela Núñez · Informática" in html
    post("route/order", seen="4", move="up:2")
    assert [stage[1:] for stage in stages(service)][2] == ("Adela", "person", 1)
    post("route/stages/1", seen="5", name_es="Dinero", rule="service_head", mode="any")
    post("route/stages/2/removal", seen="6")
    assert stages(service) == [(1, "Dinero", "service_head", None), (2, "Adela", "person", 1)]
    post("route/fallback", seen="7", fallback="Dolores Arias")
    assert service.route.fallback_id == cast.director.id


def test_stage_that_names_nobody_comes_back(post):
    answer = post("route/stages", seen="1", name_es="X", rule="person", mode="any")
    assert answer.status_code == 422
    assert "Escribe quién decide." in answer.text
    assert post("route/stages", seen="1", rule="role", mode="any").status_code == 422


def test_R28_older_route_is_refused_and_the_text_kept(service, post):
    post("route/stages", seen="1", name_es="Una", rule="manager", mode="any")
    late = post("route/stages", seen="1", name_es="Otra", rule="manager", mode="any")
    assert late.status_code == 409
    assert 'value="Otra"' in late.text
    assert post("route/order", seen="1", move="up:1").status_code == 409
    assert db.session.query(RouteStage).count() == 1


def test_service_is_withdrawn(client, service, post):
    assert post("withdrawal").status_code == 303
    assert (service.state, client.get("/catalogue/it/new-joiner").status_code) == ("withdrawn", 404)
    assert post("withdrawal").status_code == 409
