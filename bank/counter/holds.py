"""Reservations made at home: points and pieces are put aside, and wait 30 days for who shows the pick-up code."""

from datetime import datetime

from sqlalchemy import select

from bank.clock import local_day
from bank.counter import booking, day, queries, rules, services
from bank.counter.actions import hand_over
from bank.counter.appointments import ask
from bank.counter.choices import refusal
from bank.counter.consent import Consent
from bank.counter.models import Redemption
from bank.db import db
from bank.ledger.rules import KeyReused
from bank.notices.actions import tell
from bank.people.models import Person
from bank.rewards import queries as rewards
from bank.rewards import stock
from bank.rewards.rules import check_quantity
from bank.rewards.stock import Move


def reserve(*, by: Person, wanted: rules.Wanted, key: str, at: datetime) -> Redemption:
    """Put points and pieces aside for oneself, to be fetched at a counter with the pick-up code within 30 days.

    The same key again gives the first reservation. Raises what `redeem` raises about rewards, points and stock.
    """
    reward = stock.locked(wanted.reward_id)
    check_quantity(wanted.quantity)
    earlier = db.session.scalar(select(Redemption).where(Redemption.key == key))
    if earlier is not None:
        if (earlier.person_id, earlier.reward_id, earlier.quantity) != (by.id, wanted.reward_id, wanted.quantity):
            raise KeyReused()
        return earlier
    counter = rewards.place(reward, wanted.counter_id)
    refused = refusal(by, reward, quantity=wanted.quantity, counter_id=counter.id, at=at)
    if refused is not None:
        raise refused
    redemption = booking.start(by, reward, wanted, counter=counter, key=key, at=at)
    booking.put_aside(redemption, by, reward, by=by, at=at)
    if services.is_ordered(reward):
        services.open_order(redemption, given=None, by=by, at=at)
    return redemption


def collect(*, by: Person, code: str, counter_id: int | None = None, at: datetime) -> Redemption:
    """Hand a reservation over, once, to who shows its pick-up code; the code is the member's consent.

    Raises PickupCodeUnknown, OtherCounter, AlreadyHandedOver, HoldEnded, BatchOutdated, NotForYourself, DayClosed.
    """
    found = queries.reservation_by_code(by, code)
    redemption = booking.locked(found.id)
    if counter_id not in (None, redemption.counter_id):
        raise rules.OtherCounter(place=redemption.counter.unit.name + redemption.counter.name)
    rewards.require_clerk(by, redemption.counter)
    booking.refuse_own(by, redemption.person_id)
    services.refuse_ordered(redemption)
    assert redemption.hold_ends_on is not None, "a reservation has its last day"
    rules.check_collectable(redemption.state, hold_ends_on=redemption.hold_ends_on, day=local_day(at))
    day.require_open(redemption.counter_id, local_day(at))
    redemption.hand_over_entry_id = booking.settle_points(redemption, by=by, at=at)
    hand_over(redemption, by=by, given=Consent(kind="pickup_code", note="", fetched_by_id=None), at=at)
    move, reward = Move(by=by, at=at, redemption_id=redemption.id), redemption.reward
    stock.hand_over_held(reward, counter_id=redemption.counter_id, day=local_day(at), move=move)
    entry_id = redemption.hand_over_entry_id
    booking.put_down(redemption, "handed_over", move=move, counter_id=redemption.counter_id, entry_id=entry_id)
    if reward.kind == "service":
        ask(redemption, by=by, at=at)
    return redemption


def cancel(*, by: Person, redemption_id: int, reason: str = "", at: datetime) -> Redemption:
    """Give a reservation up before it is handed over: points and pieces are free again, the points as old as they were.

    The member may, and the staff of the counter. Raises RedemptionNotFound, AlreadyHandedOver, HoldEnded.
    """
    redemption = booking.locked(redemption_id)
    if redemption.person_id != by.id and not queries.is_staff(by, redemption, "clerk", "admin"):
        raise rules.RedemptionNotFound()
    if redemption.hold_ends_on is None or redemption.handed_over_at is not None:
        raise rules.AlreadyHandedOver()
    services.refuse_ordered(redemption)
    if redemption.state != "reserved":
        raise rules.HoldEnded(hold_ends_on=redemption.hold_ends_on)
    booking.let_go(redemption, "cancelled", Move(by=by, at=at, reason=reason.strip() or None, redemption_id=redemption.id))
    return redemption


def end_holds(*, at: datetime) -> tuple[int, int]:
    """Remind members whose reservations end within 7 days, once, and end those whose days are over.

    Answers how many were reminded and how many ended. Run again it finds nothing left to do.
    """
    today = local_day(at)
    reminded = 0
    for redemption in queries.to_remind(today):
        booking.put_down(redemption, "reminded", move=Move(by=None, at=at))
        _tell(redemption, "hold_ending", at)
        reminded += 1
    ended = 0
    for redemption_id in queries.overdue(today):
        redemption = booking.locked(redemption_id)
        if redemption.state == "reserved":  # The member may have been quicker.
            booking.let_go(redemption, "expired", Move(by=None, at=at, redemption_id=redemption.id))
            _tell(redemption, "hold_ended", at)
            ended += 1
    return reminded, ended


def _tell(redemption: Redemption, kind: str, at: datetime) -> None:
    assert redemption.hold_ends_on is not None, "a reservation has its last day"
    facts: dict[str, str | int] = {
        "reward": redemption.reward.name,
        "ends_on": redemption.hold_ends_on.isoformat(),
        "points": redemption.points,
    }
    tell(person_ids=[redemption.person_id], kind=kind, facts=facts, key=f"redemption:{redemption.id}:{kind}", at=at)
