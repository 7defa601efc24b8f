"""What a counter does for members: hand over, undo, take back. Points and pieces move together or not at all."""

from datetime import datetime

from sqlalchemy import select

from bank.clock import local_day
from bank.counter import booking, consent, day, queries, rules, services
from bank.counter.appointments import ask
from bank.counter.choices import refusal
from bank.counter.models import Redemption
from bank.db import db
from bank.ledger.rules import KeyReused
from bank.people import queries as people
from bank.people.models import Person
from bank.people.queries import has_role, require_role
from bank.rewards import queries as rewards
from bank.rewards import stock
from bank.rewards.rules import check_quantity, check_reason
from bank.rewards.stock import Move


def redeem(*, by: Person, wanted: rules.Wanted, agreed: str | None, key: str, at: datetime) -> Redemption:
    """Take a member's points and hand the reward over at a counter, with the consent that `by` took (see `consent`).

    The clerk holds the role at the counter, and the member is neither the clerk nor of the clerk's household. The same key
    again gives the first redemption. Raises ConsentMissing, ConsentExpired, OutOfStock, BatchOutdated, BalanceTooLow,
    MonthlyLimitReached, RewardNotOffered, NotOfferedYet, NoLongerOffered, StarsMissing, AgeNotFit, NotForYourself,
    NotServedHere, NotHadHere, DayClosed, PersonNotFound, BadQuantity, KeyReused.
    """
    reward = stock.locked(wanted.reward_id)  # Two counters may want the last piece: whoever comes second sees what is left.
    counter = rewards.place_for(by, reward, wanted.counter_id)
    rewards.require_clerk(by, counter)
    check_quantity(wanted.quantity)
    earlier = db.session.scalar(select(Redemption).where(Redemption.key == key))
    if earlier is not None:
        return _same(earlier, by, wanted)
    person = people.person(by=by, person_id=wanted.person_id)
    given = consent.read(agreed, by=by, person_id=person.id, at=at)
    booking.refuse_own(by, person.id, given.fetched_by_id)
    day.require_open(counter.id, local_day(at))
    refused = refusal(person, reward, quantity=wanted.quantity, counter_id=counter.id, at=at)
    if refused is not None:
        raise refused
    redemption = booking.start(person, reward, wanted, counter=counter, key=key, at=at)
    if services.is_ordered(reward):
        booking.put_aside(redemption, person, reward, by=by, at=at)
        services.open_order(redemption, given=given, by=by, at=at)
        return redemption
    redemption.entry_id = booking.take_points(redemption, person, by=by, at=at)
    hand_over(redemption, by=by, given=given, at=at)
    move = Move(by=by, at=at, redemption_id=redemption.id)
    stock.hand_over(reward, wanted.quantity, counter_id=counter.id, day=local_day(at), move=move)
    booking.put_down(redemption, "handed_over", move=move, counter_id=counter.id, entry_id=redemption.entry_id)
    if reward.kind == "service":
        ask(redemption, by=by, at=at)
    return redemption


def hand_over(redemption: Redemption, *, by: Person, given: consent.Consent, at: datetime) -> None:
    """Say of a redemption that it was handed over, by whom, and with which consent."""
    redemption.state, redemption.handed_over_at, redemption.handed_over_by_id = "handed_over", at, by.id
    redemption.consent, redemption.consent_note = given.kind, given.note or None
    redemption.fetched_by_id = given.fetched_by_id
    db.session.add(redemption)
    db.session.flush()  # Steps and movements of stock name the redemption.


