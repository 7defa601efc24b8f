"""The table of who may do what is what the program itself asks; every recorded change has a name that people read."""

import re

import pytest
from flask import Flask

from bank.web import permissions
from bank.web.pages.changes import PARTS, WHAT_NAMES
from tests.house.sources import ROOT


@pytest.fixture
def parts(app: Flask):
    with app.test_request_context():
        return permissions.table({part: str(name) for name, parts in PARTS.items() for part in parts})


def test_every_route_with_a_rule_is_in_it(parts, app):
    told = {(each.method, each.path) for part in parts for each in part.permissions}
    asked = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"OPTIONS", "HEAD"}
        if hasattr(app.view_functions[rule.endpoint], "access")
    }
    assert asked <= told


def test_it_says_who_is_let_in(parts):
    [people] = [each for each in parts if any(one.path == "/people/new" for one in each.permissions)]
    [units] = [each for each in parts if any(one.path == "/units" for one in each.permissions)]
    reach = [units.reach(role) for role in ("public", "member", "clerk", "auditor", "admin")]
    assert reach == ["none", "none", "read", "read", "change"]
    enrol = next(each for each in people.permissions if (each.method, each.path) == ("POST", "/people/new"))
    assert (enrol.who, enrol.is_change, enrol.lets_in("admin"), enrol.lets_in("clerk")) == (("admin",), True, True, False)


def test_the_auditor_changes_nothing_but_his_own(parts):
    for part in parts:
        for each in part.permissions:
            assert not (each.is_change and "auditor" in each.who), each


def test_the_page_shows_it(browser, erin):
    page = browser(erin).open("/permissions").text
    assert "POST /people/new" in page
    assert re.search(r"<th scope=\"row\">组织架构</th>", page)


def test_every_kind_of_change_has_a_name(app):
    written = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bank").rglob("*.py"))
    assert set(re.findall(r'what="([a-z_]+)"', written)) - set(WHAT_NAMES) == set()
