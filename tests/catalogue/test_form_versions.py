"""One draft with a revision, versions that stand, and a linter before publication (forms.md 8 to 10, 27)."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from portal.audit.models import AuditEntry
from portal.catalogue import editing, queries, versions
from portal.catalogue.actions import services
from portal.catalogue.actions.forms import NotPublishable, StaleForm, discard_form, edit_form, go_back, publish_form
from portal.catalogue.events import ServicePublished, ServiceWithdrawn
from portal.catalogue.formkit.schema import Field, Form
from portal.catalogue.models import FormVersion
from portal.core import clock, events
from portal.core.db import db
from tests.cast.people import Cast, sign_in
from tests.factories import catalogue
from tests.racing import ROUNDS, race

COST = Field(key="cost", type="short_text", label={"es": "Centro de coste", "en": "Cost centre"})


def add_cost(form: Form) -> Form:
    return editing.add_field(form, COST, None)


@pytest.fixture
def service(cast: Cast):
    return catalogue.service(cast.it, content=catalogue.SIMPLE)


@pytest.fixture
def edited(cast, service):
    return edit_form(service, cast.head2, "2.0", add_cost, clock.now())


@pytest.fixture
def told(monkeypatch):
    heard: list[object] = []
    for kind in (ServicePublished, ServiceWithdrawn):
        monkeypatch.setitem(events._subscribers, kind, [heard.append])
    return heard


def test_first_edit_begins_the_next_version_and_leaves_the_published_one(cast, service, edited):
    assert (edited.number, edited.revision, edited.state) == (2, 1, "draft")
    assert "cost" not in queries.form_of(queries.published_version(service.id)).by_key
    assert "cost" in versions.working_form(service.id).by_key


def test_FO8_second_save_is_refused_and_nothing_is_lost(cast, service, edited):
    with pytest.raises(StaleForm) as refused:
        edit_form(service, cast.admin, "2.0", lambda form: editing.remove_field(form, "details"), clock.now())
    assert refused.value.code == 409
    assert cast.head2.name in refused.value.reason
    assert {"cost", "details"} <= set(versions.working_form(service.id).by_key)


def test_publishing_supersedes_and_tells(cast, service, edited, told):
    version = publish_form(service, cast.head2, "2.1", clock.now())
    assert queries.published_version(service.id) is version
    assert [each.state for each in versions.versions_of(service.id)] == ["published", "superseded"]
    assert told == [ServicePublished(service.id, version.id, cast.head2.id)]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "form.published")).one()
    assert (entry.before["number"], entry.after["number"]) == (1, 2)


def test_published_service_is_found_by_its_words_until_it_is_withdrawn(client, cast, service, edited):
    publish_form(service, cast.head2, "2.1", clock.now())
    services.change_service(service, {"keywords": "portatil"}, 1, cast.head2, clock.now())

    def found() -> str:
        return str(sign_in(client, cast.employee).get("/search?q=portátil").text)

    assert "/catalogue/it/new-joiner" in found()
    services.withdraw_service(service, cast.head2, clock.now())
    assert "/catalogue/it/new-joiner" not in found()


def test_publishing_what_one_has_not_seen_is_refused(cast, service, edited):
    with pytest.raises(StaleForm):
        publish_form(service, cast.head2, "2.0", clock.now())


def test_FO12_emptied_audience_blocks_publication(cast, service, edited):
    services.remove_audience(service, "employees", cast.head2)
    with pytest.raises(NotPublishable) as refused:
        publish_form(service, cast.head2, "2.1", clock.now())
    assert "Nadie puede pedir este servicio" in " ".join(str(each.message) for each in refused.value.findings)
    assert queries.published_version(service.id).number == 1


def test_FO18_condition_on_a_later_question_is_refused_naming_both(cast, service):
    from portal.catalogue.formkit.conditions import Test

    def upside_down(form: Form) -> Form:
        conditional = replace(COST, condition=Test("equals", "details", ("x",)))
        return editing.add_field(form, conditional, "subject")

    edit_form(service, cast.head2, "2.0", upside_down, clock.now())
    with pytest.raises(NotPublishable) as refused:
        publish_form(service, cast.head2, "2.1", clock.now())
    sentence = " ".join(str(each.message) for each in refused.value.findings if each.level == "block")
    assert "Centro de coste" in sentence
    assert "Detalles" in sentence


def test_stage_that_nobody_can_decide_blocks_publication(cast, service, edited):
    service.route.stages.extend(catalogue.route({"rule": "person", "person_id": cast.deactivated.id}).stages)
    with pytest.raises(NotPublishable) as refused:
        publish_form(service, cast.head2, "2.1", clock.now())
    assert "Aprobación" in str(refused.value.findings[0].message)


def test_going_back_publishes_the_old_content_as_a_new_version(cast, service, edited):
    publish_form(service, cast.head2, "2.1", clock.now())
    edit_form(service, cast.head2, "3.0", lambda form: editing.remove_field(form, "details"), clock.now())
    version = go_back(service, cast.head2, 1, clock.now())
    assert (version.number, version.content) == (3, catalogue.SIMPLE)
    assert versions.work_of(service.id).draft.number == 4
    assert versions.seen_now(service.id) == "4.1"


def test_discarding_a_draft_keeps_what_is_published(cast, service, edited):
    discard_form(service, cast.head2, "2.1")
    assert versions.work_of(service.id).draft is None
    assert "cost" not in versions.working_form(service.id).by_key


def test_withdrawn_service_is_found_by_nobody_and_can_be_offered_again(cast, service, told):
    services.withdraw_service(service, cast.head2, clock.now())
    assert told == [ServiceWithdrawn(service.id, cast.head2.id)]
    assert db.session.scalar(queries.visible_to(cast.employee, clock.now())) is None
    assert queries.published_version(service.id) is None
    assert go_back(service, cast.head2, 1, clock.now()).number == 2
    assert db.session.scalar(queries.visible_to(cast.employee, clock.now())) is service


@pytest.mark.parametrize(
    "change",
    [{"content": {"sections": []}}, {"number": 9}, {"revision": 9}, {"state": "draft"}, {"published_at": None}],
    ids=lambda change: next(iter(change)),
)
def test_published_content_cannot_be_changed(cast, service, change):
    with pytest.raises(DBAPIError, match="a published form stands"), db.session.begin_nested():
        db.session.execute(update(FormVersion).where(FormVersion.service_id == service.id).values(**change))


def test_published_version_cannot_be_deleted(cast, service):
    with pytest.raises(DBAPIError, match="a published form stands"), db.session.begin_nested():
        db.session.execute(text("DELETE FROM form_version"))


def test_key_is_never_used_for_another_meaning(cast, service, edited):
    publish_form(service, cast.head2, "2.1", clock.now())
    edit_form(service, cast.head2, "3.0", lambda form: editing.remove_field(form, "cost"), clock.now())
    assert "cost" in versions.keys_used(service.id)
    assert editing.key_for("Cost", versions.keys_used(service.id)) == "cost_2"
    assert editing.key_for("¿Qué va a necesitar?", ()) == "que_va_a_necesitar"
    assert editing.key_for("???", ()) == "question"


@race
def test_two_editors_at_once_make_one_draft(real_app):
    from concurrent.futures import ThreadPoolExecutor

    from portal.core.db import transaction
    from tests.cast.people import build

    with real_app.app_context(), transaction():
        people = build()
        service_ids = [catalogue.service(people.it, f"help-{n}", content=catalogue.SIMPLE).id for n in range(ROUNDS)]
        person_id = people.head2.id

    def edit(service_id: int) -> str:
        from portal.catalogue.models import Service
        from portal.people.models import Person

        with real_app.app_context():
            try:
                with transaction():
                    service, person = db.session.get_one(Service, service_id), db.session.get_one(Person, person_id)
                    edit_form(service, person, "2.0", add_cost, clock.now())
            except StaleForm:
                return "stale"
            return "saved"

    with ThreadPoolExecutor(4) as pool:
        for service_id in service_ids:
            assert sorted(pool.map(edit, [service_id] * 4)) == ["saved", "stale", "stale", "stale"]
