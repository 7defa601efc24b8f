"""Publishing by JSON, and what the API refuses."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bank.activities.models import Activity
from bank.people.models import Person
from bank.units.models import Unit
from tests.cases import cases

Api = Callable[[Person], Any]


@pytest.fixture
def asked(community: Unit) -> dict[str, Any]:
    """A publishable activity."""
    start = datetime.now(UTC) + timedelta(minutes=20)
    return {
        "name": "清扫楼道", "category": "environment", "place": "3 号楼", "content": "清扫", "capacity": 30,
        "unit_id": community.id, "starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=2)).isoformat(),
    }  # fmt: skip


def test_the_same_key_gives_the_same_bytes(api: Api, bob: Person, asked: dict[str, Any]) -> None:
    client = api(bob)
    first, second = (client.post("/activities", json=asked, key="one") for _ in range(2))
    assert (first.status_code, first.data) == (second.status_code, second.data) == (201, first.data)
    assert client.post("/activities", json=asked | {"name": "别的"}, key="one").json["code"] == "key_reused"


@cases(
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


def test_lists_go_on_where_they_ended(api: Api, alice: Person, publish: Callable[..., Activity]) -> None:
    for number in range(3):
        publish(name=f"活动 {number}")
    client, seen, cursor = api(alice), [], None
    for _ in range(3):
        page = client.get("/activities", query_string={"when": "past", "limit": 1} | ({"cursor": cursor} if cursor else {})).json
        seen += [each["name"] for each in page["activities"]]
        cursor = page["next"]
    assert (seen, cursor) == (["活动 2", "活动 1", "活动 0"], None)
