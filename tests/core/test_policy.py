"""A portal with a silent route does not start; a view that decided nothing fails in tests."""

import pytest
from flask import Flask

from portal.core import policy


def test_route_without_declaration_is_refused():
    app = Flask("silent")
    app.add_url_rule("/open", "open", lambda: "anybody")
    with pytest.raises(RuntimeError, match="open"):
        policy.require_declarations(app)


def test_declared_route_is_accepted():
    app = Flask("declared")
    app.add_url_rule("/open", "open", policy.public(lambda: "anybody"))
    policy.require_declarations(app)


def test_refusal_is_falsy_and_has_a_reason():
    assert not policy.no("Only the head decides.")
    assert policy.no("Only the head decides.").reason == "Only the head decides."
    assert policy.yes()
