"""Every people route, asked by a guest, the wrong role, the right role in the wrong unit, and the right role."""

import pytest

from bank.people import queries

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
    ("/people/{alice}/roles/new", 403, 403, 404, 200),
    ("/units", 403, 403, 200, 200),
    ("/units/{community}/new", 403, 403, 403, 200),
    ("/me", 200, 200, 200, 200),
    ("/me/pin", 200, 200, 200, 200),
    ("/me/consents", 200, 200, 200, 200),
]


@pytest.fixture
def names(alice, bob, erin, community):
    [grant] = queries.grants(bob.id)
    return {"alice": alice.id, "erin": erin.id, "grant": grant.id, "community": community.id}


@pytest.fixture
def bodies(newcomer, community):
    return {
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


@pytest.mark.parametrize(("path", "volunteer", "clerk", "stranger", "admin"), PAGES)
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
