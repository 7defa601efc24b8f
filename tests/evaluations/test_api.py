"""The same by JSON: shapes, permissions, and nothing of a comment in an answer."""

import pytest

from bank import clock
from bank.db import db
from bank.evaluations.models import Evaluation


@pytest.fixture(autouse=True)
def now(at, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at)


def public(client, method, path, json=None):
    return client.open(
        f"/api/v1{path}", method=method, json=json, headers={"Idempotency-Key": f"{method} {path}".replace(" ", "")}
    )


def test_a_leader_rates_in_bulk(api, record, bob):
    exception = {"record_id": record.id, "role": "leader", "mark": 2}
    sent = {"leader": 4, "completion": 5, "exceptions": [exception]}
    assert api(bob).post(f"/services/{record.service_id}/evaluations", json=sent).json == {"mark_count": 2, "left_out_ids": []}
    [line] = api(bob).get(f"/services/{record.service_id}/evaluations").json["lines"]
    assert line["marks"] == {"recipient": None, "leader": 2, "completion": 5}
    assert (line["has_recipient"], line["refusal"]) == (False, None)


def test_a_recipient_needs_no_token(api, client, record, bob):
    [code] = api(bob).post(f"/services/{record.service_id}/rating-codes").json["codes"]
    path = "/rating-codes/" + code["url"].rpartition("/")[2]
    assert public(client, "GET", path).json["name"] == "安*"
    given = public(client, "POST", f"{path}/mark", {"mark": 4})
    assert (given.status_code, given.json["mark"], given.json["may_comment"]) == (201, 4, True)
    said = public(client, "POST", f"{path}/comment", {"text": "王奶奶说好"})
    assert (said.status_code, "王奶奶" in said.text) == (201, False)


def test_one_code_for_one_record(api, record, bob):
    code = api(bob).post(f"/service-records/{record.id}/rating-code")
    assert (code.status_code, code.json["record_id"]) == (201, record.id)


def test_a_call_a_withdrawal_and_its_second(api, record, bob, dave):
    given = api(bob).post(f"/service-records/{record.id}/call", json={"mark": 5, "called": "王奶奶"})
    assert (given.status_code, given.json["way"], "王奶奶" in given.text) == (201, "call_back", False)
    asked = api(bob).post(f"/evaluations/{given.json['id']}/withdrawal", json={"reason": "slip"}).json
    assert api(dave).get("/evaluation-withdrawals").json["withdrawals"] == [asked]
    refused = api(bob).post(f"/evaluation-withdrawals/{asked['id']}/decision", json={"is_agreed": True})
    assert (refused.status_code, refused.json["code"]) == (403, "withdrawal_needs_second")
    done = api(dave).post(f"/evaluation-withdrawals/{asked['id']}/decision", json={"is_agreed": True})
    assert done.json["is_agreed"] is True


def test_a_member_reads_their_own(api, record, rate, bob, alice, charlie):
    rate(bob, record.service, 4, 5)
    mine = api(alice).get("/me/evaluations").json
    assert [(each["service_record_id"], each["marks"]) for each in mine["received"]] == [(record.id, None)]
    assert mine["means"]["leader"] == {"hundredths": None, "count": 0}
    assert api(charlie).get("/me/evaluations").json["received"] == []


def test_comments_are_read_and_decided(api, client, record, invite, bob):
    code = invite(record)
    public(client, "POST", f"/rating-codes/{code}/mark", {"mark": 4})
    public(client, "POST", f"/rating-codes/{code}/comment", {"text": "好"})
    [comment] = api(bob).get("/evaluation-comments").json["comments"]
    decided = api(bob).post(f"/evaluation-comments/{comment['evaluation_id']}/decision", json={"is_shown": True})
    assert decided.json["state"] == "shown"
    assert len(api(bob).get("/evaluation-comments?state=shown").json["comments"]) == 1


def test_an_auditor_reads_lists_and_rows(api, serve, rate, alice, carol, erin):
    rate(alice, serve(carol, leader=alice), 5, 5)
    rate(carol, serve(alice, leader=carol), 4, 5)
    lists = api(erin).get("/evaluations/fairness?year=2026").json
    assert [(each["one_id"], each["back"]["gave"]["count"]) for each in lists["mutual_pairs"]] == [(alice.id, 2)]
    rows = api(erin).get(f"/evaluations?year=2026&given_by_id={carol.id}&limit=1").json
    assert (len(rows["evaluations"]), rows["next"] is None) == (1, False)


BODIES = {
    "bulk": {"leader": 4},
    "call": {"mark": 5, "called": "王奶奶"},
    "reason": {"reason": "slip"},
}
# Method, path, body, then the status for: volunteer, clerk, someone of another community, auditor, admin.
CALLS = [
    ("GET", "/services/{service}/evaluations", None, 404, 404, 404, 404, 200),
    ("POST", "/services/{service}/evaluations", "bulk", 404, 404, 404, 404, 200),
    ("POST", "/services/{service}/rating-codes", None, 404, 404, 404, 404, 201),
    ("POST", "/service-records/{record}/rating-code", None, 404, 404, 404, 404, 201),
    ("POST", "/service-records/{record}/call", "call", 403, 403, 403, 403, 201),
    ("POST", "/evaluations/{mark}/withdrawal", "reason", 404, 404, 404, 404, 201),
    ("GET", "/evaluation-comments", None, 403, 403, 403, 403, 200),
    ("GET", "/evaluation-withdrawals", None, 403, 403, 403, 403, 200),
    ("GET", "/evaluations/fairness", None, 403, 403, 403, 200, 403),
    ("GET", "/evaluations", None, 403, 403, 403, 200, 403),
]


@pytest.mark.parametrize(("method", "path", "body", "volunteer", "clerk", "stranger", "auditor", "admin"), CALLS)
def test_the_api_lets_in_whom_it_should(
    method, path, body, volunteer, clerk, stranger, auditor, admin, api, client, serve, rate, record, alice, bob, carol, charlie,
    erin, dave,
):  # fmt: skip
    rate(bob, serve(alice), 4, None)
    mark = db.session.scalars(db.select(Evaluation)).one()
    path, sent = path.format(service=record.service_id, record=record.id, mark=mark.id), {"json": BODIES[body]} if body else {}
    assert client.open(f"/api/v1{path}", method=method, headers={"Idempotency-Key": "1"}, **sent).status_code == 401
    asked = [api(who).call(method, path, **sent).status_code for who in (alice, carol, charlie, erin, dave)]
    assert asked == [volunteer, clerk, stranger, auditor, admin]
