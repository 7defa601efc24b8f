"""An activity's life by JSON: drafted, repeated, changed and called off with words; places, waiting list, team and walk-in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bank.activities.models import Activity
from bank.db import transaction
from bank.people import belonging, organisation
from bank.people.models import Person
from bank.units.models import Unit

Api = Callable[[Person], Any]
DAYS, HOURS, MINUTES = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def at() -> datetime:
    """The API lives in the present: what is published here begins in a quarter of an hour, and check-in is open."""
    return datetime.now(UTC).replace(second=0, microsecond=0) + 15 * MINUTES


@pytest.fixture
def plan(community: Unit, at: datetime) -> dict[str, Any]:
    """Two hours in three days."""
    start = at + 3 * DAYS
    return {
        "name": "周六清扫", "category": "environment", "place": "3 号楼", "content": "清扫三号楼的楼道", "capacity": 30,
        "unit_id": community.id, "starts_at": start.isoformat(), "ends_at": (start + 2 * HOURS).isoformat(),
    }  # fmt: skip


def told(client: Any) -> list[tuple[str, str]]:
    """What somebody was told, the newest first."""
    return [(each["kind"], each["body"]) for each in client.get("/me/notices").json["notices"]]


def test_a_plan_is_drafted_repeated_changed_and_called_off_with_words(
    api: Api, bob: Person, alice: Person, charlie: Person, plan: dict[str, Any], at: datetime
) -> None:
    desk, phone, stranger = api(bob), api(alice), api(charlie)
    draft = desk.post("/activity-drafts", json={"unit_id": plan["unit_id"], "name": "周六"}).json
    kept = desk.put(f"/activity-drafts/{draft['id']}", json={"unit_id": plan["unit_id"], "name": "周六清扫"}).json
    assert (kept["id"], kept["content"]["name"], stranger.get("/activity-drafts").status_code) == (draft["id"], "周六清扫", 403)

    repeated = plan | {"until_on": f"{at + 18 * DAYS:%Y-%m-%d}", "every_weeks": 1}
    made = desk.post("/activities/series", json=repeated, key="series")
    first, second, third = made.json["activities"]
    assert made.data == desk.post("/activities/series", json=repeated, key="series").data
    assert {each["series_id"] for each in (first, second, third)} == {first["series_id"]} != {None}
    assert desk.delete(f"/activity-drafts/{draft['id']}").status_code == 204 and desk.get("/activity-drafts").json["drafts"] == []

    for each in (second, third):
        assert phone.post(f"/activities/{each['id']}/joins", json={}).json["state"] == "joined"
    new = plan | {"starts_at": second["starts_at"], "ends_at": second["ends_at"], "place": "西门", "is_following": True}
    assert stranger.put(f"/activities/{second['id']}", json=new).status_code == 403
    changed = desk.put(f"/activities/{second['id']}", json=new).json["activities"]
    assert [(each["id"], each["place"]) for each in changed] == [(second["id"], "西门"), (third["id"], "西门")]

    off = {"reason": "下大雨，改期再说", "is_following": True}
    assert stranger.post(f"/activities/{second['id']}/cancellation", json=off).status_code == 403
    assert desk.post(f"/activities/{second['id']}/cancellation", json=off | {"reason": " "}).status_code == 400
    assert desk.post(f"/activities/{second['id']}/cancellation", json=off).json["state"] == "cancelled"
    assert [kind for kind, _ in told(phone)] == ["activity_cancelled"] * 2 + ["activity_changed"] * 2
    assert all("下大雨" in body for _, body in told(phone)[:2])
    assert phone.get("/me/joins").json["joins"] == [] and told(stranger) == []
    week = phone.get("/activities/calendar", query_string={"since": f"{at:%Y-%m-%d}", "days": 30}).json["activities"]
    assert [each["state"] for each in week] == ["published", "cancelled", "cancelled"]
    assert stranger.post(f"/activities/{second['id']}/joins", json={}).json["code"] == "over_already"


def test_places_are_given_and_given_up_and_whoever_waits_moves_up(
    api: Api, bob: Person, alice: Person, charlie: Person, carol: Person, publish: Callable[..., Activity]
) -> None:
    joins = f"/activities/{publish(capacity=1).id}/joins"
    desk, phone, other = api(bob), api(alice), api(charlie)
    mine = phone.post(joins, json={}).json
    assert (mine["state"], mine["id"]) == ("joined", phone.post(joins, json={}).json["id"])
    assert other.post(joins, json={}).json["state"] == "waiting"
    assert desk.post(f"{joins}/members", json={"card_number": carol.card_number}).json["way"] == "organizer"
    assert desk.post(f"{joins}/members", json={"card_number": "0000000000"}).status_code == 404
    assert other.post(joins, json={"person_id": alice.id}).status_code == other.get(joins).status_code == 403

    assert phone.post(f"{joins[:-6]}/leave", json={}).status_code == 204
    assert [each["state"] for each in other.get("/me/joins").json["joins"]] == ["joined"]
    assert [kind for kind, _ in told(other)] == ["activity_place_free"]
    assert desk.delete(f"{joins}/{charlie.id}").status_code == 204
    assert [(each["person_id"], each["state"]) for each in desk.get(joins).json["joins"]] == [(carol.id, "joined")]
    assert [kind for kind, _ in told(other)] == ["activity_left", "activity_place_free"]


def test_a_team_comes_together_and_who_walks_in_is_taken_while_there_is_a_place(
    api: Api, bob: Person, alice: Person, charlie: Person, dave: Person, carol: Person, community: Unit, sweeping: Activity,
    publish: Callable[..., Activity],
) -> None:  # fmt: skip
    with transaction():
        team = organisation.add_unit(by=dave, name="红马甲队", kind="team", parent_id=community.id, at=datetime.now(UTC))
        belonging.join_team(by=dave, person_id=alice.id, unit_id=team.id, at=datetime.now(UTC))
    desk, joins = api(bob), f"/activities/{sweeping.id}/joins"
    brought = {"team_id": team.id, "person_ids": [alice.id]}
    assert desk.post(f"{joins}/teams", json=brought | {"person_ids": [charlie.id]}).json["code"] == "not_of_team"
    assert [each["team_id"] for each in desk.post(f"{joins}/teams", json=brought).json["joins"]] == [team.id]
    assert api(charlie).post(f"{joins}/teams", json=brought).status_code == 403

    def scan(who: Person, where: Activity) -> Any:
        card = {"nonce": f"nonce-{who.id}-{where.id}", "kind": "in", "activity_id": where.id, "card": who.card_number}
        return desk.post("/check-ins", json=card).json

    one_place = publish(capacity=1)
    assert [scan(each, one_place)["code"] for each in (charlie, carol)] == ["checked_in", "activity_full"]
    [walk_in] = desk.get(f"/activities/{one_place.id}/joins").json["joins"]
    assert (walk_in["person_id"], walk_in["way"], walk_in["state"]) == (charlie.id, "walk_in", "joined")
