"""Every people route, asked by a guest, the wrong role, the right role in the wrong unit, and the right role."""

import pytest

from bank.db import transaction
from bank.people import organisation, queries
from tests.cases import cases

# Method, path, body, then the status for: volunteer, clerk, admin of another community, admin of the bank.
API = [
    ("POST", "/persons", "newcomer", 403, 403, 403, 201),
    ("GET", "/persons?search=安丽", None, 403, 200, 200, 200),
    ("GET", "/persons/{erin}", None, 404, 200, 404, 200),
    ("POST", "/persons/{alice}/roles", "role", 403, 403, 403, 201),
    ("POST", "/roles/{grant}/revoke", None, 403, 403, 403, 200),
    ("POST", "/persons/{alice}/pin", "pin", 403, 403, 404, 204),
    ("GET", "/units", None, 403, 200, 200, 200),
    ("POST", "/units", "unit", 403, 403, 403, 201),
    ("PUT", "/persons/{alice}", "facts", 403, 403, 404, 200),
    ("GET", "/units/{community}/persons", None, 403, 200, 404, 200),
    ("GET", "/units/{community}/places", None, 403, 403, 403, 200),
    ("POST", "/units/{community}/rename", "name", 403, 403, 403, 200),
    ("POST", "/units/{grid}/move", "parent", 403, 403, 403, 200),
    ("POST", "/units/{grid}/close", None, 403, 403, 403, 200),
    ("POST", "/units/{grid}/reopen", None, 403, 403, 403, 200),
    ("GET", "/persons/{erin}/memberships", None, 404, 200, 404, 200),
    ("POST", "/persons/{alice}/move", "place", 403, 403, 404, 200),
    ("PUT", "/persons/{alice}/home-unit", "nowhere", 403, 403, 404, 200),
    ("PUT", "/persons/{alice}/host-unit", "nowhere", 403, 403, 404, 200),
    ("PUT", "/persons/{alice}/teams/{team}", None, 403, 403, 403, 204),
    ("POST", "/persons/{alice}/teams/{team}/leave", None, 403, 403, 403, 204),
    ("GET", "/persons/{erin}/household", None, 404, 200, 404, 200),
    ("POST", "/persons/{alice}/household", "other", 403, 403, 404, 200),
    ("POST", "/persons/{alice}/household/leave", None, 403, 403, 404, 204),
    ("PUT", "/persons/{alice}/guardian", "guardian", 403, 403, 404, 204),
    ("PUT", "/persons/{alice}/consents/board", "consent", 403, 403, 404, 200),
    ("POST", "/persons/{alice}/end", "end", 403, 403, 404, 200),
    ("GET", "/changes", None, 403, 403, 200, 200),
    ("GET", "/me/data", None, 200, 200, 200, 200),
    ("GET", "/me/consents", None, 200, 200, 200, 200),
    ("GET", "/me", None, 200, 200, 200, 200),
    ("PUT", "/me/consents/board", "consent", 200, 200, 200, 200),
]
# Path of a page, then the status for the same four.
PAGES = [
    ("/people", 403, 403, 200, 200),
    ("/people/new", 403, 403, 200, 200),
    ("/people/{alice}", 403, 200, 404, 200),
    ("/people/{alice}/card", 403, 403, 404, 200),
    ("/people/{alice}/pin", 403, 403, 404, 200),
    ("/people/{alice}/edit", 403, 403, 404, 200),
    ("/people/{alice}/belonging", 403, 403, 404, 200),
    ("/people/{alice}/end", 403, 403, 404, 200),
    ("/people?unit_id={community}", 403, 403, 404, 200),
    ("/units/{community}", 403, 403, 403, 200),
    ("/changes", 403, 403, 200, 200),
    ("/changes?person_id={alice}", 403, 403, 404, 200),
    ("/permissions", 403, 403, 200, 200),
    ("/me/data", 200, 200, 200, 200),
    ("/me/farewell", 200, 200, 200, 200),
    ("/people/{alice}/roles/new", 403, 403, 404, 200),
    ("/units", 403, 403, 200, 200),
    ("/units/{community}/new", 403, 403, 403, 200),
    ("/me", 200, 200, 200, 200),
    ("/me/pin", 200, 200, 200, 200),
    ("/me/consents", 200, 200, 200, 200),
]


@pytest.fixture
def names(alice, bob, erin, dave, community, at):
    [grant] = queries.grants(bob.id)
    with transaction():
        grid, team = (
            organisation.add_unit(by=dave, name=f"单位{kind}", kind=kind, parent_id=community.id, at=at)
            for kind in ("grid", "team")
        )
    numbers = {"grid": grid.id, "team": team.id, "community": community.id, "grant": grant.id}
    return {"alice": alice.id, "erin": erin.id, **numbers}


@pytest.fixture
def bodies(newcomer, bob, community, other_community):
    return {
        "facts": {"name": "安丽", "phone": "13800000001", "skills": "理发"},
        "name": {"name": "新名字"},
        "parent": {"parent_id": other_community.id},
        "place": {"unit_id": other_community.id},
        "nowhere": {"unit_id": None},
        "other": {"with_person_id": bob.id},
        "guardian": {"guardian_name": "安妈妈", "guardian_phone": "13812121212"},
        "end": {"how": "close"},
        "newcomer": newcomer,
        "role": {"role": "clerk", "unit_id": community.id},
        "pin": {"pin": "975310"},
        "unit": {"name": "第一网格", "kind": "grid", "parent_id": community.id},
        "consent": {"is_given": True},
    }


@pytest.mark.parametrize(("method", "path", "body", "volunteer", "clerk", "stranger", "admin"), API)
def test_the_api_lets_in_whom_it_should(
    method, path, body, volunteer, clerk, stranger, admin, api, client, names, bodies, alice, carol, frank, dave
):
    path, sent = path.format(**names), {"json": bodies[body]} if body else {}
    assert client.open(f"/api/v1{path}", method=method, headers={"Idempotency-Key": "1"}, **sent).status_code == 401
    asked = {person: api(person).call(method, path, **sent).status_code for person in (alice, carol, frank, dave)}
    assert list(asked.values()) == [volunteer, clerk, stranger, admin]


@cases(("path", "volunteer", "clerk", "stranger", "admin"), PAGES)
def test_the_pages_let_in_whom_they_should(
    path, volunteer, clerk, stranger, admin, browser, client, names, alice, carol, frank, dave
):
    path = path.format(**names)
    assert client.get(path).location.startswith("/sign-in")
    asked = [browser(person).open(path).status_code for person in (alice, carol, frank, dave)]
    assert asked == [volunteer, clerk, stranger, admin]


def test_the_auditor_looks_and_changes_nothing(browser, api, erin, alice, newcomer, community):
    page = browser(erin)
    for path in ("/people", f"/people/{alice.id}", "/units"):
        assert page.open(path).status_code == 200
        assert "/new" not in page.page
        assert "13800000001" not in page.page
    assert page.open("/people/new").status_code == 403
    assert api(erin).post("/persons", json=newcomer).json["code"] == "role_missing"


def test_a_session_of_a_page_does_not_open_the_api(browser, dave):
    assert browser(dave).client.get("/api/v1/me").status_code == 401