def undo(*, by: Person, redemption_id: int, reason: str, at: datetime) -> Redemption:
    """Give the points back by an opposite entry and put the pieces back into stock.

    The counter that handed over may within 15 minutes, an administrator of it at any time; the member, who gets the points
    back, is the second person. Raises UndoTooLate, AlreadyUndone, NotHandedOver, ReasonMissing, NotForYourself.
    """
    redemption = booking.locked(redemption_id)
    _require_may_undo(by, redemption, at)
    check_reason(reason)
    if redemption.undone_at is not None:
        raise rules.AlreadyUndone(undone_at=redemption.undone_at)
    if redemption.state != "handed_over":
        raise rules.NotHandedOver()
    move = Move(by=by, at=at, reason=reason, redemption_id=redemption.id)
    entry_id = booking.give_points_back(redemption, by=by, approved_by=redemption.person, way="undone", at=at)
    stock.take_back(move=move)
    booking.end(redemption, "undone", move=move, entry_id=entry_id)
    return redemption


def ask_return(*, by: Person, redemption_id: int, reason: str, at: datetime) -> Redemption:
    """Write down that a member brings something back; nothing moves before a second person agrees.

    Raises NotHandedOver, ReasonMissing, NotForYourself.
    """
    redemption = booking.locked(redemption_id)
    queries.require_staff(by, redemption, "clerk", "admin")
    booking.refuse_own(by, redemption.person_id)
    check_reason(reason)
    if redemption.state != "handed_over":
        raise rules.NotHandedOver()
    redemption.state = "return_asked"
    move = Move(by=by, at=at, reason=reason)
    booking.put_down(redemption, "return_asked", move=move, counter_id=redemption.counter_id)
    return redemption


def approve_return(*, by: Person, redemption_id: int, is_usable: bool, at: datetime) -> Redemption:
    """Agree, as an administrator who did not ask, to a return: the points go back, and the pieces too if they can be used.

    Raises ReturnNotAsked, ReturnNeedsSecond, NotForYourself.
    """
    redemption, asker, reason = _asked_return(by, redemption_id)
    move = Move(by=by, at=at, reason=reason, redemption_id=redemption.id)
    entry_id = booking.give_points_back(redemption, by=asker, approved_by=by, way="returned", at=at)
    stock.take_back(is_usable=is_usable, move=move)
    booking.end(redemption, "returned", move=move, entry_id=entry_id)
    return redemption


def refuse_return(*, by: Person, redemption_id: int, reason: str, at: datetime) -> Redemption:
    """Disagree, as an administrator who did not ask, with a return; nothing moves. Raises as `approve_return`, ReasonMissing."""
    redemption, _asker, _reason = _asked_return(by, redemption_id)
    check_reason(reason)
    redemption.state = "handed_over"
    move = Move(by=by, at=at, reason=reason)
    booking.put_down(redemption, "return_refused", move=move, counter_id=redemption.counter_id)
    return redemption


def _asked_return(by: Person, redemption_id: int) -> tuple[Redemption, Person, str]:
    """A redemption whose return was asked for, by whom and why."""
    redemption = booking.locked(redemption_id)
    require_role(by, "admin", redemption.counter.unit_id)
    booking.refuse_own(by, redemption.person_id)
    if redemption.state != "return_asked":
        raise rules.ReturnNotAsked()
    asked = queries.last_step(redemption.id, "return_asked")
    assert asked.by is not None and asked.reason is not None, "only a person asks for a return, and says why"
    if asked.by_id == by.id:
        raise rules.ReturnNeedsSecond()
    return redemption, asked.by, asked.reason


def _same(earlier: Redemption, by: Person, wanted: rules.Wanted) -> Redemption:
    asked = (by.id, wanted.person_id, wanted.reward_id, wanted.quantity)
    by_id = by.id if services.is_ordered(earlier.reward) else earlier.handed_over_by_id
    if (by_id, earlier.person_id, earlier.reward_id, earlier.quantity) != asked:
        raise KeyReused()
    return earlier


def _require_may_undo(by: Person, redemption: Redemption, at: datetime) -> None:
    booking.refuse_own(by, redemption.person_id)
    if has_role(by, "admin", redemption.counter.unit_id):
        return
    rewards.require_clerk(by, redemption.counter)
    handed_over_at = redemption.handed_over_at
    if handed_over_at is not None and not rules.may_counter_undo(handed_over_at=handed_over_at, at=at):
        raise rules.UndoTooLate(handed_over_at=handed_over_at)
