"""Every route, asked by a guest, the wrong role, the right role in the wrong unit, and the right role.

Who may do what stands in permissions.txt, a line a route; a route that is not in it, or says otherwise, fails.
"""

from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from bank.db import transaction
from bank.people import organisation
from bank.people.models import ROLES, Unit
from tests.demo.loaded import walk

pytestmark = pytest.mark.usefixtures("open_doors")

TABLE = Path(__file__).with_name("permissions.txt")
# What is everybody's to see whichever unit it stands in, and what shows only one's own things to everybody.
FOR_ALL = set("""
activities.activity rewards.reward rewards.picture api_activities.activity api_evaluations.lines
evaluations.service evaluations.record honours.proposal
joining.join joining.leave api_joining.join api_joining.leave
""".split())  # fmt: skip
# What the chief, who came today, has none of: a code on paper, a star, a statement.
THERE_IS_NONE = set("""
/api/v1/rating-codes/<code> /api/v1/micro-hour-links/<key> /api/v1/order-links/<string:link>
/api/v1/community-stars/<int:unit_id> /api/v1/me/statements/<string:month>
/api/v1/persons/<int:person_id>/statements/<string:month> /api/v1/statements/check
/api/v1/certificates/check /api/v1/me/household/statements/<string:month>
""".split())  # fmt: skip
NOT_CHANGES = {"answer", "api_token", "sign_in_try", "sign_in_tries"}


@pytest.fixture
def elsewhere(app: Flask, top: Unit, at: datetime) -> Unit:
    """A community in which nothing has ever happened."""
    with transaction():
        return organisation.add_unit(by=None, name="天边社区", kind="community", parent_id=top.id, at=at)


def line(app, method, rule):
    return f"{method:6} {rule.rule:75} {' '.join(walk.who(app, rule))}"


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_table_names_every_route_and_who_may(app):
    in_code = sorted(line(app, method, rule) for method, rule in walk.routes(app))
    in_table = TABLE.read_text(encoding="utf-8").splitlines()
    assert in_code == in_table, "tests/demo/loaded/permissions.txt: add, change or remove these lines"


# Before a role is missed no row is read, so one database tells it of both.
@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_guest_is_asked_to_sign_in_everywhere_else(app):
    client, wrong = app.test_client(), []
    for method, rule in walk.routes(app):
        if "public" not in walk.who(app, rule):
            answer = client.open(walk.address(app, rule, {}), method=method)
            is_asked = answer.status_code == 401 if walk.is_api(rule) else (answer.location or "").startswith("/sign-in")
            wrong += [] if is_asked else [f"{method} {rule.rule}: {answer.status_code}"]
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_wrong_role_is_refused_everywhere(app, api, somebody, top):
    wrong, askers = [], {}
    for method, rule in walk.routes(app):
        allowed = frozenset(walk.who(app, rule))
        if allowed & {"public", "member"}:
            continue
        if allowed not in askers:
            person = somebody(sorted(set(ROLES) - allowed), top)
            askers[allowed] = api(person), walk.signed_in(app, person)
        answer = _ask(app, askers[allowed], method, rule, {})
        wrong += [] if answer.status_code == 403 else [f"{method} {rule.rule}: {answer.status_code}"]
    assert "\n".join(wrong) == ""


def test_the_right_role_opens_every_page_it_can_reach(found):
    assert found.failures == []
    assert len(found.pages) > 40


def test_the_right_role_reads_everything_by_the_api(app, api, somebody, top, chief, found):
    of_staff, screen, known, wrong = api(chief), api(somebody(["display"], top)), walk.arguments_of(app, found), []
    for method, rule in walk.routes(app):
        if method == "GET" and walk.is_api(rule):
            program = screen if walk.who(app, rule) == ("display",) else of_staff
            path = walk.address(app, rule, known).removeprefix("/api/v1")
            answer = program.get(path, query_string=walk.question(app, rule, known))
            is_right = answer.status_code == 404 if rule.rule in THERE_IS_NONE else answer.status_code < 300
            wrong += [] if is_right else [f"{rule.rule} as {path}: {answer.status_code} {answer.json}"]
    assert "\n".join(wrong) == ""


def test_the_right_role_in_the_wrong_unit_sees_and_changes_nothing(app, api, somebody, found, elsewhere):
    stranger = somebody(walk.STAFF, elsewhere)
    asker, known, wrong = (api(stranger), walk.signed_in(app, stranger)), walk.arguments_of(app, found), []
    for method, rule in walk.routes(app):
        is_theirs = any(name.endswith("_id") for name in rule.arguments) and rule.endpoint not in FOR_ALL
        if not is_theirs or "public" in walk.who(app, rule):
            continue
        with walk.changes() as made:
            form = found.forms.get(rule.endpoint)
            answer = _ask(app, asker, method, rule, known, data=walk.form_data(form) if form else None)
        if answer.status_code < 400 or answer.status_code >= 500 or made - NOT_CHANGES:
            wrong.append(f"{method} {walk.address(app, rule, known)} ({rule.endpoint}): {answer.status_code} {made or ''}")
    assert "\n".join(wrong) == ""


def _ask(app, asker, method, rule, known, data=None):
    program, browser = asker
    address = walk.address(app, rule, known)
    if walk.is_api(rule):
        sent = {"json": walk.body(app, rule, method, known)} if method != "GET" else {}
        return program.call(method, address.removeprefix("/api/v1"), **sent)
    return browser.open(address, method=method, data=(data or {"idempotency_key": "a"}) if method != "GET" else None)
