"""The pages of requests: those concerned, strangers, wrong methods, bad input, and steps that no longer fit."""

import io
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.attachments.queries import files_of
from portal.conversations.models import Comment
from portal.core import clock as time
from portal.core.db import db
from portal.requests import actions
from portal.requests.models import BulkRun, Request, State
from tests.cast.people import Cast, sign_in, token_of
from tests.factories import requests as factory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def as_(app, cast: Cast):
    """Return a browser in which a person is signed in."""

    def browser(person) -> FlaskClient:
        return sign_in(app.test_client(), person)

    return browser


def post(client: FlaskClient, address: str, headers=None, **data):
    return client.post(address, data=token_of(client) | data, headers=headers or {})


def address(request: Request, *more: str) -> str:
    return "/".join(["/requests", request.reference, *more])


def key_on(client: FlaskClient, request: Request) -> dict[str, str]:
    """Return the hidden values of the composer, as a browser sends them."""
    page = client.get(address(request)).text
    found = {}
    for name in ("send_key", "last"):
        tag = page.split(f'id="{name}"')[1].split(">")[0]
        found[name] = tag.split('value="')[1].split('"')[0]
    return found


def say(client: FlaskClient, request: Request, to: str, text: str, **more):
    return post(client, address(request, to), text=text, **(key_on(client, request) | more))


# --- who sees it -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["employee", "agent", "agent2", "head2", "head", "director", "auditor"])
def test_those_concerned_see_the_request(as_, cast: Cast, open_request, who):
    page = as_(getattr(cast, who)).get(address(open_request))
    assert page.status_code == 200
    assert "A monitor for desk 214" in page.text


STRANGERS = ["employee2", "admin", "stranger", "stranger_head", "partner", "trainer", "colleague", "delegate"]


@pytest.mark.parametrize("who", STRANGERS)
def test_to_others_it_is_as_if_it_did_not_exist(as_, cast: Cast, open_request, who):
    client = as_(getattr(cast, who))
    hidden, unknown = client.get(address(open_request)), client.get("/requests/VEN-0")
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert hidden.data == unknown.data


def test_heads_do_not_see_confidential_requests_and_not_into_closed_nodes(as_, cast: Cast):
    confidential = factory.service(cast.it, slug="secret", confidential=True)
    first = factory.send(confidential, cast.employee)
    second = factory.send(factory.service(cast.it), cast.patient)
    assert as_(cast.head).get(address(first)).status_code == 404
    assert as_(cast.hr_head).get(address(second)).status_code == 404
    assert as_(cast.doctor).get(address(second)).status_code == 200


def test_the_person_it_is_for_sees_it(as_, cast: Cast, help_desk):
    request = factory.send(help_desk, cast.employee2, beneficiary=cast.stranger)
    assert as_(cast.stranger).get(address(request)).status_code == 200
    assert as_(cast.stranger_head).get(address(request)).status_code == 200


def test_an_approver_sees_what_was_asked_and_their_delegate_within_the_absence(as_, cast: Cast, approved_first):
    from tests.cast.people import away

    request = factory.send(approved_first, cast.employee)
    assert as_(cast.delegate).get(address(request)).status_code == 404
    away(cast.head, cast.delegate)
    assert as_(cast.delegate).get(address(request)).status_code == 200


def test_a_reading_of_the_auditor_is_audited(as_, cast: Cast, open_request):
    from portal.audit.models import AuditEntry

    as_(cast.auditor).get(address(open_request))
    found = db.session.scalars(select(AuditEntry.actor_id).where(AuditEntry.action == "request.read")).all()
    assert list(found) == [cast.auditor.id]


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_says_who_has_it_and_what_happened(as_, cast: Cast, taken):
    page = as_(cast.employee).get(address(taken)).text
    assert "La lleva Nuria Campos" in page
    assert "La pediste" in page
    assert "Nuria Campos la cogió" in page
    assert "escribe a Ignacio Vela, que dirige Informática" in page
    assert "A monitor" in page
    assert "What you need" not in page  # its label in the reader's language
    assert "Qué necesitas" in page


def test_internal_notes_are_for_the_service(as_, cast: Cast, taken):
    actions.comment(taken, cast.agent, "SECRETWORD", True, time.now())
    assert "SECRETWORD" in as_(cast.agent2).get(address(taken)).text
    assert "SECRETWORD" in as_(cast.auditor).get(address(taken)).text
    for person in (cast.employee, cast.head):
        assert "SECRETWORD" not in as_(person).get(address(taken)).text


