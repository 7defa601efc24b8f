"""Rewards and redemptions as a program meets them."""

import pytest

from bank.db import db
from bank.ledger.queries import balance
from tests.cases import cases


@pytest.fixture
def clerk(api, carol):
    return api(carol)


def ask(alice, rice, **other):
    return {"person_id": alice.id, "reward_id": rice.id, "quantity": 1, "checked": "身份证"} | other


def test_an_admin_adds_a_reward_and_everybody_of_the_unit_finds_it(api, dave, alice, charlie, community):
    new = {"unit_id": community.id, "kind": "goods", "name": "毛巾", "points": 250, "stock": 3}
    answer = api(dave).post("/rewards", json=new)
    assert answer.status_code == 201
    added = {name: answer.json[name] for name in ("number", "monthly_limit", "is_offered", "stars_min", "age_min")}
    assert added == {"number": "101", "monthly_limit": 2, "is_offered": True, "stars_min": 0, "age_min": None}
    assert answer.json | new == answer.json
    assert api(alice).get("/rewards").json["rewards"] == [answer.json]
    assert api(charlie).get("/rewards").json["rewards"] == []


@pytest.mark.parametrize("reward", ["reward_id", "number"])
@pytest.mark.parametrize("person", ["person_id", "card_number"])
def test_member_and_reward_are_named_by_id_or_number(clerk, alice, rice, give, person, reward):
    give(alice, 300)
    names = {"person_id": alice.id, "card_number": alice.card_number, "reward_id": rice.id, "number": rice.number}
    answer = clerk.post("/redemptions", json={person: names[person], reward: names[reward], "checked": "身份证"})
    assert answer.status_code == 201
    assert (answer.json["points"], answer.json["quantity"], answer.json["undone_at"]) == (300, 1, None)
    assert balance(alice.points_account_id) == 0


@cases("quantity", [0, -1, 100, 10**30, 1.5, "1", True, None, "abc"])
def test_a_quantity_that_cannot_be_meant_is_refused_by_field(clerk, alice, rice, quantity):
    answer = clerk.post("/redemptions", json=ask(alice, rice, quantity=quantity))
    assert answer.status_code == 400
    assert list(answer.json["errors"]) == ["quantity"]


@cases("asked", [{}, {"person_id": 1}, {"number": "101"}, {"person_id": 1, "card_number": "1", "number": "101"}, {"x": 1}])
def test_each_is_named_exactly_once(clerk, asked):
    assert clerk.post("/redemptions", json=asked).status_code == 400


def test_refusals_have_a_stable_code_words_and_the_next_step(clerk, alice, rice):
    answer = clerk.post("/redemptions", json=ask(alice, rice))
    assert answer.status_code == 409 and answer.content_type == "application/problem+json"
    assert answer.json["code"] == "balance_too_low"
    assert answer.json["detail"] and answer.json["next"]


@cases(
    ("asked", "code"),
    [
        ({"card_number": "9999999999", "number": "101"}, "person_not_found"),
        ({"card_number": "不是卡号", "number": "101"}, "person_not_found"),
        ({"person_id": 2**40, "number": "101"}, "person_not_found"),
        ({"card_number": "alice", "number": "999"}, "reward_not_found"),
        ({"card_number": "alice", "number": "不是编号"}, "reward_not_found"),
        ({"card_number": "alice", "reward_id": 2**40}, "reward_not_found"),
    ],
)
def test_unknown_cards_and_rewards_are_not_found(clerk, alice, rice, asked, code):
    named = {name: alice.card_number if value == "alice" else value for name, value in asked.items()} | {"checked": "身份证"}
    answer = clerk.post("/redemptions", json=named)
    assert (answer.status_code, answer.json["code"]) == (404, code)


def test_the_same_key_gives_the_same_bytes_and_pays_once(clerk, alice, rice, give):
    give(alice, 600)
    first, second = (clerk.post("/redemptions", json=ask(alice, rice), key="k1") for _ in range(2))
    assert first.data == second.data and first.status_code == second.status_code == 201
    db.session.rollback()
    assert (balance(alice.points_account_id), rice.stock) == (300, 4)


def test_the_same_key_for_another_request_is_refused(clerk, alice, rice, give):
    give(alice, 600)
    clerk.post("/redemptions", json=ask(alice, rice), key="k1")
    answer = clerk.post("/redemptions", json=ask(alice, rice, quantity=2), key="k1")
    assert (answer.status_code, answer.json["code"]) == (409, "key_reused")


def test_undo_gives_back_and_is_refused_the_second_time(clerk, alice, rice, give):
    give(alice, 300)
    redemption = clerk.post("/redemptions", json=ask(alice, rice)).json
    undone = clerk.post(f"/redemptions/{redemption['id']}/undo", json={"reason": "拿错了"})
    assert undone.status_code == 200 and undone.json["undo_entry_id"]
    again = clerk.post(f"/redemptions/{redemption['id']}/undo", json={"reason": "拿错了"})
    assert (again.status_code, again.json["code"]) == (409, "already_undone")
    assert balance(alice.points_account_id) == 300


@pytest.mark.parametrize("reason", [{}, {"reason": ""}, {"reason": "   "}, {"reason": "字" * 201}, {"reason": 5}])
def test_undo_needs_a_reason(clerk, alice, rice, give, reason):
    give(alice, 300)
    redemption = clerk.post("/redemptions", json=ask(alice, rice)).json
    assert clerk.post(f"/redemptions/{redemption['id']}/undo", json=reason).status_code == 400


def test_stock_is_received_and_written_off_with_a_reason(api, dave, rice):
    received = api(dave).post(f"/rewards/{rice.id}/stock", json={"quantity": 7, "reason": "到货"})
    assert (received.status_code, received.json["stock"]) == (200, 12)
    gone = api(dave).post(f"/rewards/{rice.id}/stock", json={"kind": "written_off", "quantity": 2, "reason": "受潮"})
    assert gone.json["stock"] == 10


@pytest.mark.parametrize(("who", "seen"), [("alice", 1), ("carol", 2), ("erin", 2), ("dave", 2), ("charlie", 0)])
def test_everybody_lists_the_redemptions_that_concern_them(request, api, clerk, alice, bob, rice, give, who, seen):
    for each in (alice, bob):
        give(each, 300)
        clerk.post("/redemptions", json=ask(each, rice))
    answer = api(request.getfixturevalue(who)).get("/redemptions")
    assert (answer.status_code, len(answer.json["redemptions"])) == (200, seen)


def test_another_day_has_no_redemptions(clerk, alice, rice, give):
    give(alice, 300)
    clerk.post("/redemptions", json=ask(alice, rice))
    assert clerk.get("/redemptions?day=2026-01-01").json == {"redemptions": []}
    assert clerk.get("/redemptions?day=yesterday").status_code == 400


@cases("who", ["alice", "bob", "erin", "charlie"])
def test_who_has_no_counter_hands_nothing_over(request, api, alice, rice, who):
    answer = api(request.getfixturevalue(who)).post("/redemptions", json=ask(alice, rice))
    assert (answer.status_code, answer.json["code"]) == (403, "role_missing")


@cases("who", ["alice", "carol", "bob", "erin"])
def test_only_an_admin_changes_the_catalogue(request, api, community, rice, who):
    caller = api(request.getfixturevalue(who))
    new = {"unit_id": community.id, "kind": "goods", "name": "毛巾", "points": 250}
    assert caller.post("/rewards", json=new).status_code == 403
    assert caller.post(f"/rewards/{rice.id}/stock", json={"quantity": 7, "reason": "到货"}).status_code == 403
