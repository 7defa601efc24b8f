"""What a device kept while it was away: nothing is lost, nothing is counted twice, and what is unclear waits for somebody."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bank.activities.models import Activity
from bank.attendance.models import Attendance, Scan
from bank.db import db, transaction
from bank.people.actions import enrol_all
from bank.people.models import Person
from bank.people.rules import NewPerson
from tests.cases import cases

MINUTES = timedelta(minutes=1)
PEOPLE = 40
Api = Callable[[Person], Any]


@pytest.fixture
def running(publish: Callable[..., Activity]) -> Activity:
    """An activity that began an hour ago."""
    now = datetime.now(UTC)
    return publish(starts_at=now - 60 * MINUTES, ends_at=now + 60 * MINUTES, capacity=2 * PEOPLE)


@pytest.fixture
def cards(dave: Person, running: Activity, at: datetime) -> list[str]:
    """Forty more people with their cards."""
    new = [NewPerson(name="储户", phone=f"137{number:08}", unit_id=dave.unit_id) for number in range(PEOPLE)]
    with transaction():
        ids = enrol_all(by=dave, new=new, at=at)
    return list(db.session.scalars(select(Person.card_number).where(Person.id.in_(ids)).order_by(Person.id)))


def kept(card: str, kind: str, activity: Activity, at: datetime) -> dict[str, Any]:
    scan = {"nonce": f"{card}-{kind}", "kind": kind, "card": card, "activity_id": activity.id}
    return scan | {"scanned_at": at.isoformat()}


CORRUPT: list[Any] = [
    None,
    7,
    "scan",
    [],
    {},
    {"nonce": "x"},
    {"nonce": "a\x00b" * 4},
    {"nonce": "no-kind-here", "card": "1" * 10},
]


def test_shuffled_doubled_and_corrupt_scans_are_each_answered_once(
    api: Api, bob: Person, running: Activity, cards: list[str]
) -> None:
    now, chance = datetime.now(UTC), random.Random(5)
    came = [kept(each, "in", running, now - 50 * MINUTES) for each in cards]
    left = [kept(each, "out", running, now - 5 * MINUTES) for each in cards]
    sent = came + left + chance.sample(came + left, PEOPLE // 5) + CORRUPT
    chance.shuffle(sent)
    batch = {"scans": sent, "sent_at": now.isoformat(), "device": "a phone"}
    first = api(bob).post("/check-ins/batches", json=batch)
    answers = first.json["answers"]
    assert first.status_code == 200 and all(each["final"] for each in answers)
    assert [each["nonce"] for each in answers] == [each.get("nonce") if isinstance(each, dict) else None for each in sent]
    assert Counter(each["code"] for each in answers) == {
        "checked_in": sum(each in came for each in sent), "checked_out": sum(each in left for each in sent),
        "scan_malformed": len(CORRUPT),
    }  # fmt: skip
    counts = db.session.execute(select(func.count(), func.count(Attendance.checked_out_at))).one()
    assert tuple(counts) == (PEOPLE, PEOPLE)
    again = api(bob).post("/check-ins/batches", json=batch)
    assert again.data == first.data
    assert db.session.scalar(select(func.count(Scan.id))) == 2 * PEOPLE


def test_both_times_are_kept_and_a_wrong_clock_waits(api: Api, bob: Person, running: Activity, charlie: Person) -> None:
    now, ahead = datetime.now(UTC), 20 * MINUTES
    scan = kept(charlie.card_number, "in", running, now + ahead - 5 * MINUTES)
    batch = {"scans": [scan], "sent_at": (now + ahead).isoformat()}
    [answer] = api(bob).post("/check-ins/batches", json=batch).json["answers"]
    assert (answer["code"], answer["status"], answer["look"], answer["accepted"]) == ("to_review", 202, "clock", True)
    assert answer["scanned_at"] > answer["received_at"] > answer["counted_at"]
    [waiting] = api(bob).get(f"/activities/{running.id}/scans/to-review").json["scans"]
    decided = api(bob).post(f"/scans/{waiting['id']}/review", json={"is_accepted": True})
    assert (decided.status_code, decided.json["is_accepted"]) == (201, True)
    assert db.session.scalar(select(func.count(Attendance.id))) == 1


def test_a_check_out_that_arrives_without_its_check_in_waits(
    api: Api, bob: Person, running: Activity, charlie: Person
) -> None:  # fmt: skip
    scan = kept(charlie.card_number, "out", running, datetime.now(UTC) - 30 * MINUTES)
    [answer] = api(bob).post("/check-ins/batches", json={"scans": [scan]}).json["answers"]
    assert (answer["code"], answer["look"]) == ("to_review", "conflict")


def test_only_who_organises_sends_a_batch_and_what_waits_for_a_role_may_come_again(
    api: Api, alice: Person, bob: Person, dave: Person, running: Activity, other_community: Any, publish: Any, charlie: Person
) -> None:
    scan = kept(charlie.card_number, "in", running, datetime.now(UTC) - MINUTES)
    assert api(alice).post("/check-ins/batches", json={"scans": [scan]}).status_code == 403
    running.unit_id = other_community.id
    db.session.commit()
    [answer] = api(bob).post("/check-ins/batches", json={"scans": [scan]}).json["answers"]
    assert (answer["code"], answer["final"]) == ("role_missing", False)
    [answer] = api(dave).post("/check-ins/batches", json={"scans": [scan]}).json["answers"]
    assert answer["code"] == "checked_in"


@cases("body", [{}, {"scans": []}, {"scans": [{}] * 501}, {"scans": "all"}])
def test_what_is_no_batch_is_refused_whole(body: dict[str, Any], api: Api, bob: Person) -> None:
    assert api(bob).post("/check-ins/batches", json=body).status_code == 400
