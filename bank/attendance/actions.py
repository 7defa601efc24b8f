"""Everything that scans change. An action flushes and never commits; the face that calls it does.

`take` answers every scan and writes it down, refused or not; a nonce that came before gets its first answer again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select

from bank.access.member_code import CARD_DIGITS, SLOT_MARGIN, SLOT_SECONDS, is_good, is_member_code
from bank.access.queries import keyed_hash
from bank.activities.actions import locked
from bank.activities.models import Activity
from bank.activities.queries import may_organize, require_organizer
from bank.attendance import queries, rules, scans, stays
from bank.attendance import ticket as tickets
from bank.attendance.models import Scan, ScanReview
from bank.attendance.rules import Gate, NewScan
from bank.db import db, random_key
from bank.errors import BankError
from bank.joining.queries import join_of
from bank.people.models import Person
from bank.people.queries import has_role
from bank.people.rules import PersonNotFound, RoleMissing


@dataclass
class _Taken:
    """What is known of a scan by and by, until it is written down."""

    counted_at: datetime
    activity: Activity | None = None
    person: Person | None = None
    way: str | None = None
    answer: str = ""
    look: str | None = None
    details: dict[str, object] = field(default_factory=dict)


def take(*, by: Person, scan: NewScan, gate: Gate, at: datetime) -> Scan:
    """Answer a scan and write it down; `answer` is one of `rules.ACCEPTED` or the code of one of `rules.REFUSED`.

    What a device sends late and could not have known waits for review instead of being refused. Raises only what is not
    written down: RoleMissing, NonceReused, ScanReasonMissing.
    """
    mark = _mark(by, scan)
    if (before := _before(scan.nonce, mark)) is not None:
        return before
    reason = rules.clean_reason(scan.reason)
    if scan.person_id is not None and reason is None:
        raise rules.ScanReasonMissing()
    taken = _Taken(counted_at=rules.counted_at(scan, received_at=at))
    try:
        _recognise(taken, by=by, scan=scan, at=at)
        # Who sent the same nonce at once may have been first while this one waited for the activity.
        if (before := _before(scan.nonce, mark)) is not None:
            return before
        _count(taken, by=by, scan=scan, gate=gate, at=at)
    except rules.REFUSED as refusal:
        taken.answer, taken.details = refusal.code, refusal.details
    return _write(taken, by=by, scan=scan, gate=gate, mark=mark, reason=reason, at=at)


def take_all(*, by: Person, scans: Sequence[NewScan], gate: Gate, at: datetime) -> list[Scan | BankError]:
    """Answer many scans, in the order in which they were made; the answers come in the order given.

    What `take` would raise is the answer to that scan alone.
    """
    answers: dict[int, Scan | BankError] = {}
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
    if (before := _before(nonce, mark)) is not None:
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
        _count_after_all(scan, activity, by=by)
    elif scan.answer != "to_review" and not is_accepted:
        nonce = random_key()
        _oppose(scan, activity, by=by, nonce=nonce, mark=keyed_hash(nonce), gate=Gate(), reason=reason, at=at)
    decided = ScanReview(scan_id=scan.id, is_accepted=is_accepted, reason=reason, decided_by_id=by.id, decided_at=at)
    db.session.add(decided)
    db.session.flush()
    return decided


def _mark(by: Person, scan: NewScan) -> str:
    """What makes two scans the same, apart from when they were sent; keyed, as a card number is short."""
    who = by.key if scan.code is not None else ""
    parts = (who, scan.kind, scan.activity_id, scan.code, scan.card, scan.person_id, scan.reason, _iso(scan.scanned_at))
    return keyed_hash("\x1f".join("" if each is None else str(each) for each in parts))


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _before(nonce: str, mark: str) -> Scan | None:
    """The scan that came under this nonce, if any. Raises NonceReused when it was another."""
    before = scans.scan_of_nonce(nonce)
    if before is not None and before.fingerprint != mark:
        raise rules.NonceReused()
    return before


def _recognise(taken: _Taken, *, by: Person, scan: NewScan, at: datetime) -> None:
    """Find out which activity it is, locked, and whose scan."""
    if scan.code is not None:
        taken.person = by
        number = scan.activity_id or queries.activity_of(scan.code, at=at, is_typed=True).id
        taken.activity = locked(number)
        if tickets.activity_id(scan.code) not in (None, number):
            raise rules.CodeOfAnother()
        read = tickets.read(scan.code, taken.activity.key, secret=queries.secret(), at=at)
        taken.way, taken.counted_at = read.way, read.scanned_at
        return
    taken.activity = locked(scan.activity_id or 0)
    require_organizer(by, taken.activity.unit_id)
    if scan.person_id is not None:
        taken.way, taken.person = "list", _enrolled(taken.activity, scan.person_id)
    else:
        taken.way, taken.person = _card_holder(scan.card or "", taken.counted_at, is_late=_is_late(taken, at))
    if taken.person.id == by.id:
        raise rules.NotYourOwnCard()


def _enrolled(activity: Activity, person_id: int) -> Person:
    """One of those who have joined or wait for a place; nobody else is chosen without a code."""
    joined = join_of(person_id, activity.id)
    if joined is None:
        raise PersonNotFound()
    return joined.person


def _card_holder(text: str, at: datetime, *, is_late: bool) -> tuple[str, Person]:
    """Whose card or phone code this is, wherever in the bank: who shows one at the door may come from another community."""
    digits = rules.scanned_digits(text)
    person = db.session.scalar(
        select(Person).where(Person.card_number == digits[:CARD_DIGITS], Person.closed_at.is_(None))
    )  # fmt: skip
    if person is None:
        raise PersonNotFound()
    if not is_member_code(digits):
        return "card", person
    # A device that was away knows the instant less well, so that its neighbours in time are good as well.
    if not is_good(person, digits, at=at, margin_seconds=SLOT_SECONDS if is_late else SLOT_MARGIN):
        raise rules.MemberCodeExpired()
    return "phone", person


def _count(taken: _Taken, *, by: Person, scan: NewScan, gate: Gate, at: datetime) -> None:
    """Let the scan begin or end a stay, or wait for review where nobody can know what is true."""
    assert taken.activity is not None and taken.person is not None and taken.way is not None, "recognised before"
    is_self = taken.way in rules.SELF_WAYS
    if not is_self and rules.is_clock_wrong(scan, received_at=at):
        taken.answer, taken.look = "to_review", "clock"
        return
    is_late = not is_self and _is_late(taken, at)
    try:
        if scan.kind == "in":
            stays.enter(taken.activity, taken.person, taken.counted_at, by=by, way=taken.way, is_late=is_late)
        else:
            stays.leave(taken.activity, taken.person, taken.counted_at, way=taken.way, is_late=is_late)
    except rules.CONFLICTS as conflict:
        if not is_late:
            raise
        taken.answer, taken.look, taken.details = "to_review", "conflict", {"why": conflict.code}
        return
    taken.answer = "checked_in" if scan.kind == "in" else "checked_out"
    if is_self and scan.kind == "in" and scans.is_shared(gate, person_id=taken.person.id, at=at):
        taken.look = "same_device"


def _is_late(taken: _Taken, at: datetime) -> bool:
    return rules.is_late(taken.counted_at, received_at=at)


def _write(
    taken: _Taken, *, by: Person, scan: NewScan, gate: Gate, mark: str, reason: str | None, at: datetime
) -> Scan:  # fmt: skip
    written = Scan(
        nonce=scan.nonce, fingerprint=mark, kind=scan.kind, way=taken.way,
        activity_id=taken.activity.id if taken.activity else None, person_id=taken.person.id if taken.person else None,
        by_id=by.id, device_id=gate.device_id, browser_hash=gate.browser_hash,
        code_hash=None if taken.way else keyed_hash(scan.code or scan.card or ""),
        scanned_at=scan.scanned_at or at, skew_seconds=_bounded(rules.skew(scan, received_at=at).total_seconds()),
        received_at=at, counted_at=taken.counted_at, answer=taken.answer, details=_plain(taken.details),
        shown_name=taken.person.name if taken.person else None, reason=reason, look=taken.look,
    )  # fmt: skip
    db.session.add(written)
    db.session.flush()  # The unique nonce has the last word.
    return written


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


def _count_after_all(scan: Scan, activity: Activity, *, by: Person) -> None:
    person, way = db.session.get_one(Person, scan.person_id), scan.way or "card"
    if scan.kind == "in":
        stays.enter(activity, person, scan.counted_at, by=by, way=way, is_late=True)
    else:
        stays.leave(activity, person, scan.counted_at, way=way, is_late=True)


def _plain(details: dict[str, object]) -> dict[str, object]:
    """Details as JSON holds them."""
    return {name: _iso(value) if isinstance(value, datetime) else value for name, value in details.items()}


def _bounded(seconds: float) -> int:
    """Seconds that fit into a column, however mad a clock is."""
    return int(max(-(2**31) + 1, min(2**31 - 1, seconds)))
