"""Everything that changes supplements and forgotten check-outs. An action flushes and never commits; its caller does."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from bank.activities.actions import locked
from bank.activities.models import Activity
from bank.activities.queries import as_service, require_organizer
from bank.attendance.models import Attendance
from bank.attendance.rules import closes_at
from bank.clock import local_day
from bank.closing import queries, rules
from bank.closing.models import Supplement
from bank.closing.rules import NewSupplement
from bank.db import db
from bank.hours.queries import rule_set
from bank.hours.rules import MINUTE, NewPart, Stay
from bank.notices.actions import tell
from bank.people.models import Person
from bank.people.queries import household_of
from bank.people.rules import PersonNotFound
from bank.publicity import actions as publicity

LOOK_BACK = timedelta(days=400)  # Older activities were closed by an earlier night.


def ask_supplements(*, by: Person, new: NewSupplement, at: datetime) -> list[Supplement]:
    """Ask for time without scans; it counts when a second organizer or admin agrees. To ask twice changes nothing.

    Raises RoleMissing, ActivityCancelled, NotOverYet, BadSupplement, PersonNotFound, NotForYourself, SupplementNotNeeded.
    """
    activity = locked(new.activity_id)
    require_organizer(by, activity.unit_id)
    queries.refuse_cancelled(activity)
    span = rules.check_new(new, plan=(activity.starts_at, activity.ends_at), at=at)
    if set(new.person_ids) & household_of(by.id):
        raise rules.NotForYourself()
    asked = queries.live_of(activity.id)
    wanted = [each for each in dict.fromkeys(new.person_ids) if each not in asked]
    _check_persons(activity, wanted)
    rows = [_new(by, activity, each, span, new.reason.strip(), at) for each in wanted]
    db.session.add_all(rows)
    db.session.flush()  # What was asked today is counted with these.
    _mark_bulk(by, rows, at)
    return rows


def decide_supplements(*, by: Person, supplement_ids: Sequence[int], is_agreed: bool, at: datetime) -> list[Supplement]:
    """Agree to supplements, or refuse them, as a second person; who has the same answer already keeps it.

    Agreed time is posted, or first made public where the rules say so; the plan is the most that counts.
    Raises SupplementNotFound, RoleMissing, AnotherAgrees, DecidedAlready.
    """
    found = [_decidable(by, each, is_agreed) for each in sorted(set(supplement_ids))]
    todo = [each for each in found if each.state == "asked"]
    for each in todo:
        each.state, each.decided_at, each.decided_by_id = "agreed" if is_agreed else "refused", at, by.id
        db.session.flush()  # The database has a word on who may decide.
        if is_agreed:
            _record(each, by, at)
    return found


def close_forgotten(*, at: datetime) -> int:
    """Mark every stay as forgotten whose check-out has closed without one; answers how many. Run again or late it is the same.

    The rule (DOMAIN 6): a single scan proves no length, so nothing is invented: the stay gets no end and counts nothing
    until a supplement decides. The mark bears the instant at which check-out closed, whenever the job runs.
    """
    wanted = (
        select(Attendance)
        .join(Attendance.activity)
        .where(Attendance.checked_out_at.is_(None), Attendance.forgotten_at.is_(None))
        .where(Activity.ends_at.between(at - LOOK_BACK, at))
    )
    marked = 0
    for each in db.session.scalars(wanted.order_by(Attendance.id)).all():
        closed_at = closes_at(each.activity.ends_at, rule_set(local_day(each.activity.starts_at)))
        if closed_at <= at:
            # Whoever checks out at this very moment is quicker or finds it closed.
            is_open = (Attendance.id == each.id, Attendance.checked_out_at.is_(None), Attendance.forgotten_at.is_(None))
            closing = update(Attendance).where(*is_open).values(forgotten_at=closed_at)
            if db.session.connection().execute(closing).rowcount:
                facts = {"activity": each.activity.name}
                tell(person_ids=[each.person_id], kind="check_out_forgotten", facts=facts, key=f"stay:{each.id}", at=at)
                marked += 1
    return marked


def _check_persons(activity: Activity, person_ids: Sequence[int]) -> None:
    names = {each.id: each.name for each in db.session.scalars(select(Person).where(Person.id.in_(person_ids)))}
    if missing := set(person_ids) - names.keys():
        raise PersonNotFound(person_id=min(missing))
    rules.check_none([names[each] for each in person_ids if each in queries.settled_ids(activity)])


def _new(
    by: Person, activity: Activity, person_id: int, span: tuple[datetime, datetime], reason: str, at: datetime
) -> Supplement:  # fmt: skip
    return Supplement(
        activity_id=activity.id, person_id=person_id, starts_at=span[0], ends_at=span[1], reason=reason, state="asked",
        is_bulk=False, asked_at=at, asked_by_id=by.id,
    )  # fmt: skip


def _mark_bulk(by: Person, rows: Sequence[Supplement], at: datetime) -> None:
    today = queries.asked_on(by.id, local_day(at)) if rows else []
    if rules.is_bulk(len(today), bulk_min=rule_set(local_day(at)).bulk_supplements_min):
        for each in today:
            each.is_bulk = True
        db.session.flush()
        key = f"supplements:{by.key}:{local_day(at)}"
        tell(
            person_ids=queries.auditors(rows[0].activity.unit),
            kind="supplements_many",
            facts={"count": len(today)},
            key=key,
            at=at,
        )


def _decidable(by: Person, supplement_id: int, is_agreed: bool) -> Supplement:
    found = queries.supplement(by=by, supplement_id=supplement_id)
    activity = locked(found.activity_id)
    db.session.refresh(found)
    require_organizer(by, activity.unit_id)
    if found.state != "asked" and (found.state == "agreed") != is_agreed:
        raise rules.DecidedAlready()
    asked_by_home, member_home = household_of(found.asked_by_id), household_of(found.person_id)
    if found.state == "asked":
        rules.check_second(by_id=by.id, asked_by_home=asked_by_home, member_home=member_home)
    return found


def _record(found: Supplement, by: Person, at: datetime) -> None:
    rules.check_none([found.person.name] if found.person_id in queries.settled_ids(found.activity) else [])
    part = NewPart(
        person_id=found.person_id, stays=(Stay(found.starts_at, found.ends_at),), evidence="supplemented",
        reason=found.reason, approved_by_id=by.id,
    )  # fmt: skip
    publicity.put_up(by=found.asked_by, service=as_service(found.activity), parts=[part], at=at)
    facts: dict[str, str | int] = {
        "activity": found.activity.name, "minutes": (found.ends_at - found.starts_at) // MINUTE
    }  # fmt: skip
    tell(person_ids=[found.person_id], kind="supplement_agreed", facts=facts, key=f"supplement:{found.id}", at=at)
