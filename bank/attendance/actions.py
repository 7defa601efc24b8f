"""Everything that scans change. An action flushes and never commits; the face that calls it does.

`take` answers every scan and writes it down, refused or not; a nonce that came before gets its first answer again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from bank.access.member_code import CARD_DIGITS, SLOT_MARGIN, SLOT_SECONDS, is_good, is_member_code
from bank.access.queries import keyed_hash
from bank.activities.actions import locked
from bank.activities.models import Activity
from bank.activities.queries import may_organize, require_organizer
from bank.activities.rules import ActivityNotFound
from bank.attendance import queries, rules, scans, stays
from bank.attendance import ticket as tickets
from bank.attendance.known import NOBODY, Comer, Held, Known, Written, hold, known, write, written
from bank.attendance.models import Scan, ScanReview
from bank.attendance.rules import Gate, NewScan, Sender
from bank.db import current_connection, db, random_key
from bank.errors import BankError
from bank.people.models import Person
from bank.people.queries import has_role
from bank.people.rules import PersonNotFound, RoleMissing


@dataclass
class _Taken:
    """What is known of a scan by and by, until it is written down."""

    counted_at: datetime
    held: Held | None = None
    comer: Comer | None = None
    way: str | None = None
    answer: str = ""
    look: str | None = None
    details: dict[str, object] = field(default_factory=dict)


def take(*, by: Sender, scan: NewScan, gate: Gate, at: datetime) -> Written:
    """Answer a scan and write it down; `answer` is one of `rules.ACCEPTED` or the code of one of `rules.REFUSED`.

    What a device sends late and could not have known waits for review instead of being refused. Raises only what is not
    written down: RoleMissing, NonceReused, ScanReasonMissing.
    """
    connection = current_connection()
    activity_id = scan.activity_id or queries.activity_id_of(scan.code or "", at=at) or NOBODY
    hold(connection, activity_id)
    facts = _facts(connection, activity_id, by=by, scan=scan, at=at)
    mark = _mark(by, scan)
    if facts.before_id is not None:
        before = written(connection, facts.before_id)
        _check_same(before.fingerprint, mark)
        return before
    reason = rules.clean_reason(scan.reason)
    if scan.person_id is not None and reason is None:
        raise rules.ScanReasonMissing()
    taken = _Taken(counted_at=rules.counted_at(scan, received_at=at), held=facts.held)
    try:
        _recognise(taken, facts, by=by, scan=scan, at=at)
        _count(taken, facts, by=by, scan=scan, gate=gate, at=at)
    except rules.REFUSED as refusal:
        taken.answer, taken.details = refusal.code, refusal.details
    return _write(taken, by=by, scan=scan, gate=gate, mark=mark, reason=reason, at=at)


def take_all(*, by: Sender, scans: Sequence[NewScan], gate: Gate, at: datetime) -> list[Written | BankError]:
    """Answer many scans, in the order in which they were made; the answers come in the order given.

    What `take` would raise is the answer to that scan alone.
    """
    answers: dict[int, Written | BankError] = {}
    for number in sorted(range(len(scans)), key=lambda each: rules.counted_at(scans[each], received_at=at)):
        try:
            answers[number] = take(by=by, scan=scans[number], gate=gate, at=at)
        except (RoleMissing, rules.NonceReused, rules.ScanReasonMissing) as refusal:
            answers[number] = refusal
    return [answers[number] for number in range(len(scans))]


def undo(*, by: Person, nonce: str, undoes: str, reason: str | None, gate: Gate, at: datetime) -> Scan:
    """Take an accepted scan back by an opposite one: the same device for 15 minutes, the leader or an admin with a reason later.

    Raises ScanNotFound, ScanUndoTooLate, ScanReasonMissing, ScanAlreadyUndone, ScanNotToUndo, AlreadyConfirmed, NonceReused.
    """
    first = scans.scan_of_nonce(undoes)
    if first is None or first.activity_id is None:
        raise rules.ScanNotFound()
    activity = locked(first.activity_id)
    mark = keyed_hash(f"undo/{undoes}")
    if (before := scans.scan_of_nonce(nonce)) is not None:
        _check_same(before.fingerprint, mark)
        return before
    is_organizer = may_organize(by, activity)
    if first.by_id != by.id and not is_organizer:
        raise rules.ScanNotFound()
    reason = rules.clean_reason(reason)
    is_same = gate.is_same(device_id=first.device_id, browser_hash=first.browser_hash)
    is_supervisor = is_organizer and (activity.leader_id == by.id or has_role(by, "admin", activity.unit_id))
    is_supervisor = is_supervisor and first.person_id != by.id
    rules.check_undo(is_same_device=is_same, is_supervisor=is_supervisor, age=at - first.received_at, reason=reason)
    return _oppose(first, activity, by=by, nonce=nonce, mark=mark, gate=gate, reason=reason, at=at)


def review(*, by: Person, scan_id: int, is_accepted: bool, reason: str | None, at: datetime) -> ScanReview:
    """Decide about a scan that is to be looked at: accepted, it counts (or goes on counting); else it does not.

    Raises ScanNotFound, RoleMissing, OwnScanNeedsOther, ScanAlreadyReviewed, and why it cannot be counted (`rules.REFUSED`).
    """
    scan = db.session.get(Scan, scan_id)
    if scan is None or scan.activity_id is None:
        raise rules.ScanNotFound()
    activity = locked(scan.activity_id)
    require_organizer(by, activity.unit_id)
    if scan.person_id == by.id:
        raise rules.OwnScanNeedsOther()
    if scan.look is None or db.session.get(ScanReview, scan.id, populate_existing=True) is not None:
        raise rules.ScanAlreadyReviewed()
    reason = rules.clean_reason(reason)
    if scan.answer == "to_review" and is_accepted:
        _count_after_all(scan, by=by)
    elif scan.answer != "to_review" and not is_accepted:
        nonce = random_key()
        _oppose(scan, activity, by=by, nonce=nonce, mark=keyed_hash(nonce), gate=Gate(), reason=reason, at=at)
    decided = ScanReview(scan_id=scan.id, is_accepted=is_accepted, reason=reason, decided_by_id=by.id, decided_at=at)
    db.session.add(decided)
    db.session.flush()
    return decided


def _mark(by: Sender, scan: NewScan) -> str:
    """What makes two scans the same, apart from when they were sent; keyed, as a card number is short."""
    who = by.key if scan.code is not None else ""
    parts = (who, scan.kind, scan.activity_id, scan.code, scan.card, scan.person_id, scan.reason, _iso(scan.scanned_at))
    return keyed_hash("\x1f".join("" if each is None else str(each) for each in parts))


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _check_same(fingerprint: str, mark: str) -> None:
    """Raise NonceReused when what came under this nonce before was another scan."""
    if fingerprint != mark:
        raise rules.NonceReused()


def _facts(connection: Connection, activity_id: int, *, by: Sender, scan: NewScan, at: datetime) -> Known:
    """All that is known of the scan; read behind the activity's lock, so that nobody who came at once is missed."""
    if scan.code is not None:
        return known(connection, nonce=scan.nonce, activity_id=activity_id, at=at, person_id=by.id)
    card_number = rules.scanned_digits(scan.card or "")[:CARD_DIGITS]
    return known(
        connection, nonce=scan.nonce, activity_id=activity_id, at=at,
        by_id=by.id, person_id=scan.person_id, card_number=card_number,
    )  # fmt: skip


