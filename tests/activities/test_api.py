"""The main job by JSON, and what the API refuses."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bank.activities.models import Activity
from bank.people.models import Person
from bank.units.models import Unit

MINUTES = timedelta(minutes=1)
Api = Callable[[Person], Any]


@pytest.fixture
def at() -> datetime:
    """The API lives in the present."""
    return datetime.now(UTC) - 240 * MINUTES


@pytest.fixture
def asked(community: Unit) -> dict[str, Any]:
    """A publishable activity."""
    start = datetime.now(UTC) + timedelta(minutes=20)
    return {
        "name": "清扫楼道", "category": "environment", "place": "3 号楼", "content": "清扫", "capacity": 30,
        "unit_id": community.id, "starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=2)).isoformat(),
    }  # fmt: skip


def test_publish_scan_and_list(api: Api, bob: Person, alice: Person, asked: dict[str, Any]) -> None:
    published = api(bob).post("/activities", json=asked)
    assert published.status_code == 201, published.text
    path = f"/activities/{published.json['id']}"
    assert published.json["leader"] == "包*" and published.json["leader_id"] == bob.id
    shown = api(bob).get(f"{path}/code").json
    assert shown["url"].endswith(f"/a/{shown['code']}") and 1 <= shown["seconds_left"] <= 15
    came = api(alice).post(f"{path}/check-ins", json={"code": shown["code"]})
    assert (came.status_code, came.json["person_id"], came.json["checked_in_by"]) == (201, alice.id, "link")
    again = api(alice).post(f"{path}/check-ins", json={"code": shown["typed_code"]})
    assert (again.status_code, again.json["code"], again.json["final"]) == (409, "already_checked_in", True)
    left = api(alice).post(f"{path}/check-outs", json={"code": shown["typed_code"]})
    assert (left.status_code, left.json["checked_out_by"]) == (200, "typed")
    presences = api(bob).get(f"{path}/attendances").json["presences"]
    assert [(each["name"], each["state"], each["hours"]["minutes"]) for each in presences] == [("安丽", "out", 0)]
    assert [each["name"] for each in api(alice).get("/activities").json["activities"]] == ["清扫楼道"]


def test_confirmed_hours_are_in_my_records(
    api: Api, bob: Person, alice: Person, publish: Callable[..., Activity], attend: Callable[..., None], at: datetime
) -> None:
    activity = publish()
    attend(alice, activity, at, at + 71 * MINUTES)
    attend(bob, activity, at, at + 120 * MINUTES)
    done = api(bob).post(f"/activities/{activity.id}/confirmation")
    assert (done.status_code, done.json["record_count"], done.json["left_out_ids"]) == (200, 1, [bob.id])
    record = api(alice).get("/me/records").json["records"][0]
    assert (record["name"], record["minutes"], record["points"], record["cut_reasons"]) == ("清扫楼道", 0, 0, ["presence"])


def test_the_same_key_gives_the_same_bytes(api: Api, bob: Person, asked: dict[str, Any]) -> None:
    client = api(bob)
    first, second = (client.post("/activities", json=asked, key="one") for _ in range(2))
    assert (first.status_code, first.data) == (second.status_code, second.data) == (201, first.data)
    assert client.post("/activities", json=asked | {"name": "别的"}, key="one").json["code"] == "key_reused"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"category": "meeting"}, 400, "category_banned"),
        ({"category": "gardening"}, 400, "bad_request"),
        ({"capacity": 0}, 400, "bad_request"),
        ({"capacity": 5.7}, 400, "bad_request"),
        ({"capacity": True}, 400, "bad_request"),
        ({"capacity": 10**30}, 400, "bad_request"),
        ({"name": ""}, 400, "bad_request"),
        ({"starts_at": "2026-10-15T09:00:00"}, 400, "bad_request"),
        ({"starts_at": "2020-01-01T09:00:00Z"}, 400, "activity_in_past"),
        ({"ends_at": "2020-01-01T09:00:00Z"}, 400, "bad_activity"),
        ({"unit_id": 10**15}, 404, "unit_not_found"),
        ({"leader_card_number": "0000000000"}, 404, "person_not_found"),
        ({"points": 5}, 400, "bad_request"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    changes: dict[str, Any], status: int, code: str, api: Api, bob: Person, asked: dict[str, Any]
) -> None:
    refused = api(bob).post("/activities", json=asked | changes)
    assert (refused.status_code, refused.json["status"]) == (status, status), refused.text
    assert refused.json["code"] == code or (code == "bad_request" and refused.json["errors"])


@pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": 5}, {"code": "A" * 101}, {"code": "AAAAAA", "card_number": "1"}])
def test_a_scan_names_one_thing(body: dict[str, Any], api: Api, alice: Person, publish: Callable[..., Activity]) -> None:
    assert api(alice).post(f"/activities/{publish().id}/check-ins", json=body).status_code == 400


def test_who_may_not_is_refused(
    api: Api, alice: Person, charlie: Person, carol: Person, publish: Callable[..., Activity], asked: dict[str, Any]
) -> None:
    path = f"/activities/{publish().id}"
    for person in (alice, charlie, carol):
        client = api(person)
        assert client.post("/activities", json=asked).status_code == 403
        assert client.get(f"{path}/attendances").status_code == 403
        assert client.get(f"{path}/code").status_code == 403
        assert client.post(f"{path}/confirmation").status_code == 403
        assert client.post(f"{path}/cancellation", json={"reason": "下雨"}).status_code == 403
        assert client.post(f"{path}/check-ins", json={"card_number": alice.card_number}).status_code == 403


def test_lists_go_on_where_they_ended(api: Api, alice: Person, publish: Callable[..., Activity]) -> None:
    for number in range(3):
        publish(name=f"活动 {number}")
    client, seen, cursor = api(alice), [], None
    for _ in range(3):
        page = client.get("/activities", query_string={"when": "past", "limit": 1} | ({"cursor": cursor} if cursor else {})).json
        seen += [each["name"] for each in page["activities"]]
        cursor = page["next"]
    assert (seen, cursor) == (["活动 2", "活动 1", "活动 0"], None)