@pytest.mark.parametrize("shared", [False, True])
def test_notes_stay_with_the_queue_unless_they_go_along(as_, cast: Cast, taken, shared):
    actions.comment(taken, cast.agent, "SECRETWORD", True, time.now())
    actions.move_to_department(taken, cast.finance, "Yours.", cast.agent, time.now(), shared)
    assert ("SECRETWORD" in as_(cast.finance_head).get(address(taken)).text) is shared


@pytest.mark.parametrize("target", ["request_head", "conversation", "new_entries", "route", "facts"])
def test_each_fragment_comes_alone(as_, cast: Cast, taken, target):
    answer = as_(cast.employee).get(address(taken), headers=HTMX | {"HX-Target": f"div#{target}"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f'id="{target}"' in answer.text


def test_a_poll_gets_204_until_there_is_something_new(as_, cast: Cast, taken):
    client = as_(cast.employee)
    poll = client.get(address(taken)).text.split('id="new_entries" hx-get="')[1].split('"')[0]
    headers = HTMX | {"HX-Target": "div#new_entries"}
    assert client.get(poll, headers=headers).status_code == 204
    actions.comment(taken, cast.agent, "A note", True, time.now())
    assert client.get(poll, headers=headers).status_code == 204
    actions.comment(taken, cast.agent, "A word", False, time.now())
    answer = client.get(poll, headers=headers)
    assert answer.status_code == 200
    assert "Hay novedades" in answer.text


# --- writing ---------------------------------------------------------------------------------------------------------


def test_a_comment_is_stored_once_and_shown(as_, cast: Cast, taken):
    client = as_(cast.employee)
    hidden = key_on(client, taken)
    for _ in range(2):
        answer = post(client, address(taken, "comments"), text="With a reader, please.", **hidden)
        assert answer.status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 1
    assert "With a reader, please." in client.get(address(taken)).text


def test_a_comment_needs_text_or_file(as_, cast: Cast, taken):
    client = as_(cast.employee)
    answer = say(client, taken, "comments", "   ")
    assert answer.status_code == 422
    assert "error_summary" in answer.text


def test_a_file_alone_is_a_comment_and_hangs_on_it(as_, cast: Cast, taken):
    client = as_(cast.employee)
    answer = say(client, taken, "comments", "", file=(io.BytesIO(b"%PDF-1.4 plan"), "plan.pdf"))
    assert answer.status_code == 303
    assert "plan.pdf" in client.get(address(taken)).text


def test_a_refused_file_keeps_the_text(as_, cast: Cast, taken):
    answer = say(as_(cast.employee), taken, "comments", "See this.", file=(io.BytesIO(b"MZ program"), "plan.pdf"))
    assert answer.status_code == 422
    assert "See this." in answer.text
    assert "plan.pdf" in answer.text


def held_on(page: str) -> dict[str, str]:
    """What the form that came back carries to the next try."""
    names = ("send_key", "kept", "last", "seen_new")
    return dict(re.findall(rf'name="({"|".join(names)})" type="hidden" value="([^"]*)"', page))


PLAN = b"%PDF-1.4 plan"


def files_on(request) -> list[str]:
    db.session.rollback()
    return [link.file.name for link in files_of("request", request.id, True)]


@pytest.mark.parametrize("refused", ["another file", "seen meanwhile"])
def test_a_file_survives_the_refusal_of_the_rest(as_, cast: Cast, taken, refused):
    client = as_(cast.agent)
    hidden = key_on(client, taken)
    files = [(io.BytesIO(PLAN), "plan.pdf")]
    if refused == "another file":
        files.append((io.BytesIO(b"MZ program"), "bad.pdf"))
    else:
        actions.comment(taken, cast.employee, "One more thing.", False, time.now())
    answer = post(client, address(taken, "comments"), text="See this.", file=files, **hidden)
    assert answer.status_code == {"another file": 422, "seen meanwhile": 409}[refused]
    assert "plan.pdf está adjunto." in answer.text
    again = post(client, address(taken, "comments"), text="See this.", **(hidden | held_on(answer.text)))
    assert again.status_code == 303
    assert files_on(taken) == ["plan.pdf"]


def test_a_kept_file_can_be_left_out(as_, cast: Cast, taken):
    client = as_(cast.employee)
    files = [(io.BytesIO(PLAN), "plan.pdf"), (io.BytesIO(b"MZ program"), "bad.pdf")]
    answer = say(client, taken, "comments", "See this.", file=files)
    dropped = re.search(r'name="drop_file" value="([^"]*)"', answer.text)[1]
    hidden = key_on(client, taken) | held_on(answer.text)
    assert post(client, address(taken, "comments"), text="See.", drop_file=dropped, **hidden).status_code == 303
    assert files_on(taken) == []


def test_a_kept_file_is_its_owners_and_stays_with_its_request(as_, cast: Cast, taken, help_desk):
    files = [(io.BytesIO(PLAN), "plan.pdf"), (io.BytesIO(b"MZ program"), "bad.pdf")]
    kept = held_on(say(as_(cast.employee), taken, "comments", "See this.", file=files).text)["kept"]
    assert say(as_(cast.agent), taken, "comments", "Mine now?", kept=kept).status_code == 303
    other = factory.send(help_desk, cast.employee)
    db.session.commit()
    assert say(as_(cast.employee), other, "comments", "Here?", kept=kept).status_code == 303
    assert files_on(taken) == files_on(other) == []


def test_a_file_goes_along_with_a_solution(as_, cast: Cast, taken):
    answer = say(as_(cast.agent), taken, "solution", "Done, see the sheet.", file=(io.BytesIO(PLAN), "sheet.pdf"))
    assert answer.status_code == 303
    assert files_on(taken) == ["sheet.pdf"]
    assert "sheet.pdf" in as_(cast.employee).get(address(taken)).text


def test_followers_read_and_do_not_write(as_, cast: Cast, taken):
    actions.add_watcher(taken, cast.colleague, cast.employee, time.now())
    client = as_(cast.colleague)
    assert 'name="text"' not in client.get(address(taken)).text
    assert post(client, address(taken, "comments"), text="Hello").status_code == 403


def test_only_agents_write_notes(as_, cast: Cast, taken):
    answer = say(as_(cast.employee), taken, "comments", "psst", audience="internal")
    assert answer.status_code == 403


def test_agents_read_what_others_wrote_meanwhile_before_they_answer(as_, cast: Cast, taken):
    client = as_(cast.agent)
    hidden = key_on(client, taken)
    actions.comment(taken, cast.employee, "Never mind, I found one.", False, time.now())
    answer = post(client, address(taken, "comments"), text="We order one.", **hidden)
    assert answer.status_code == 409
    assert "Never mind, I found one." in answer.text
    assert "We order one." in answer.text
    hidden["seen_new"] = "yes"
    assert post(client, address(taken, "comments"), text="We order one.", **hidden).status_code == 303


def test_RQ7_a_text_for_a_request_that_moved_away_is_not_lost(as_, cast: Cast, taken):
    client = as_(cast.agent2)
    hidden = key_on(client, taken)
    actions.move_to_department(taken, cast.finance, "Yours.", cast.agent, time.now())
    typed = {"text": "A long thought", "audience": "internal"} | hidden
    moved = post(client, address(taken, "comments"), **typed)
    unknown = post(client, "/requests/VEN-0/comments", **typed)
    assert (moved.status_code, unknown.status_code) == (404, 404)
    assert "A long thought" in moved.text
    assert moved.data == unknown.data


def test_an_own_comment_is_corrected_while_nobody_has_answered(clock, as_, cast: Cast, taken):
    made = actions.comment(taken, cast.employee, "Tomorow", False, time.now())
    client = as_(cast.employee)
    there = address(taken, "comments", made.public_id, "correction")
    assert "Tomorow" in client.get(there).text
    assert post(client, there, text="Tomorrow").status_code == 303
    assert "corregido" in client.get(address(taken)).text
    clock.shift(timedelta(minutes=15))
    assert post(client, there, text="Today").status_code == 409
    assert post(as_(cast.agent), there, text="Never").status_code == 403
    assert post(client, address(taken, "comments", made.public_id, "withdrawal")).status_code == 303
    assert "Retirado por quien lo escribió" in client.get(address(taken)).text


# --- steps -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [None, HTMX | {"HX-Target": "section#conversation"}], ids=["plain", "htmx"])
def test_taking_and_giving_back_by_buttons(as_, cast: Cast, open_request, headers):
    client = as_(cast.agent)
    answer = post(client, address(open_request, "taking"), headers=headers)
    assert answer.status_code == 303
    page = client.get(answer.location, headers=headers or {}).text
    assert "La llevas tú" in page
    assert ("<html" in page) is (headers is None)
    assert post(client, address(open_request, "release"), headers=headers).status_code == 303
    db.session.refresh(open_request)
    assert open_request.state == State.OPEN


@pytest.mark.parametrize("step", ["taking", "release", "assignment", "solution", "question", "move"])
def test_who_asked_does_not_do_the_work(as_, cast: Cast, open_request, step):
    answer = post(as_(cast.employee), address(open_request, step), text="x")
    assert answer.status_code == 403
    assert "agentes" in answer.text


@pytest.mark.parametrize("step", ["withdrawal", "confirmation", "reopening", "taking", "release", "watchers", "comments"])
def test_strangers_get_404_from_every_step(as_, cast: Cast, open_request, step):
    assert post(as_(cast.stranger), address(open_request, step)).status_code == 404


@pytest.mark.parametrize("step", ["taking", "release", "confirmation", "solution", "question", "reopening", "comments"])
def test_steps_are_posted(as_, cast: Cast, open_request, step):
    assert as_(cast.agent).get(address(open_request, step)).status_code == 405


@pytest.mark.parametrize("step", ["solution", "question", "reopening"])
def test_a_step_that_needs_a_sentence_says_so(as_, cast: Cast, taken, step):
    answer = say(as_(cast.agent), taken, step, "")
    assert answer.status_code == 422
    assert "Escribe una frase" in answer.text


def test_asking_and_answering_through_the_page(as_, cast: Cast, taken):
    assert say(as_(cast.agent), taken, "question", "Which one?").status_code == 303
    assert "Espera tu respuesta" in as_(cast.employee).get(address(taken)).text
    assert say(as_(cast.employee), taken, "comments", "The blue one").status_code == 303
    db.session.refresh(taken)
    assert taken.state == State.IN_PROGRESS


def test_solving_confirming_and_what_no_longer_fits(as_, cast: Cast, taken):
    assert say(as_(cast.agent), taken, "solution", "Done.").status_code == 303
    page = as_(cast.employee).get(address(taken)).text
    assert "Gracias, todo bien" in page
    assert "No está resuelto: reabrir" in page
    assert post(as_(cast.employee), address(taken, "confirmation")).status_code == 303
    late = post(as_(cast.agent), address(taken, "solution"), text="Done again.")
    assert late.status_code == 409
    assert "Cerrada" in late.text
    assert "Lucía Ferrer dijo que todo está bien" in late.text


def test_RQ3_solving_while_a_stage_is_open_answers_409_with_its_name(as_, cast: Cast, approved_first):
    request = factory.send(approved_first, cast.employee)
    answer = post(as_(cast.agent), address(request, "solution"), text="Done.")
    assert answer.status_code == 409
    assert "Aprobación" in answer.text
    assert "Done." in answer.text


def test_a_step_that_no_longer_fits_is_one_alert_for_htmx(as_, cast: Cast, open_request):
    actions.withdraw(open_request, cast.employee, "", time.now())
    answer = post(as_(cast.agent), address(open_request, "taking"), headers=HTMX | {"HX-Target": "div#request_head"})
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#messages")
    assert "Lucía Ferrer la retiró" in answer.text


def test_withdrawing_through_the_page(as_, cast: Cast, open_request):
    client = as_(cast.employee)
    assert client.get(address(open_request, "withdrawal")).status_code == 200
    assert post(client, address(open_request, "withdrawal"), text="").status_code == 303
    assert "Retirada" in client.get(address(open_request)).text
    assert post(as_(cast.head), address(open_request, "withdrawal")).status_code == 403


def test_assigning_through_the_page(as_, cast: Cast, open_request):
    client = as_(cast.agent)
    assert "Bruno Salas" in client.get(address(open_request, "assignment")).text
    assert post(client, address(open_request, "assignment"), person=cast.stranger.public_id).status_code == 422
    assert post(client, address(open_request, "assignment"), person=cast.agent2.public_id).status_code == 303
    db.session.refresh(open_request)
    assert open_request.assignee_id == cast.agent2.id


def test_moving_through_the_page(as_, cast: Cast, taken):
    client = as_(cast.agent)
    assert client.get(address(taken, "move")).status_code == 200
    assert post(client, address(taken, "move"), department="finance", text="").status_code == 422
    answer = post(client, address(taken, "move"), department="finance", text="About money.")
    assert (answer.status_code, answer.location) == (303, "/requests/queue")
    assert client.get(answer.location).status_code == 200
    assert client.get(address(taken)).status_code == 404


def test_letting_somebody_follow(as_, cast: Cast, open_request):
    client = as_(cast.employee)
    there = address(open_request, "watchers")
    assert client.get(there).status_code == 200
    assert post(client, there, person="nobody at all").status_code == 422
    assert post(client, there, person="Carmen Ruiz").status_code == 303
    assert as_(cast.colleague).get(address(open_request)).status_code == 200
    removal = address(open_request, "watchers", cast.colleague.public_id, "removal")
    assert post(as_(cast.colleague), removal).location == "/requests"
    assert as_(cast.colleague).get(address(open_request)).status_code == 404


def test_who_asked_lets_only_people_follow_for_whom_the_service_is(as_, cast: Cast):
    only_care = factory.service(cast.it, audience=({"kind": "department", "department_id": cast.customer_care.id},))
    request = factory.send(only_care, cast.employee)
    there = address(request, "watchers")
    assert post(as_(cast.employee), there, person=cast.stranger.email).status_code == 403
    assert post(as_(cast.agent), there, person=cast.stranger.email).status_code == 303


@pytest.mark.parametrize("body", [{"state": "closed"}, {"state": ""}, {"state": ["a", "b"]}, {"department_id": "1"}])
def test_RQ13_posted_columns_change_nothing(as_, cast: Cast, taken, body):
    answer = say(as_(cast.agent), taken, "comments", "Hello", **body)
    assert answer.status_code == 303
    db.session.refresh(taken)
    assert (taken.state, taken.department_id) == (State.IN_PROGRESS, cast.it.id)


# --- lists -----------------------------------------------------------------------------------------------------------


def test_ones_own_list(as_, cast: Cast, taken, help_desk):
    over = factory.send(help_desk, cast.employee, title="A chair")
    actions.withdraw(over, cast.employee, "", time.now())
    client = as_(cast.employee)
    assert "A monitor for desk 214" in client.get("/requests").text
    assert "A chair" not in client.get("/requests").text
    assert "A chair" in client.get("/requests?show=ended").text
    assert "A monitor" not in as_(cast.stranger).get("/requests").text
    assert client.get("/requests?show=everything").status_code == 400


def test_the_queue_shows_what_is_open_and_filters_by_the_address(as_, cast: Cast, taken, help_desk):
    factory.send(help_desk, cast.employee2, title="A chair")
    client = as_(cast.agent)
    page = client.get("/requests/queue").text
    assert "A monitor for desk 214" in page
    assert "Sin dueño" in page
    assert shown(client, "state=open") == {"A chair"}
    assert shown(client, "assignee=me") == {"A monitor for desk 214"}
    assert shown(client, "assignee=none&state=in_progress") == set()
    assert shown(client, "from=finance") == {"A chair"}
    assert shown(client, "q=CHÁIR") == {"A chair"}
    assert shown(client, f"q={taken.reference[4:]}") == {"A monitor for desk 214"}
    assert shown(client, "q=lucia") == {"A monitor for desk 214"}
    assert shown(client, f"service={help_desk.slug}&department=it") == {"A chair", "A monitor for desk 214"}


def shown(client: FlaskClient, query: str) -> set[str]:
    page = client.get(f"/requests/queue?{query}", headers=HTMX | {"HX-Target": "div#request_list"})
    assert page.status_code == 200, query
    return {title for title in ("A chair", "A monitor for desk 214") if title in page.text}


@pytest.mark.parametrize(
    "query",
    ["state=asleep", "service=none-such", "site=Atlantis", "from=nowhere", "department=finance", "size=1000", "sort=title",
     "cursor=zzz", "state=open&state=closed"],
)  # fmt: skip
def test_RQ13_unknown_values_answer_400(as_, cast: Cast, open_request, query):
    assert as_(cast.agent).get(f"/requests/queue?{query}").status_code == 400


def test_unknown_people_find_nothing(as_, cast: Cast, open_request):
    assert shown(as_(cast.agent), "assignee=nobodyhere") == set()


@pytest.mark.parametrize("page", ["/requests/queue", "/requests/forgotten"])
def test_who_has_no_queue_is_told_so(as_, cast: Cast, page):
    assert as_(cast.employee).get(page).status_code == 403


def test_RQ11_26_rows_of_the_same_instant_come_once_each(clock, as_, cast: Cast, help_desk):
    sent = {factory.send(help_desk, cast.employee, title=f"Thing {number}").reference for number in range(26)}
    client, found, there = as_(cast.agent), [], "/requests/queue"
    while there:
        page = client.get(there).text
        found += [part.split('"')[0] for part in page.split('id="request_VEN')[1:]]
        there = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&") if 'rel="next"' in page else ""
    assert sorted(found) == sorted(reference.removeprefix("VEN") for reference in sent)


def test_taking_the_next_one(as_, cast: Cast, open_request):
    client = as_(cast.agent)
    answer = post(client, "/requests/queue/next", department="it")
    assert answer.location == address(open_request)
    answer = post(client, "/requests/queue/next", department="it")
    assert "No queda ninguna" in client.get(answer.location).text


def test_what_is_forgotten_is_listed_with_its_reason(clock, as_, cast: Cast, open_request):
    client = as_(cast.agent)
    assert open_request.reference not in client.get("/requests/forgotten").text
    clock.shift(timedelta(days=2))
    client = as_(cast.agent)
    page = client.get("/requests/forgotten").text
    assert open_request.reference in page
    assert "Nadie la lleva desde hace un día laborable" in page


@pytest.mark.parametrize(("who", "path", "entry"), [
    ("employee", "", "/requests"), ("agent", "", "/requests/queue"), ("agent", "/assignment", "/requests/queue"),
    ("head", "", "/requests"), ("agent", "forgotten", "/requests/queue"),
])  # fmt: skip
def test_the_navigation_shows_where_the_reader_stands(as_, cast: Cast, open_request, who, path, entry):
    page = as_(getattr(cast, who)).get("/requests/forgotten" if path == "forgotten" else address(open_request) + path).text
    navigation = page.split('<nav class="nav"')[1].split("</nav>")[0]
    assert re.findall(r'<a href="([^"]+)" aria-current="page"', navigation.split("more-entry")[0]) == [entry]


# --- several at once -------------------------------------------------------------------------------------------------


def bulk(client: FlaskClient, verb: str, requests, **more):
    data = token_of(client) | {"verb": verb, "request": [request.reference for request in requests]} | more
    return client.post("/requests/queue/bulk", data=data)


def test_RQ9_bulk_does_what_it_can_and_says_what_it_could_not(as_, cast: Cast, help_desk):
    requests = [factory.send(help_desk, cast.employee, title=f"Thing {number}") for number in range(5)]
    foreign = factory.send(factory.service(cast.finance), cast.employee2)
    actions.withdraw(requests[2], cast.employee, "", time.now())
    client = as_(cast.agent)
    assert bulk(client, "solve", [*requests, foreign], ready="yes", text="Done.").status_code == 404
    assert db.session.scalar(select(func.count()).select_from(BulkRun)) == 0
    answer = bulk(client, "solve", requests, ready="yes", text="Done.")
    assert answer.status_code == 303
    page = client.get(answer.location.partition("#")[0]).text
    assert "4 hechas" in page
    assert "1 sin hacer" in page
    assert "Lucía Ferrer la retiró" in page
    db.session.expire_all()
    assert [request.state for request in requests] == ["solved", "solved", "withdrawn", "solved", "solved"]


@pytest.mark.parametrize("verb", ["assign", "reply", "solve", "move"])
def test_bulk_asks_for_what_it_needs(as_, cast: Cast, open_request, verb):
    client = as_(cast.agent)
    asked = bulk(client, verb, [open_request])
    assert asked.status_code == 422
    assert open_request.reference in asked.text
    given = {"ready": "yes", "text": "Hello", "person": cast.agent2.public_id, "department": "finance", "share_notes": ""}
    answer = bulk(client, verb, [open_request], **given)
    assert answer.status_code == 303


def test_bulk_taking_and_nonsense(as_, cast: Cast, open_request):
    client = as_(cast.agent)
    assert bulk(client, "take", [open_request]).status_code == 303
    assert bulk(client, "burn", [open_request]).status_code == 400
    assert bulk(client, "take", []).status_code == 400
    assert bulk(as_(cast.employee), "take", [open_request]).status_code == 403


def test_the_result_of_a_bulk_run_is_its_makers(as_, cast: Cast, open_request):
    answer = bulk(as_(cast.agent), "take", [open_request])
    there = answer.location.partition("#")[0]
    assert "1 hecha" in as_(cast.agent).get(there).text
    assert "1 hecha" not in as_(cast.agent2).get(there).text
