"""What is found, by whom, and in which order: the same on both databases."""

import pytest

from portal.catalogue.models import Service
from portal.core import clock as time
from portal.core import events
from portal.core.db import db
from portal.people.events import PersonChanged
from portal.people.models import Person
from portal.search import actions, queries
from tests.cast.people import Cast
from tests.search.conftest import AddService

# What a department's catalogue may hold: (Spanish, English, other words, summary)
CATALOGUE = [
    ("Portátil nuevo", "New laptop", "ordenador equipo", "Para quien empieza o tiene uno viejo."),
    ("Garantía de un equipo", "Warranty of a device", "", "Lo que cubre el fabricante."),
    ("Algo no funciona", "Something does not work", "no imprime, avería", "Ordenador, lector, impresora, programa."),
    ("Vacaciones", "Holidays", "días libres", "Pide tus días."),
    ("Año sabático", "Sabbatical year", "", ""),
    ("Reserva de sala", "Book a room", "reunión", ""),
    ("Cambio de ano fiscal", "", "", "Sin eñe, a propósito."),
    ("Certificado de retenciones", "Tax certificate", "IRPF nómina", ""),
    ("Programa en C++", "Program in C++", "", ""),
]

# the common test set of rule 19: typed words, first hit
FIRST_HITS = [
    ("portátil", "Portátil nuevo"),
    ("PORTATIL", "Portátil nuevo"),
    ("portátiles", "Portátil nuevo"),
    ("port", "Portátil nuevo"),
    ("laptops", "Portátil nuevo"),
    ("portatl", "Portátil nuevo"),
    ("protatil", "Portátil nuevo"),
    ("garantia", "Garantía de un equipo"),
    ("GARANTÍA", "Garantía de un equipo"),
    ("garant", "Garantía de un equipo"),
    ("garantias", "Garantía de un equipo"),
    ("warranties", "Garantía de un equipo"),
    ("la impresora no imprime", "Algo no funciona"),
    ("mi impresora está rota", "Algo no funciona"),
    ("bacasiones", "Vacaciones"),
    ("quiero vacaciones", "Vacaciones"),
    ("año", "Año sabático"),
    ("ano", "Cambio de ano fiscal"),
    ("nominas", "Certificado de retenciones"),
    ("reserva sala", "Reserva de sala"),
    ("rooms", "Reserva de sala"),
    ("C++ programa", "Programa en C++"),
]


def services_found(person: Person, text: str) -> list[str]:
    groups = queries.search(person, text, time.now()).groups
    return [hit.entry.title["es"] for group in groups if group.source.kind == "service" for hit in group.hits]


def people_found(person: Person, text: str) -> list[str]:
    groups = queries.search(person, text, time.now()).groups
    return [hit.row.name for group in groups if group.source.kind == "people" for hit in group.hits]


@pytest.fixture
def catalogue(add_service: AddService) -> list[Service]:
    return [add_service(spanish, english, keywords, summary=summary) for spanish, english, keywords, summary in CATALOGUE]


def test_the_common_set_finds_the_same_first_hits(cast: Cast, catalogue: list[Service]) -> None:
    found = [(text, (services_found(cast.employee, text) or [""])[0]) for text, _ in FIRST_HITS]
    assert found == FIRST_HITS


@pytest.mark.parametrize("text", ["garantia", "GARANTÍA", "garant"])
def test_accents_case_and_endings_do_not_matter_KH5(cast: Cast, catalogue: list[Service], text: str) -> None:
    assert services_found(cast.employee, text) == ["Garantía de un equipo"]


def test_n_finds_enye_and_the_exact_word_comes_first(cast: Cast, catalogue: list[Service]) -> None:
    assert services_found(cast.employee, "año") == ["Año sabático", "Cambio de ano fiscal"]
    assert services_found(cast.employee, "ano") == ["Cambio de ano fiscal", "Año sabático"]


@pytest.mark.parametrize(
    "text",
    ['"', "AND", "OR NOT", "NEAR(a b)", "%", "_", "C++", "a' OR 1=1 --", "title:x", "port*", "'", "& | !", "(", "_service"],
)
def test_typed_text_is_never_query_language_KH4(cast: Cast, catalogue: list[Service], text: str) -> None:
    if queries.is_searchable(text):
        assert len(services_found(cast.employee, text)) < len(CATALOGUE)


