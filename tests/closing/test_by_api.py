"""After an activity by JSON: confirmed by another, supplemented by two, on show, and objected to, also for a child."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bank.activities.models import Activity
from bank.attendance.models import Attendance
from bank.db import insert_all, transaction
from bank.ledger.queries import balance, trial_balance
from bank.people.models import Person

Api = Callable[[Person], Any]
HOURS = timedelta(hours=1)


@pytest.fixture
def at() -> datetime:
    """The API lives in the present: the activity began five hours ago."""
    return datetime.now(UTC) - 5 * HOURS


@pytest.fixture
def came(alice: Person, child: Person, bob: Person, sweeping: Activity, at: datetime) -> None:
    """Alice, the child and bob came and went."""
    stay = {"activity_id": sweeping.id, "pair": 1, "checked_in_at": at, "checked_in_by": "link"}
    with transaction():
        gone = {"checked_out_at": at + 2 * HOURS, "checked_out_by": "link"}
        insert_all(Attendance, [stay | gone | {"person_id": each.id} for each in (alice, child, bob)])


@pytest.mark.usefixtures("came")
def test_a_guardian_says_that_this_was_not_the_child_and_another_decides(
    api: Api, bob: Person, alice: Person, charlie: Person, carol: Person, dave: Person, child: Person, sweeping: Activity
) -> None:
    desk, mother, stranger = api(bob), api(alice), api(charlie)
    done = desk.post(f"/activities/{sweeping.id}/confirmation", key="once")
    assert (done.json["record_count"], done.json["left_out_ids"]) == (2, [bob.id])
    assert done.data == desk.post(f"/activities/{sweeping.id}/confirmation", key="once").data

    assert child.id in [each["id"] for each in mother.get(f"/persons/{alice.id}/household").json["persons"]]
    [record] = mother.get("/me/records", query_string={"person_id": child.id}).json["records"]
    no = f"/me/records/{record['id']}/objection"
    for other in (stranger, api(carol), desk):
        assert other.get("/me/records", query_string={"person_id": child.id}).json["code"] == "no_such_hours"
        assert other.post(no, json={}).json["code"] == "no_such_hours"
    raised = mother.post(no, json={"words": "他那天在外婆家"}).json
    assert (raised["person_id"], raised["raised_by_id"], raised["held_points"]) == (child.id, alice.id, 200)
    assert mother.post(no, json={}).json["id"] == raised["id"]
    assert balance(child.points_account_id) == 0 and balance(alice.points_account_id) == 200

    answer, said = f"/objections/{raised['id']}/answer", {"is_taken_back": True, "words": "签到表上不是他"}
    assert stranger.post(answer, json=said).status_code == 403
    assert desk.post(answer, json=said).json["code"] == "another_answers"
    assert api(dave).post(answer, json=said).json["state"] == "taken_back"
    [heard] = mother.get("/me/objections").json["objections"]
    assert (heard["answer"], stranger.get("/me/objections").json["objections"]) == ("签到表上不是他", [])
    for who, api_of in ((alice, mother), (child, api(child))):
        assert "objection_answered" in [each["kind"] for each in api_of.get("/me/notices").json["notices"]], who.name
    assert balance(child.points_account_id) == 0 and set(trial_balance().values()) == {0}


@pytest.mark.usefixtures("came", "three_days")
def test_hours_on_show_name_nobody_without_consent_and_an_objection_keeps_one_back(
    api: Api, bob: Person, alice: Person, charlie: Person, child: Person, dave: Person, sweeping: Activity
) -> None:
    mother = api(alice)
    assert api(bob).post(f"/activities/{sweeping.id}/confirmation").json["shown_until"] is not None
    [shown] = mother.get("/publicity").json["shown"]
    assert (shown["lines"], shown["unnamed_count"]) == ([], 2)
    [part] = mother.get("/me/shown-hours", query_string={"person_id": child.id}).json["parts"]
    no = f"/me/shown-hours/{part['id']}/objection"
    assert api(charlie).post(no, json={}).status_code == 404
    raised = mother.post(no, json={}).json
    assert (raised["part_id"], raised["state"]) == (part["id"], "open")
    [listed] = api(dave).get("/objections").json["objections"]
    assert listed["id"] == raised["id"] and api(charlie).get("/objections").status_code == 403


def test_time_without_scans_is_asked_by_one_and_agreed_to_by_another_and_the_volunteer_is_told(
    api: Api, bob: Person, second: Person, alice: Person, charlie: Person, sweeping: Activity
) -> None:
    desk, asked = api(bob), {"card_numbers": [alice.card_number], "reason": "手机没电"}
    path = f"/activities/{sweeping.id}/supplements"
    assert api(charlie).post(path, json=asked).status_code == 403
    assert desk.post(path, json=asked | {"card_numbers": ["0000000000"]}).status_code == 404
    assert desk.post(path, json=asked | {"card_numbers": [bob.card_number]}).json["code"] == "not_for_yourself"
    [new] = desk.post(path, json=asked).json["supplements"]
    decision = {"supplement_ids": [new["id"]], "is_agreed": True}
    assert desk.post("/supplements/decisions", json=decision).json["code"] == "another_agrees"
    assert api(second).post("/supplements/decisions", json=decision).json["supplements"][0]["state"] == "agreed"
    assert [each["kind"] for each in api(alice).get("/me/notices").json["notices"]] == ["supplement_agreed"]
    [record] = api(alice).get("/me/records").json["records"]
    assert (record["minutes"], record["points"], record["evidence"]) == (120, 0, "supplemented")
    assert desk.get("/supplements", query_string={"state": "agreed"}).json["supplements"][0]["id"] == new["id"]
    assert desk.get("/lateness").json == {"late": []}
