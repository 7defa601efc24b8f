"""The counter as a program meets it: consent, reservation, pick-up, return, appointment, day's end."""

from datetime import timedelta

import pytest

from bank import clock
from bank.access.member_code import member_code
from bank.db import db
from bank.ledger.queries import balance
from tests import cast
from tests.cases import cases


@pytest.fixture
def clerk(api, carol):
    return api(carol)


@pytest.fixture
def waiting(api, alice, rice, give):
    """A reservation of alice's, as her phone got it."""
    give(alice, 900)
    return api(alice).post("/reservations", json={"reward_id": rice.id}).json


@pytest.fixture
def handed(clerk, alice, rice, give):
    """A redemption of alice's."""
    give(alice, 900)
    return clerk.post("/redemptions", json={"person_id": alice.id, "reward_id": rice.id, "checked": "身份证"}).json


def test_a_consent_is_taken_and_sent_along(clerk, alice, rice, give):
    give(alice, 300)
    taken = clerk.post("/consents", json={"person_id": alice.id, "pin": cast.PIN})
    assert taken.status_code == 201
    new = {"person_id": alice.id, "reward_id": rice.id, "consent": taken.json["consent"]}
    assert clerk.post("/redemptions", json=new).json["consent"] == "pin"


def test_the_rotating_code_is_sent_along_at_once(clerk, alice, rice, give):
    give(alice, 300)
    code = member_code(alice, at=clock.now())
    done = clerk.post("/redemptions", json={"person_id": alice.id, "reward_id": rice.id, "code": code})
    assert (done.status_code, done.json["consent"], done.json["state"]) == (201, "phone", "handed_over")


def test_wrong_pins_make_the_clerk_wait_and_then_not_even_the_right_one_counts(clerk, alice):
    codes = [clerk.post("/consents", json={"person_id": alice.id, "pin": "135790"}).json["code"] for _ in range(12)]
    assert codes[0] == "pin_refused" and codes[-1] == "too_many_tries"
    answer = clerk.post("/consents", json={"person_id": alice.id, "pin": cast.PIN})
    assert answer.json["code"] == "too_many_tries"


@cases("shown", [{}, {"pin": "1", "code": "1"}, {"checked": ""}, {"checked": "字" * 61}, {"code": 5}])
def test_a_consent_is_shown_in_one_way(clerk, alice, shown):
    assert clerk.post("/consents", json={"person_id": alice.id} | shown).status_code == 400


def test_without_a_consent_the_request_is_malformed(clerk, alice, rice):
    assert clerk.post("/redemptions", json={"person_id": alice.id, "reward_id": rice.id}).status_code == 400


def test_reserved_at_home_fetched_at_the_counter(api, clerk, alice, rice, waiting):
    assert (waiting["state"], len(waiting["pickup_code"])) == ("reserved", 8)
    assert api(alice).get("/reservations").json["reservations"] == [waiting]
    done = clerk.post("/pick-ups", json={"code": waiting["pickup_code"]})
    assert (done.status_code, done.json["state"], done.json["id"]) == (200, "handed_over", waiting["id"])
    again = clerk.post("/pick-ups", json={"code": waiting["pickup_code"]})
    assert (again.status_code, again.json["code"]) == (409, "already_handed_over")


def test_the_same_key_fetches_once_and_says_the_same(clerk, waiting):
    first, second = (clerk.post("/pick-ups", key="k", json={"code": waiting["pickup_code"]}) for _ in range(2))
    assert first.data == second.data and first.status_code == second.status_code == 200


def test_the_counter_is_not_told_the_code(clerk, erin, api, waiting):
    for seen in (clerk.get(f"/redemptions/{waiting['id']}"), api(erin).get(f"/redemptions/{waiting['id']}")):
        assert seen.status_code == 200 and waiting["pickup_code"] not in seen.text


def test_cancelled_from_the_phone(api, alice, waiting):
    done = api(alice).post(f"/redemptions/{waiting['id']}/cancellation", json={})
    assert (done.status_code, done.json["state"]) == (200, "cancelled")
    assert balance(alice.points_account_id) == 900


def test_brought_back_and_approved(api, clerk, dave, alice, handed):
    asked = clerk.post(f"/redemptions/{handed['id']}/return", json={"reason": "有虫"})
    assert asked.json["state"] == "return_asked"
    assert [each["id"] for each in api(dave).get("/returns").json["redemptions"]] == [handed["id"]]
    done = api(dave).post(f"/redemptions/{handed['id']}/return/approval", json={"is_usable": False})
    assert (done.status_code, done.json["state"], balance(alice.points_account_id)) == (200, "returned", 900)
    steps = api(alice).get(f"/redemptions/{handed['id']}").json["steps"]
    assert [each["kind"] for each in steps] == ["handed_over", "return_asked", "returned"]


def test_brought_back_and_refused(api, clerk, dave, handed):
    clerk.post(f"/redemptions/{handed['id']}/return", json={"reason": "有虫"})
    done = api(dave).post(f"/redemptions/{handed['id']}/return/refusal", json={"reason": "已经开封"})
    assert done.json["state"] == "handed_over"


