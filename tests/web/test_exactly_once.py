"""What is sent by HTTP fifty times at once under one key is done once, and everybody hears the same bytes."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from bank import clock
from bank.activities import actions as activities
from bank.activities.rules import NewActivity
from bank.db import db, transaction
from bank.ledger.audit import differences
from bank.ledger.models import JournalEntry
from bank.people.models import Person
from bank.rewards import actions as rewards
from bank.rewards.models import StockMovement
from bank.rewards.rules import NewReward
from tests.attendance.scanning import check_in, check_out, code

AT_ONCE = 50
HOUR = timedelta(hours=1)


@pytest.fixture
def at_once(app: Flask) -> Callable[..., tuple[int, bytes, Any]]:
    """The one answer that all fifty senders get."""

    def run(who: Any, path: str, body: dict[str, Any]) -> tuple[int, bytes, Any]:
        def one(_: int) -> tuple[int, bytes, Any]:
            with app.app_context():
                answer = app.test_client().post(f"/api/v1{path}", json=body, headers=who.headers | {"Idempotency-Key": "once"})
                return answer.status_code, answer.data, answer.headers["Content-Type"]

        with ThreadPoolExecutor(AT_ONCE) as threads:
            answers = set(threads.map(one, range(AT_ONCE)))
        db.session.rollback()
        assert len(answers) == 1
        return answers.pop()

    return run


@pytest.fixture
def done(alice: Person, bob: Person) -> list[int]:
    """Two activities of an hour that alice attended and nobody has confirmed."""
    starts = [clock.now() - days * timedelta(days=1) for days in (2, 1)]
    return [_attended(alice, bob, each) for each in starts]


@pytest.fixture
def soap(dave: Person, carol: Person) -> int:
    """A reward of a tenth of a point, and ten pieces of it."""
    new = NewReward(unit_id=carol.unit_id, kind="goods", name="肥皂", points=10, stock=10, monthly_limit=None)
    with transaction():
        return rewards.add_reward(by=dave, new=new, at=clock.now()).id


def test_fifty_confirmations_deposit_once(at_once: Any, api: Any, bob: Person, done: list[int]) -> None:
    organizer = api(bob)
    status, _, _ = at_once(organizer, f"/activities/{done[0]}/confirmation", {})
    assert (status, _kinds()) == (200, {"deposit": 1})
    other = organizer.post(f"/activities/{done[1]}/confirmation", key="once", json={})
    assert (other.status_code, other.json["code"], _kinds()) == (409, "key_reused", {"deposit": 1})


def test_fifty_redemptions_under_one_key_hand_over_once(
    at_once: Any, api: Any, alice: Person, bob: Person, carol: Person, done: list[int], soap: int
) -> None:
    api(bob).post(f"/activities/{done[0]}/confirmation", json={})
    clerk = api(carol)
    wanted = {"person_id": alice.id, "reward_id": soap, "quantity": 1, "checked": "身份证"}
    assert at_once(clerk, "/redemptions", wanted)[0] == 201
    other = clerk.post("/redemptions", key="once", json=wanted | {"quantity": 2})
    assert (other.json["code"], _kinds(), _pieces()) == ("key_reused", {"deposit": 1, "redeem": 1}, (9, 0))


def test_fifty_times_undone_gives_points_and_pieces_back_once(
    at_once: Any, api: Any, alice: Person, bob: Person, carol: Person, done: list[int], soap: int
) -> None:
    api(bob).post(f"/activities/{done[0]}/confirmation", json={})
    clerk = api(carol)
    wanted = {"person_id": alice.id, "reward_id": soap, "quantity": 1, "checked": "身份证"}
    path = f"/redemptions/{clerk.post('/redemptions', json=wanted).json['id']}/undo"
    assert at_once(clerk, path, {"reason": "拿错了"})[0] == 200
    assert clerk.post(path, key="once", json={"reason": "别的"}).json["code"] == "key_reused"
    assert (_kinds(), _pieces()) == ({"deposit": 1, "redeem": 1, "reversal": 1}, (10, 0))


@pytest.mark.parametrize(("end", "kind_of_end", "pieces"), [("fetch", "hand_over", (9, 0)), ("cancel", "release", (10, 0))])
def test_a_reservation_and_its_end_happen_once_each(
    at_once: Any, api: Any, alice: Person, bob: Person, carol: Person, done: list[int], soap: int,
    end: str, kind_of_end: str, pieces: tuple[int, int],
) -> None:  # fmt: skip
    api(bob).post(f"/activities/{done[0]}/confirmation", json={})
    member, clerk = api(alice), api(carol)
    status, body, _ = at_once(member, "/reservations", {"reward_id": soap, "quantity": 1})
    assert (status, _kinds(), _pieces()) == (201, {"deposit": 1, "reserve": 1}, (9, 1))
    hold = json.loads(body)
    if end == "fetch":
        assert at_once(clerk, "/pick-ups", {"code": hold["pickup_code"]})[0] == 200
    else:
        member = api(alice)
        answers = {member.post(f"/redemptions/{hold['id']}/cancellation", key="end", json={"reason": "不要"}).data for _ in "12"}
        assert len(answers) == 1
    assert (_kinds(), _pieces()) == ({"deposit": 1, "reserve": 1, kind_of_end: 1}, pieces)


def _attended(alice: Person, bob: Person, starts_at: Any) -> int:
    new = NewActivity(
        name="清扫楼道", category="environment", place="3 号楼", content="清扫三号楼的楼道", starts_at=starts_at,
        ends_at=starts_at + HOUR, capacity=30, unit_id=alice.unit_id, leader_id=bob.id,
    )  # fmt: skip
    with transaction():
        activity = activities.publish(by=bob, new=new, at=starts_at - HOUR)
    check_in(alice, activity, code(activity, starts_at), starts_at)
    check_out(alice, activity, code(activity, starts_at + HOUR), starts_at + HOUR)
    return activity.id


def _kinds() -> dict[str, int]:
    """How many entries of each kind there are; the books are right as well."""
    db.session.rollback()
    assert list(differences()) == []
    return dict(db.session.execute(select(JournalEntry.kind, func.count()).group_by(JournalEntry.kind)).all())


def _pieces() -> tuple[int, int]:
    """What lies there freely, and what is put aside."""
    free, held = db.session.execute(select(func.sum(StockMovement.free), func.sum(StockMovement.held))).one()
    return free, held
