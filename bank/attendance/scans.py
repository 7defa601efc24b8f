"""What can be asked about scans; nothing here changes anything."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, joinedload

from bank.activities.queries import activity, require_organizer
from bank.attendance import rules
from bank.attendance.models import Scan, ScanReview
from bank.db import db
from bank.devices.models import Device
from bank.people.models import Person

LISTED_MAX = 100
_Opposite = aliased(Scan)


def scan_of_nonce(nonce: str) -> Scan | None:
    """The scan that came under this nonce."""
    return db.session.scalar(select(Scan).where(Scan.nonce == nonce))


def own_scan(*, by: Person, nonce: str) -> Scan:
    """A scan that `by` made. Raises ScanNotFound."""
    found = scan_of_nonce(nonce)
    if found is None or found.by_id != by.id:
        raise rules.ScanNotFound()
    return found


def gate_of(*, activity_id: int, person_id: int, checked_in_at: datetime) -> str:
    """The name of the device at which a stay began; empty where no device had joined."""
    wanted = select(Device.name).join(Scan, Scan.device_id == Device.id).where(
        Scan.activity_id == activity_id, Scan.person_id == person_id, Scan.kind == "in", Scan.counted_at <= checked_in_at
    )  # fmt: skip
    return db.session.scalar(wanted.where(Scan.answer == "checked_in").order_by(Scan.id.desc()).limit(1)) or ""


def is_shared(gate: rules.Gate, *, person_id: int, at: datetime) -> bool:
    """Whether somebody else has scanned with this browser within the last ten minutes."""
    if gate.browser_hash is None:
        return False
    others = select(Scan.id).where(
        Scan.browser_hash == gate.browser_hash, Scan.received_at > at - rules.SHARED_WITHIN, Scan.person_id != person_id,
        Scan.way.in_(rules.SELF_WAYS), Scan.answer == "checked_in",
    )  # fmt: skip
    return db.session.scalar(others.limit(1)) is not None


def is_undone(scan_id: int) -> bool:
    """Whether an opposite scan took this one back."""
    return db.session.scalar(select(Scan.id).where(Scan.undoes_id == scan_id)) is not None


def scans(*, by: Person, activity_id: int) -> Select[Scan]:
    """All scans at an activity, refused ones included, for its organizers. Raises RoleMissing, ActivityNotFound."""
    require_organizer(by, activity(activity_id).unit_id)
    return select(Scan).options(joinedload(Scan.device), joinedload(Scan.by)).where(Scan.activity_id == activity_id)


def to_look_at(*, by: Person, activity_id: int) -> list[Scan]:
    """The scans about which an organizer must still decide, in the order they came. Raises RoleMissing, ActivityNotFound."""
    is_open = ~select(ScanReview.scan_id).where(ScanReview.scan_id == Scan.id).exists()
    is_struck = select(_Opposite.id).where(_Opposite.undoes_id == Scan.id).exists()
    wanted = scans(by=by, activity_id=activity_id).where(Scan.look.is_not(None), is_open, ~is_struck)
    return list(db.session.scalars(wanted.order_by(Scan.id).limit(LISTED_MAX)))


def latest_scans(*, by: Person, activity_id: int, limit: int) -> list[Scan]:
    """The newest scans at an activity, the latest first. Raises RoleMissing, ActivityNotFound."""
    return list(db.session.scalars(scans(by=by, activity_id=activity_id).order_by(Scan.id.desc()).limit(limit)))


def undone_ids(scan_ids: Iterable[int]) -> set[int]:
    """Which of these scans were taken back."""
    found = db.session.scalars(select(Scan.undoes_id).where(Scan.undoes_id.in_(list(scan_ids))))
    return {each for each in found if each is not None}
