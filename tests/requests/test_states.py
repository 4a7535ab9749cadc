"""The table of states, and that nothing else changes them (requests.md 1 and 2)."""

import ast

import pytest

from portal.core import clock
from portal.core.errors import Refused
from portal.requests.models import FINAL, State
from portal.requests.states import STEPS, can, move
from tests.architecture.source import modules
from tests.cast.people import Cast

S = State
TABLE = {
    S.WAITING_FOR_APPROVAL: {S.OPEN, S.REJECTED, S.WITHDRAWN},
    S.OPEN: {S.IN_PROGRESS, S.WITHDRAWN, S.SOLVED},
    S.IN_PROGRESS: {S.WAITING_FOR_REQUESTER, S.SOLVED, S.OPEN, S.WITHDRAWN},
    S.WAITING_FOR_REQUESTER: {S.IN_PROGRESS, S.SOLVED, S.WITHDRAWN},
    S.SOLVED: {S.CLOSED, S.IN_PROGRESS},
    S.CLOSED: set(),
    S.REJECTED: set(),
    S.WITHDRAWN: set(),
}
MAY_REOPEN_A_REJECTION = {(S.REJECTED, S.WAITING_FOR_APPROVAL)}  # an administrator corrects a mistake (AP-18)


@pytest.mark.parametrize("start", S)
@pytest.mark.parametrize("to", S)
def test_each_step_is_in_the_table_or_refused(start, to):
    allowed = to in TABLE[start] or (start, to) in MAY_REOPEN_A_REJECTION
    assert ((start, to) in STEPS) is allowed


@pytest.mark.parametrize("to", [S.CLOSED, S.REJECTED, S.WAITING_FOR_APPROVAL, S.WAITING_FOR_REQUESTER])
def test_a_refused_step_changes_nothing_and_says_what_happened(cast: Cast, open_request, to):
    before = open_request.revision
    assert not can(open_request, to, clock.now())
    with pytest.raises(Refused, match="Lucía Ferrer la pidió"):
        move(open_request, to, cast.agent, clock.now())
    assert (open_request.state, open_request.revision) == (S.OPEN, before)


def test_what_is_over_stays_over():
    assert not [step for step in STEPS if step[0] in FINAL and step not in MAY_REOPEN_A_REJECTION]


def changes_of_state(tree: ast.AST) -> list[int]:
    """Return the lines that write `….state` of a request, or update the column."""
    found = []
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in ast.walk(ast.Tuple(targets)) if targets else []:
            if isinstance(target, ast.Attribute) and target.attr == "state" and isinstance(target.value, ast.Name):
                found += [node.lineno] if target.value.id == "request" else []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"update", "values"}:
            found += [node.lineno for keyword in node.keywords if keyword.arg == "state" and "Request" in ast.dump(node.func)]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "moving":
            found.append(node.lineno)
    return found


def test_only_move_changes_the_state():
    writers = {name for name, path in modules() if changes_of_state(ast.parse(path.read_text()))}
    assert writers == {"portal.requests.states"}