def _recognise(taken: _Taken, facts: Known, *, by: Sender, scan: NewScan, at: datetime) -> None:
    """Find out whose scan it is, and by what."""
    if scan.code is not None:
        taken.comer = facts.comer
        taken.way, taken.counted_at = _read_code(taken.held, scan, at)
        return
    if taken.held is None:
        raise ActivityNotFound()
    if not facts.may_organize:
        raise RoleMissing(role="organizer")
    # Nobody is chosen from the list but who has joined or waits for a place.
    if facts.comer is None or (scan.person_id is not None and facts.comer.joined is None):
        raise PersonNotFound()
    way = "list" if scan.person_id is not None else _way_of_card(scan.card or "", facts.comer, taken.counted_at, at)
    taken.way, taken.comer = way, facts.comer
    if taken.comer.id == by.id:
        raise rules.NotYourOwnCard()


def _read_code(held: Held | None, scan: NewScan, at: datetime) -> tuple[str, datetime]:
    """The way of a code and when it was scanned."""
    if held is None:
        raise ActivityNotFound() if scan.activity_id is not None else rules.CodeUnknown()
    code = scan.code or ""
    if tickets.activity_id(code) not in (None, held.id):
        raise rules.CodeOfAnother()
    read = tickets.read(code, held.key, secret=queries.secret(), at=at)
    return read.way, read.scanned_at


def _way_of_card(text: str, comer: Comer, counted_at: datetime, at: datetime) -> str:
    """Whether a card or a phone was shown; wherever in the bank its owner belongs, who may come from another community."""
    digits = rules.scanned_digits(text)
    if not is_member_code(digits):
        return "card"
    # A device that was away knows the instant less well, so that its neighbours in time are good as well.
    margin = SLOT_SECONDS if rules.is_late(counted_at, received_at=at) else SLOT_MARGIN
    if not is_good(comer, digits, at=counted_at, margin_seconds=margin):
        raise rules.MemberCodeExpired()
    return "phone"


