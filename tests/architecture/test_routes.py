"""Every route says who is there, is named in the field's way, and changes nothing by GET."""

import re

import pytest
from flask import Flask

from portal.core.policy import declaration

pytestmark = pytest.mark.sqlite_only
SEGMENT = re.compile(r"^(<[a-z_:]+>|[a-z0-9]+([-.][a-z0-9]+)*)?$")


def rules(app: Flask):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_route_declares_who_is_there(app):
    for rule in rules(app):
        assert declaration(app.view_functions[rule.endpoint]), f"{rule}: use @public or @signed_in"


def test_routes_are_kebab_case(app):
    for rule in rules(app):
        assert all(SEGMENT.match(part) for part in rule.rule.split("/")), f"{rule}: kebab-case, please"


def test_no_route_takes_a_counter_from_the_address(app):
    for rule in rules(app):
        assert "<int" not in rule.rule, f"{rule}: public ids are random (PE-20)"


def test_no_route_answers_get_and_post_with_one_view(app):
    for rule in rules(app):
        writes = rule.methods - {"GET", "HEAD", "OPTIONS"}
        assert not (writes and "GET" in rule.methods), f"{rule}: one view for GET, another for {writes}"
