"""The main job by JSON, and what the API refuses."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from bank.activities.models import Activity
from bank.attendance.models import Scan
from bank.db import db
from bank.people.models import Person
from bank.units.models import Unit
from tests.cases import cases

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
    scan = {"nonce": "alice-came", "kind": "in", "code": shown["code"]}
    came = api(alice).post("/check-ins", json=scan)
    assert (came.status_code, came.json["code"], came.json["person_id"], came.json["way"]) == (
        201,
        "checked_in",
        alice.id,
        "link",
    )
    again = api(alice).post("/check-ins", json=scan | {"nonce": "alice-again", "code": shown["typed_code"]})
    assert (again.status_code, again.json["code"], again.json["final"]) == (409, "already_checked_in", True)
    assert again.json["first_at"][:16] == came.json["counted_at"][:16]
    left = api(alice).post("/check-ins", json=scan | {"nonce": "alice-left", "kind": "out", "code": shown["typed_code"]})
    assert (left.status_code, left.json["code"], left.json["way"]) == (201, "checked_out", "typed")
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


@cases(
    "body",
    [
        {}, {"code": ""}, {"code": 5}, {"code": "A" * 101}, {"code": "AAAAAA", "card": "1"}, {"card": "1000000001"},
        {"code": "AAAAAA", "nonce": "short"}, {"code": "AAAAAA", "kind": "undo"}, {"code": "AAAAAA", "nonce": "空" * 8},
        {"code": "AAAAAA", "scanned_at": "2026-10-15T09:00:00"}, {"code": "AAAAAA", "activity_id": 10**30},
    ],
)  # fmt: skip
def test_what_is_no_scan_is_refused_and_not_written_down(body: dict[str, Any], api: Api, alice: Person) -> None:
    assert api(alice).post("/check-ins", json={"nonce": "a-nonce-of-mine", "kind": "in"} | body).status_code == 400
    assert db.session.scalar(select(Scan.id)) is None


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
        scan = {"nonce": f"{person.key}-1", "kind": "in", "activity_id": publish().id, "card": alice.card_number}
        assert client.post("/check-ins", json=scan).status_code == 403
        assert client.get(f"{path}/scans").status_code == client.get(f"{path}/scans/to-review").status_code == 403


def test_a_scan_takes_no_more_than_five_statements(
    api: Api, kind: str, bob: Person, alice: Person, publish: Callable[..., Activity]
) -> None:
    now, statements = datetime.now(UTC), []
    running = publish(starts_at=now - 5 * MINUTES, ends_at=now + 60 * MINUTES)
    table, scan = api(bob), {"card": alice.card_number, "activity_id": running.id}
    table.post("/check-ins", json=scan | {"nonce": "alice-came", "kind": "in"})
    event.listen(Engine, "before_cursor_execute", note := lambda *said: statements.append(said[2]))
    try:
        # Who asks, on PostgreSQL the activity's lock, all else; then the stay and the scan, or the scan as it was.
        for count in (5, 4) if kind == "postgresql" else (4, 3):
            statements.clear()
            assert table.post("/check-ins", json=scan | {"nonce": "alice-left", "kind": "out"}).json["code"] == "checked_out"
            assert len(statements) == count, statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_guessing_cards_is_slowed_down_and_good_scans_are_not(
    api: Api, bob: Person, alice: Person, publish: Callable[..., Activity]
) -> None:
    now = datetime.now(UTC)
    running = publish(starts_at=now - 5 * MINUTES, ends_at=now + 60 * MINUTES)
    table, scan = api(bob), {"kind": "in", "activity_id": running.id}
    good = scan | {"nonce": "alice-came", "card": alice.card_number}
    assert {table.post("/check-ins", json=good).status_code for _ in range(5)} == {201}
    guesses = [table.post("/check-ins", json=scan | {"nonce": f"guess-{each:03}", "card": "0" * 10}) for each in range(61)]
    assert [each.status_code for each in guesses] == [404] * 60 + [429] and guesses[-1].json["code"] == "too_many_requests"