def test_what_a_person_may_not_see_is_not_found_counted_or_hinted_at_KH6(cast: Cast, add_service: AddService) -> None:
    add_service("Reactor secreto", audience="partners")
    for text in ("reactor", "react", "reacto", "raector"):
        results = queries.search(cast.employee, text, time.now())
        assert (results.groups, results.about) == ([], False)
    assert services_found(cast.partner, "reactor") == ["Reactor secreto"]


def test_a_hidden_word_does_not_keep_a_typo_of_a_visible_one_from_being_forgiven_KH6(cast: Cast, add_service: AddService) -> None:
    add_service("Portatl secreto", audience="partners")
    add_service("Portátil")
    assert services_found(cast.employee, "portatl") == ["Portátil"]


def test_people_are_found_by_name_and_job_as_the_directory_lists_them(found_people: Cast) -> None:
    found_people.head2.job_title = {"es": "Jefe de sistemas", "en": "Head of systems"}
    actions.index("people", found_people.head2, time.now())
    assert people_found(found_people.employee, "ibanez") == ["Mateo Ibáñez"]
    assert people_found(found_people.employee, "sistemas") == ["Ignacio Vela"]
    assert people_found(found_people.employee, "Marta Soler") == ["Marta Soler"]
    assert people_found(found_people.employee, "Nunes") == ["Adela Núñez"]
    assert people_found(found_people.employee, "Inés Olmo") == []
    assert people_found(found_people.employee, "Aurelio") == []
    assert people_found(found_people.partner, "Marta") == []


def test_names_are_not_inflected(found_people: Cast, add_service: AddService) -> None:
    assert people_found(found_people.employee, "martes") == []


def test_names_that_sound_alike_are_found(found_people: Cast) -> None:
    assert people_found(found_people.employee, "Errero") == ["Sonia Herrero"]
    assert people_found(found_people.employee, "Bela") == ["Ignacio Vela"]


def test_changed_and_removed_things_are_found_as_they_are_now(cast: Cast, add_service: AddService) -> None:
    service = add_service("Monitor")
    service.name = {"es": "Pantalla"}
    actions.index("service", service, time.now())
    assert services_found(cast.employee, "monitor") == []
    assert services_found(cast.employee, "pantalla") == ["Pantalla"]
    actions.remove("service", service.id)
    assert services_found(cast.employee, "pantalla") == []


def test_the_index_rolls_back_with_the_text(cast: Cast, add_service: AddService) -> None:
    db.session.commit()
    add_service("Monitor")
    db.session.rollback()
    assert services_found(cast.employee, "monitor") == []


@pytest.mark.parametrize(
    ("text", "searchable"),
    [
        ("", False),
        ("  ", False),
        ("¿?", False),
        ("a", False),
        ("it", True),
        ("x" * 200, True),
        ("x" * 201, False),
        ("x" * 3000, False),
        ("uno dos tres cuatro cinco seis siete ocho nueve diez once doce", True),
        ("uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece", False),
    ],
)
@pytest.mark.sqlite_only
def test_length_of_what_can_be_looked_for_KH4(app: object, text: str, searchable: bool) -> None:
    assert queries.is_searchable(text) is searchable


def test_a_group_shows_its_best_and_says_that_there_are_more(cast: Cast, add_service: AddService) -> None:
    for number in range(8):
        add_service(f"Impresora {number}")
    (group,) = queries.search(cast.employee, "impresora", time.now()).groups
    assert (len(group.hits), group.count, group.more) == (6, 8, True)
    (whole,) = queries.search(cast.employee, "impresora", time.now(), size=50, kind="service").groups
    assert (len(whole.hits), whole.more) == (8, False)


def test_a_person_is_found_by_the_new_name_when_it_changes(found_people: Cast) -> None:
    found_people.colleague.name = "Carmen Zubiri"
    db.session.flush()
    events.publish(PersonChanged(found_people.colleague.id, by_id=None))
    assert people_found(found_people.employee, "zubiri") == ["Carmen Zubiri"]
    assert people_found(found_people.employee, "ruiz") == []