def _count(taken: _Taken, facts: Known, *, by: Sender, scan: NewScan, gate: Gate, at: datetime) -> None:
    """Let the scan begin or end a stay, or wait for review where nobody can know what is true."""
    assert taken.held is not None and taken.comer is not None and taken.way is not None, "recognised before"
    is_self = taken.way in rules.SELF_WAYS
    if not is_self and rules.is_clock_wrong(scan, received_at=at):
        taken.answer, taken.look = "to_review", "clock"
        return
    is_late = not is_self and rules.is_late(taken.counted_at, received_at=at)
    came = stays.Came(taken.held, taken.comer, facts.stays, facts.rules, taken.counted_at, taken.way, is_late)
    try:
        if scan.kind == "in":
            stays.enter(came, by_id=by.id)
        else:
            stays.leave(came)
    except rules.CONFLICTS as conflict:
        if not is_late:
            raise
        taken.answer, taken.look, taken.details = "to_review", "conflict", {"why": conflict.code}
        return
    taken.answer = "checked_in" if scan.kind == "in" else "checked_out"
    if is_self and scan.kind == "in" and scans.is_shared(gate, person_id=taken.comer.id, at=at):
        taken.look = "same_device"


def _write(
    taken: _Taken, *, by: Sender, scan: NewScan, gate: Gate, mark: str, reason: str | None, at: datetime
) -> Written:  # fmt: skip
    held, comer = taken.held, taken.comer
    values: dict[str, Any] = {
        "nonce": scan.nonce, "fingerprint": mark, "kind": scan.kind, "way": taken.way,
        "activity_id": held.id if held else None, "person_id": comer.id if comer else None,
        "by_id": by.id, "device_id": gate.device_id, "browser_hash": gate.browser_hash,
        "code_hash": None if taken.way else keyed_hash(scan.code or scan.card or ""),
        "scanned_at": scan.scanned_at or at, "skew_seconds": _bounded(rules.skew(scan, received_at=at).total_seconds()),
        "received_at": at, "counted_at": taken.counted_at, "answer": taken.answer, "details": _plain(taken.details),
        "shown_name": comer.name if comer else None, "reason": reason, "look": taken.look,
    }  # fmt: skip
    return write(current_connection(), values)


def _oppose(
    first: Scan, activity: Activity, *, by: Person, nonce: str, mark: str, gate: Gate, reason: str | None, at: datetime
) -> Scan:
    if activity.state == "confirmed":
        raise rules.AlreadyConfirmed()
    if scans.is_undone(first.id):
        raise rules.ScanAlreadyUndone()
    if first.answer not in ("checked_in", "checked_out"):
        raise rules.ScanNotToUndo()
    stays.take_back(first)
    opposite = Scan(
        nonce=nonce, fingerprint=mark, kind="undo", way=None, activity_id=activity.id, person_id=first.person_id, by_id=by.id,
        device_id=gate.device_id, browser_hash=gate.browser_hash, scanned_at=at, skew_seconds=0, received_at=at, counted_at=at,
        answer="undone", details={"undone": first.kind}, shown_name=first.shown_name, reason=reason, undoes_id=first.id,
    )  # fmt: skip
    db.session.add(opposite)
    db.session.flush()  # Its unique name of what it undoes has the last word.
    return opposite


def _count_after_all(scan: Scan, *, by: Person) -> None:
    assert scan.activity_id is not None and scan.person_id is not None, "only accepted scans wait for review"
    connection = current_connection()
    facts = known(connection, nonce="", activity_id=scan.activity_id, at=scan.counted_at, person_id=scan.person_id)
    assert facts.held is not None and facts.comer is not None, "neither is ever deleted, and the caller holds the activity"
    came = stays.Came(facts.held, facts.comer, facts.stays, facts.rules, scan.counted_at, scan.way or "card", is_late=True)
    if scan.kind == "in":
        stays.enter(came, by_id=by.id)
    else:
        stays.leave(came)


def _plain(details: dict[str, object]) -> dict[str, object]:
    """Details as JSON holds them."""
    return {name: _iso(value) if isinstance(value, datetime) else value for name, value in details.items()}


def _bounded(seconds: float) -> int:
    """Seconds that fit into a column, however mad a clock is."""
    return int(max(-(2**31) + 1, min(2**31 - 1, seconds)))
