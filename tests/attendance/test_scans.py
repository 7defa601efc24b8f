"""One contract for scans: each is written down with its answer, and a nonce has one answer for ever."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from bank.access.member_code import member_code
from bank.activities.models import Activity
from bank.attendance import queries, rules, scans, schemas, ticket
from bank.attendance.models import Scan
from bank.attendance.rules import Gate, NewScan
from bank.db import db, transaction
from bank.people.models import Person
from bank.people.rules import RoleMissing
from bank.web.messages import MESSAGES, explain
from bank.web.scan_answers import body
from tests.attendance.scanning import code, take

MINUTES, SECONDS = timedelta(minutes=1), timedelta(seconds=1)
Api = Callable[[Person], Any]


def scan_count() -> int:
    return db.session.execute(select(func.count(Scan.id))).scalar_one()


def test_a_nonce_has_one_answer_also_when_the_activity_is_long_over(alice: Person, sweeping: Activity, at: datetime) -> None:
    scan = {"nonce": "alice-came", "code": code(sweeping, at)}
    first = body(take(alice, at, **scan))
    assert first["code"] == "checked_in"
    assert [body(take(alice, at + hours * 60 * MINUTES, **scan)) for hours in range(1, 21)] == [first] * 20
    assert scan_count() == 1


def test_a_refusal_is_written_down_and_keeps_its_answer_too(alice: Person, sweeping: Activity, at: datetime) -> None:
    early = at - 60 * MINUTES
    scan = {"nonce": "too-early", "code": code(sweeping, early)}
    refused = take(alice, early, **scan)
    assert (refused.answer, refused.person_id, refused.activity_id) == ("check_in_not_open", alice.id, sweeping.id)
    assert body(take(alice, at, **scan)) == body(refused) and body(refused)["status"] == 409


def test_another_scan_under_the_same_nonce_is_refused(alice: Person, bob: Person, sweeping: Activity, at: datetime) -> None:
    take(alice, at, nonce="one-nonce", code=code(sweeping, at))
    for by, changes in ((alice, {"kind": "out"}), (bob, {})):
        with pytest.raises(rules.NonceReused):
            take(by, at, **{"nonce": "one-nonce", "code": code(sweeping, at)} | changes)


def test_the_same_scan_sent_at_once_is_written_once(app: Flask, alice: Person, sweeping: Activity, at: datetime) -> None:
    person_id, good = alice.id, code(sweeping, at)
    db.session.rollback()

    def send(_: int) -> tuple[int, str]:
        with app.app_context():
            taken = take(db.session.get_one(Person, person_id), at, nonce="sent-at-once", code=good)
            return taken.id, taken.answer

    with ThreadPoolExecutor(max_workers=8) as threads:
        assert len(set(threads.map(send, range(16)))) == scan_count() == 1


def test_of_a_code_that_is_nobodys_only_a_hash_is_kept(alice: Person, bob: Person, sweeping: Activity, at: datetime) -> None:
    for by, scan in ((alice, {"code": "AAAAAAAAAAAA"}), (bob, {"card": "9999999999", "activity_id": sweeping.id})):
        refused = take(by, at, **scan)
        assert refused.answer in {"code_unknown", "person_not_found"} and refused.code_hash is not None
        assert not {"AAAAAAAAAAAA", "9999999999"} & {str(value) for value in vars(refused).values()}


def test_a_scan_cannot_be_changed_in_the_database(alice: Person, sweeping: Activity, at: datetime) -> None:
    scan_id = take(alice, at, code=code(sweeping, at)).id
    with pytest.raises(DBAPIError), transaction():
        db.session.execute(update(Scan).where(Scan.id == scan_id).values(answer="code_unknown"))


def test_a_printed_code_counts_and_is_marked_as_such(bob: Person, alice: Person, sweeping: Activity, at: datetime) -> None:
    printed = queries.static_code_for(by=bob, activity_id=sweeping.id)
    kept = ticket.right(sweeping.id, sweeping.key, secret=queries.secret(), scan=ticket.Scan(at, "static"))
    assert take(alice, at, code=printed).way == "static"
    assert queries.attendances_of(person_id=alice.id, activity_id=sweeping.id)[0].checked_in_by == "static"
    assert take(bob, at + MINUTES, code=kept).counted_at == at
    assert take(alice, at + 300 * MINUTES, kind="out", code=printed).answer == "check_in_closed"


@pytest.mark.parametrize(("age", "answer"), [(0, "checked_in"), (19, "checked_in"), (21, "member_code_expired")])
def test_the_code_on_a_members_phone_is_good_for_seconds(
    age: int, answer: str, bob: Person, charlie: Person, sweeping: Activity, at: datetime
) -> None:
    shown = member_code(charlie, at=at)
    assert take(bob, at + age * SECONDS, card=shown, activity_id=sweeping.id).answer == answer


def test_two_accounts_on_one_phone_are_flagged_within_ten_minutes(
    alice: Person, bob: Person, charlie: Person, sweeping: Activity, at: datetime
) -> None:
    phone = Gate(browser_hash="a phone")
    for who, minutes, look in ((alice, 0, None), (charlie, 9, "same_device"), (bob, 20, None)):
        moment = at + minutes * MINUTES
        taken = take(who, moment, code=code(sweeping, moment), gate=phone)
        assert (taken.answer, taken.look) == ("checked_in", look)
    assert [each.person_id for each in scans.to_look_at(by=bob, activity_id=sweeping.id)] == [charlie.id]


def test_by_hand_needs_a_reason_and_a_place(
    bob: Person, alice: Person, charlie: Person, sweeping: Activity, at: datetime
) -> None:
    take(alice, at, code=code(sweeping, at))
    by_hand = {"activity_id": sweeping.id, "kind": "out"}
    with pytest.raises(rules.ScanReasonMissing):
        take(bob, at + MINUTES, person_id=alice.id, **by_hand)
    taken = take(bob, at + MINUTES, person_id=alice.id, reason="手机没电", **by_hand)
    assert (taken.answer, taken.way, taken.reason) == ("checked_out", "list", "手机没电")
    assert take(bob, at, person_id=charlie.id, reason="在场", **by_hand).answer == "person_not_found"
    with pytest.raises(RoleMissing):
        take(alice, at, person_id=bob.id, reason="在场", **by_hand)


def test_the_list_of_answers_is_closed_and_says_what_to_do(app: Flask) -> None:
    with app.test_request_context():
        for each in schemas.ANSWERS:
            assert each in MESSAGES
            for language in ("zh_Hans_CN", "en"):
                with force_locale(language):
                    words = explain([each], {})
                assert words.sentence and words.next and words.is_final


def test_the_same_bytes_whatever_the_language(api: Api, alice: Person, publish: Callable[..., Activity]) -> None:
    now = datetime.now(UTC)
    running = publish(starts_at=now - 5 * MINUTES, ends_at=now + 60 * MINUTES)
    phone = api(alice)
    for nonce, status in (("first-of-all", 201), ("and-once-more", 409)):
        scan = {"nonce": nonce, "kind": "in", "code": code(running, now), "device": "alice's phone"}
        first, again = (phone.post("/check-ins", json=scan, headers={"Accept-Language": each}) for each in ("zh", "en"))
        assert (first.status_code, first.data, first.content_type) == (status, again.data, again.content_type)
        assert first.json["status"] == again.status_code == status
        assert first.json["detail"] != first.json["detail_en"] and first.json["final"] is True
    assert first.json["first_at"] is not None


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("1000000012", "1000000012"), (" 1000 000-012\n", "1000000012"), ("１００００００００１２"[:10], "1000000001"),
        ("https://bank.example/door/m/100000001212345678", "100000001212345678"), ("12345", ""), ("签到", ""), ("1" * 200, ""),
    ],
)  # fmt: skip
def test_digits_are_found_however_a_gun_or_a_link_brings_them(text: str, digits: str) -> None:
    assert rules.scanned_digits(text) == digits


@pytest.mark.parametrize(
    ("scanned", "sent", "counted", "is_wrong"),
    [
        (-30, 0, -30, False), (-30, 9, -39, False), (-30, -9, -21, False), (-30, 11, -41, True), (-30, -11, -19, True),
        (5, None, 0, False), (11, None, 0, True), (30, 0, 0, True), (None, None, 0, False),
    ],
)  # fmt: skip
def test_the_servers_clock_counts(scanned: int | None, sent: int | None, counted: int, is_wrong: bool, at: datetime) -> None:
    times = [None if each is None else at + each * MINUTES for each in (scanned, sent)]
    scan = NewScan(nonce="a nonce", kind="in", card="1", scanned_at=times[0], sent_at=times[1])
    assert rules.counted_at(scan, received_at=at) == at + counted * MINUTES
    assert rules.is_clock_wrong(scan, received_at=at) is is_wrong
