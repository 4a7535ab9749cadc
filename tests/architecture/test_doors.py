"""From another package one may import only its doors; wiring belongs to `app`."""

import ast

import pytest

from tests.architecture.source import imports, modules

DOORS = {"models", "actions", "queries", "events", "policies", "kinds", "calendar", "formkit"}
OPEN_TO_ALL = {"core"}
MODULES = list(modules())


@pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_module_uses_the_doors_of_other_packages(name, path):
    if name in {"portal.app"}:
        return
    own = name.split(".")[1] if "." in name else ""
    for imported in imports(path):
        parts = imported.split(".")
        if len(parts) < 3 or parts[1] in OPEN_TO_ALL | {own}:
            continue
        assert parts[2] in DOORS, f"{name} imports {imported}: use one of {', '.join(sorted(DOORS))}"


@pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_module_says_what_it_is_for(name, path):
    assert ast.get_docstring(ast.parse(path.read_text())), f"{name} has no docstring"


@pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_only_the_edge_commits(name, path):
    if name.startswith(("portal.core", "portal.demo")):
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and node.attr == "commit":
            raise AssertionError(f"{name} commits: the edge does, or core.db.keep() and core.db.transaction()")


@pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_actions_and_models_know_no_pages(name, path):
    if name.rpartition(".")[2] not in {"models", "actions", "policies", "events"}:
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "flask":
            names = {alias.name for alias in node.names}
            assert not names & {"request", "session", "render_template", "url_for", "redirect"}, f"{name} speaks HTTP"


def test_packages_initialise_without_code():
    for name, path in MODULES:
        if path.name == "__init__.py" and path.parent.name not in DOORS:  # a long door is a folder of files
            body = ast.parse(path.read_text()).body
            if name.rpartition(".")[2] in DOORS:  # a door past 300 lines is a package that says what it offers
                body = [node for node in body if not is_offer(node)]
            assert len(body) <= 1, f"{name}/__init__.py holds code: move it to feature.py"


def is_offer(node):
    """Tell whether the statement imports what the door offers, or lists it."""
    return isinstance(node, ast.ImportFrom) or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__")
