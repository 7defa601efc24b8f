"""The people part of the JSON API: shapes, permissions, bad input."""

from bank.access.queries import sign_in
from bank.consents.queries import has_consent
from bank.people import queries
from tests import cast
from tests.cases import cases


def test_an_admin_enrols_a_person(api, dave, newcomer, community):
    answer = api(dave).post("/persons", json=newcomer | {"born_on": "1990-05-01"})
    assert answer.status_code == 201
    assert (
        answer.json | {"name": "曾国强", "phone": "13812345678", "unit": community.name, "points": 0, "minutes": 0, "roles": []}
        == answer.json
    )
    assert queries.person_by_card(by=dave, card_number=answer.json["card_number"]).born_on.year == 1990


def test_the_same_key_enrols_once(api, dave, newcomer):
    answers = [api(dave).post("/persons", json=newcomer, key="window-1") for _ in range(2)]
    assert answers[0].data == answers[1].data
    assert api(dave).post("/persons", json=newcomer | {"name": "曾国富"}, key="window-1").json["code"] == "key_reused"


def test_a_taken_phone_is_refused_in_words(api, dave, newcomer):
    answer = api(dave).post("/persons", json=newcomer | {"phone": "+86 138 0000 0001"}, headers={"Accept-Language": "zh"})
    assert (answer.status_code, answer.json["code"], answer.json["final"]) == (409, "phone_taken", True)
    assert answer.json["detail"] == "这个手机号已经开过户。"


@cases(
    ("change", "code"),
    [
        ({"name": "张\0三"}, "bad_name"),
        ({"name": "😀😀"}, "bad_name"),
        ({"name": "张" * 51}, "bad_name"),
        ({"phone": "12345"}, "bad_phone"),
        ({"born_on": "2999-01-01"}, "bad_birth_date"),
        ({"born_on": "x"}, "invalid"),
        ({"name": None}, "invalid"),
        ({"name": 5}, "invalid"),
        ({"unit_id": "1"}, "invalid"),
        ({"unit_id": True}, "invalid"),
        ({"unit_id": -1}, "invalid"),
        ({"unit_id": 10**30}, "invalid"),
        ({"name": "张" * 100_000}, "invalid"),
        ({"is_in_service": "yes"}, "invalid"),
        ({"key": "mine"}, "invalid"),
        ({"pin_hash": "x"}, "invalid"),
        ({"home_unit_id": 1}, "bad_unit"),
    ],
)
def test_what_cannot_be_meant_is_refused(change, code, api, dave, newcomer):
    answer = api(dave).post("/persons", json=newcomer | change)
    assert (answer.status_code, answer.json["code"]) == (400, code)


def test_persons_are_found_with_masked_phones(api, dave, alice):
    found = api(dave).get("/persons?search=安丽").json["persons"]
    assert [(each["id"], each["phone"], each["unit"]) for each in found] == [(alice.id, "138****0001", cast.COMMUNITY)]
    assert api(dave).get("/persons?search=王").json["code"] == "search_too_short"
    assert api(dave).get("/persons").status_code == 400


def test_a_person_is_shown_as_far_as_one_may_see(api, dave, carol, charlie, alice):
    assert api(dave).get(f"/persons/{alice.id}").json["phone"] == "13800000001"
    assert (
        api(carol).get(f"/persons/{alice.id}").json | {"phone": "138****0001", "born_on": None}
        == api(carol).get(f"/persons/{alice.id}").json
    )
    assert api(charlie).get(f"/persons/{alice.id}").json["code"] == "person_not_found"
    assert api(charlie).get(f"/persons/{10**6}").json["code"] == "person_not_found"


@cases("number", ["0", "-1", "x", str(2**63), "9" * 40])
def test_a_number_that_names_nobody_is_not_found(number, api, dave):
    assert api(dave).get(f"/persons/{number}").status_code == 404


def test_i_see_myself(api, bob, community):
    me = api(bob).get("/me").json
    assert (me["name"], me["phone"]) == ("包博", "13800000002")
    assert [(each["role"], each["unit_id"]) for each in me["roles"]] == [("organizer", community.id)]


def test_i_decide_what_i_consent_to(api, alice):
    answer = api(alice).put("/me/consents/board", json={"is_given": True})
    assert (answer.status_code, answer.json["is_given"]) == (200, True)
    assert has_consent(alice.id, "board")
    api(alice).put("/me/consents/board", json={"is_given": False})
    assert not has_consent(alice.id, "board")
    assert api(alice).put("/me/consents/everything", json={"is_given": True}).json["code"] == "bad_purpose"
    assert api(alice).put("/me/consents/board", json={"is_given": 1}).json["code"] == "invalid"


def test_a_role_is_given_and_taken(api, dave, alice, community):
    answer = api(dave).post(f"/persons/{alice.id}/roles", json={"role": "clerk", "unit_id": community.id})
    assert (answer.status_code, answer.json["role"], answer.json["unit"]) == (201, "clerk", community.name)
    assert queries.roles(alice) == {"clerk"}
    assert api(dave).post(f"/roles/{answer.json['id']}/revoke").json["revoked_at"]
    assert queries.roles(alice) == set()


def test_a_pin_is_set_and_never_answered(api, dave, alice):
    answer = api(dave).post(f"/persons/{alice.id}/pin", json={"pin": "975310"})
    assert (answer.status_code, answer.data) == (204, b"")
    assert sign_in(login=alice.phone, pin="975310").id == alice.id
    assert api(dave).post(f"/persons/{alice.id}/pin", json={"pin": "111111"}).json["code"] == "weak_pin"


def test_a_unit_is_added_and_listed(api, dave, community):
    answer = api(dave).post("/units", json={"name": "第一网格", "kind": "grid", "parent_id": community.id})
    assert answer.status_code == 201
    assert answer.json in api(dave).get("/units").json["units"]
    for change, code in (({"kind": "town"}, "invalid"), ({"kind": "bank"}, "bad_unit"), ({"name": "网😀格"}, "bad_unit_name"),
                         ({"parent_id": 10**9}, "unit_not_found"), ({}, "unit_name_taken")):  # fmt: skip
        new = {"name": "第一网格", "kind": "grid", "parent_id": community.id} | change
        assert api(dave).post("/units", json=new).json["code"] == code


@cases("body", ["{", "[]", "null", "5", '"x"', "\0", '{"name": "\\ud800"}', "[" * 5000])
def test_a_body_that_is_no_person_is_refused(body, api, dave):
    answer = api(dave).post("/persons", data=body, content_type="application/json")
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert answer.json["code"] in {"bad_request", "invalid"}
