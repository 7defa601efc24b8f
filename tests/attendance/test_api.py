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
