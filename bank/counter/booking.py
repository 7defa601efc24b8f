"""What every change of a redemption does to the books: entries in the ledger, pieces in stock, and a step in its life.

Points and pieces are moved by these functions only, always in the caller's one transaction.
"""

from datetime import datetime

from sqlalchemy import select

from bank.clock import local_day
from bank.counter import pickup, rules
from bank.counter.models import Redemption, RedemptionStep
from bank.db import db
from bank.ledger import actions as ledger
from bank.ledger.queries import system_account
from bank.ledger.rules import NewEntry, NewTransfer
from bank.people import queries as people
from bank.people.models import Person
from bank.rewards import stock
from bank.rewards.models import Counter, Reward
from bank.rewards.stock import Move


def locked(redemption_id: int) -> Redemption:
    """The redemption with its reward, kept from changing until the end. Raises RedemptionNotFound."""
    reward_id = db.session.scalar(select(Redemption.reward_id).where(Redemption.id == redemption_id))
    if reward_id is None:
        raise rules.RedemptionNotFound()
    stock.locked(reward_id)  # The reward first, as whoever redeems does, so that the two never wait for each other.
    wanted = select(Redemption).where(Redemption.id == redemption_id).with_for_update(of=Redemption)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def refuse_own(by: Person, *person_ids: int | None) -> None:
    """Raise NotForYourself when one of these persons is `by` or of the same household."""
    for person_id in person_ids:
        if person_id is not None and (person_id == by.id or people.same_household(by.id, person_id)):
            raise rules.NotForYourself()


def start(person: Person, reward: Reward, wanted: rules.Wanted, *, counter: Counter, key: str, at: datetime) -> Redemption:
    """A redemption at the present price, not yet in the session and without its entry."""
    return Redemption(
        key=key, person_id=person.id, reward_id=reward.id, counter_id=counter.id, quantity=wanted.quantity,
        points=reward.points * wanted.quantity, made_at=at,
    )  # fmt: skip


def take_points(redemption: Redemption, person: Person, *, by: Person, at: datetime) -> int:
    """Move the points to `redeemed` when it is handed over at once, or to `reserved` when it waits; answers the entry's id."""
    is_held = redemption.hold_ends_on is not None
    kind, account, name = ("reserve", "reserved", "reservation") if is_held else ("redeem", "redeemed", "redemption")
    move = NewTransfer("points", person.points_account_id, system_account(account, "points"), redemption.points)
    return _post(f"{name}:{redemption.key}", kind, move, by.key, at)


def put_aside(redemption: Redemption, person: Person, reward: Reward, *, by: Person, at: datetime) -> None:
    """Hold points and pieces for a redemption that is handed over later, with a pick-up code, for 30 days."""
    redemption.state, redemption.hold_ends_on = "reserved", rules.hold_ends_on(local_day(at))
    _give_code(redemption)
    redemption.entry_id = take_points(redemption, person, by=by, at=at)
    db.session.add(redemption)
    db.session.flush()  # Steps and movements of stock name the redemption.
    move = Move(by=by, at=at, redemption_id=redemption.id)
    stock.reserve(reward, redemption.quantity, counter_id=redemption.counter_id, day=local_day(at), move=move)
    put_down(redemption, "reserved", move=move, counter_id=redemption.counter_id, entry_id=redemption.entry_id)


def settle_points(redemption: Redemption, *, by: Person | None, at: datetime) -> int:
    """Move held points from `reserved` to `redeemed`; answers the entry's id."""
    accounts = system_account("reserved", "points"), system_account("redeemed", "points")
    move, key = NewTransfer("points", *accounts, redemption.points), by.key if by else ledger.BANK
    return _post(f"hand-over:{redemption.key}", "hand_over", move, key, at)


def release_points(redemption: Redemption, *, by: Person | None, at: datetime) -> int:
    """Move held points from `reserved` back to the member; answers the entry's id."""
    accounts = system_account("reserved", "points"), redemption.person.points_account_id
    key = by.key if by else ledger.BANK
    return _post(f"release:{redemption.key}", "release", NewTransfer("points", *accounts, redemption.points), key, at)


def give_points_back(redemption: Redemption, *, by: Person, approved_by: Person, way: str, at: datetime) -> int:
    """Reverse what was handed over; the points come back as old as they were. Answers the entry that the member sees.

    The journal learns only which `way` back it was: what somebody typed may hold a name, and a seal is for ever.
    """
    entry_id = redemption.hand_over_entry_id or redemption.entry_id
    posted = ledger.reverse(
        entry_id=entry_id, key=f"undo:{redemption.key}", reason=way, recorded_by=by.key, approved_by=approved_by.key,
        effective_on=local_day(at), at=at,
    )  # fmt: skip
    # What was held first lies in `reserved` again now, and goes from there to the member.
    return release_points(redemption, by=by, at=at) if redemption.hand_over_entry_id else posted.entry_id


def put_down(
    redemption: Redemption, kind: str, *, move: Move, counter_id: int | None = None, entry_id: int | None = None
) -> None:
    """Write a step of a redemption's life."""
    db.session.add(
        RedemptionStep(
            redemption_id=redemption.id, kind=kind, at=move.at, by_id=move.by.id if move.by else None,
            counter_id=counter_id, reason=move.reason, entry_id=entry_id,
        )
    )  # fmt: skip
    db.session.flush()


def end(redemption: Redemption, state: str, *, move: Move, entry_id: int) -> None:
    """Bring a redemption to an end at which the points are the member's again."""
    redemption.state, redemption.undone_at, redemption.undo_entry_id = state, move.at, entry_id
    redemption.undone_by_id = move.by.id if move.by else None
    put_down(redemption, state, move=move, counter_id=redemption.counter_id, entry_id=entry_id)


def let_go(redemption: Redemption, state: str, move: Move) -> None:
    """Give held points and pieces back."""
    entry_id = release_points(redemption, by=move.by, at=move.at)
    stock.release(move=move)
    end(redemption, state, move=move, entry_id=entry_id)


def _post(key: str, kind: str, move: NewTransfer, recorded_by: str, at: datetime) -> int:
    entry = NewEntry(key=key, kind=kind, effective_on=local_day(at), transfers=(move,), recorded_by=recorded_by)
    return ledger.post([entry], at=at)[0].entry_id


def _give_code(redemption: Redemption) -> None:
    """Find a code that no other reservation has had, and that is no reward's number either."""
    for turn in range(pickup.TURNS):
        digits = pickup.code(redemption.key, turn)
        is_taken = db.session.scalar(select(Redemption.id).where(Redemption.code_hash == pickup.code_hash(digits)))
        is_number = db.session.scalar(select(Reward.id).where(Reward.number == digits))
        if is_taken is None and is_number is None:
            redemption.code_turn, redemption.code_hash = turn, pickup.code_hash(digits)
            return
    raise AssertionError("a hundred codes in a row were taken")