def test_a_service_is_agreed_and_done(clerk, alice, haircut, give):
    give(alice, 200)
    clerk.post("/redemptions", json={"person_id": alice.id, "reward_id": haircut.id, "checked": "身份证"})
    [asked] = clerk.get("/appointments").json["appointments"]
    when = {"agreed_for": (clock.now() + timedelta(days=1)).isoformat(), "performer": "王师傅"}
    assert clerk.post(f"/appointments/{asked['id']}/agreement", json=when).json["state"] == "agreed"
    assert clerk.post(f"/appointments/{asked['id']}/done", json={}).json["state"] == "done"
    late = clerk.post(f"/appointments/{asked['id']}/not-done", json={"reason": "未上门"})
    assert (late.status_code, late.json["code"]) == (409, "appointment_settled")


def test_the_day_is_counted_and_signed(clerk, rice, handed):
    counter_id = handed["counter_id"]
    assert clerk.post(f"/counters/{counter_id}/day-end").json["code"] == "count_missing"
    counted = clerk.post(f"/counters/{counter_id}/counts", json={"reward_id": rice.id, "counted": 3, "reason": "盘亏一件"})
    assert (counted.status_code, counted.json["expected"]) == (201, 4)
    signed = clerk.post(f"/counters/{counter_id}/day-end")
    assert (signed.status_code, signed.json["redemptions"], signed.json["differences"]) == (201, 1, 1)
    [report] = clerk.get("/day-ends").json["reports"]
    assert (report["is_closed"], report["is_changed"], report["to_count"]) == (True, False, [])
    assert clerk.post(f"/counters/{counter_id}/reopening", json={"reason": "有人来"}).json["is_closed"] is False


def test_an_auditor_reads_a_rewards_whole_life(api, erin, alice, dave, rice, handed):
    stock = api(erin).get(f"/rewards/{rice.id}/stock").json
    assert [(each["kind"], each["free"]) for each in stock["movements"]] == [("handed_over", -1), ("received", 5)]
    assert (stock["batches"][0]["free"], [each["points"] for each in stock["prices"]]) == (4, [300])
    [told] = api(erin).get(f"/rewards/{rice.id}/life").json["redemptions"]
    assert (told["person_id"], told["steps"][0]["kind"]) == (alice.id, "handed_over")


def test_an_admin_changes_places_and_hides(api, dave, community, rice):
    admin = api(dave)
    gate = admin.post("/counters", json={"unit_id": community.id, "name": "东门兑换点"}).json
    ids = [*(each.id for each in rice.counters), gate["id"]]
    assert admin.put(f"/rewards/{rice.id}/places", json={"counter_ids": ids}).json["counter_ids"] == ids
    assert admin.put(f"/rewards/{rice.id}/offer", json={"is_offered": False}).json["is_offered"] is False
    terms = {"unit_id": community.id, "kind": "goods", "name": "东北大米", "points": 350}
    assert admin.put(f"/rewards/{rice.id}", json=terms).json["points"] == 350
    assert admin.post(f"/counters/{gate['id']}/closing").json["closed_at"]
    assert [each["name"] for each in admin.get("/counters").json["counters"]] == ["兑换点"]


# Method, path, body, then the status for a volunteer, the clerk, an admin, an auditor and a volunteer of another community.
ROUTES = [
    ("POST", "/consents", {"person_id": 10**9, "checked": "身份证"}, 403, 404, 403, 403, 403),
    ("POST", "/pick-ups", {"code": "00000000"}, 403, 404, 403, 403, 403),
    ("GET", "/redemptions/{handed}", None, 200, 200, 200, 200, 404),
    ("GET", "/returns", None, 403, 403, 200, 200, 403),
    ("POST", "/redemptions/{handed}/return", {"reason": " "}, 403, 400, 400, 403, 403),
    ("POST", "/redemptions/{handed}/return/approval", {"is_usable": True}, 403, 403, 409, 403, 403),
    ("POST", "/redemptions/{handed}/return/refusal", {"reason": "不退"}, 403, 403, 409, 403, 403),
    ("POST", "/redemptions/{handed}/cancellation", {}, 409, 409, 409, 404, 404),
    ("GET", "/appointments", None, 403, 200, 200, 200, 403),
    ("POST", "/appointments/9/done", {}, 403, 404, 404, 403, 403),
    ("GET", "/day-ends", None, 403, 200, 200, 200, 403),
    ("POST", "/counters/{counter}/day-end", None, 403, 409, 403, 403, 403),
    ("POST", "/counters/{counter}/counts", {"reward_id": 1, "counted": 4}, 403, 201, 403, 403, 403),
    ("POST", "/counters/{counter}/closing", None, 403, 403, 200, 403, 403),
    ("GET", "/rewards/{rice}/stock", None, 403, 200, 200, 200, 403),
    ("GET", "/rewards/{rice}/life", None, 403, 403, 200, 200, 403),
    ("PUT", "/rewards/{rice}/offer", {"is_offered": True}, 403, 403, 200, 403, 403),
    ("GET", "/reservations", None, 200, 200, 200, 200, 200),
]


@cases(("method", "path", "body", "volunteer", "clerk_", "admin", "auditor", "stranger"), ROUTES)
def test_each_lets_in_whom_it_should(
    method, path, body, volunteer, clerk_, admin, auditor, stranger, api, handed, rice, alice, carol, dave, erin, charlie
):
    path = path.format(handed=handed["id"], counter=handed["counter_id"], rice=rice.id)
    sent = {} if body is None else {"json": body}
    asked = [api(person).call(method, path, **sent).status_code for person in (alice, carol, dave, erin, charlie)]
    assert asked == [volunteer, clerk_, admin, auditor, stranger]
    db.session.rollback()
