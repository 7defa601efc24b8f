"""What a member can have, and what stands in the way of the rest."""

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import func, select

from bank.clock import local_day, local_instant, month_start, next_month
from bank.counter.models import Redemption
from bank.db import db
from bank.errors import BankError
from bank.ledger.queries import balance
from bank.people.models import Person
from bank.people.rules import years_old
from bank.rewards import queries as rewards
from bank.rewards import rules, stock
from bank.rewards.models import Reward


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A reward as one member meets it: how many were taken this month, what is missing, and why it cannot be had now.

    `left` is how many fresh pieces there are, None for what does not run out.
    """

    reward: Reward
    taken: int
    missing: int
    left: int | None
    refusal: BankError | None


@dataclass(frozen=True)
class _Taker:
    """What decides about a member besides the reward itself."""

    person: Person
    available: int
    minutes: int
    taken: dict[int, int]
    at: datetime

    @classmethod
    def of(cls, person: Person, at: datetime) -> "_Taker":
        points, minutes = balance(person.points_account_id), balance(person.minutes_account_id)
        return cls(person, points, minutes, taken_this_month(person.id, at), at)

    def refusal(self, reward: Reward, terms: rules.Terms, quantity: int) -> BankError | None:
        day, born_on = local_day(self.at), self.person.born_on
        age = years_old(born_on, on=day) if born_on else None
        taken = self.taken.get(reward.id, 0)
        # The lifetime minutes are the star honours: no star is asked of a slice above this one.
        return rules.unmet(terms, minutes=self.minutes, age=age, day=day) or rules.refusal(
            terms, quantity=quantity, taken=taken, available=self.available
        )


def choices(person: Person, *, counter_id: int | None = None, at: datetime) -> list[Choice]:
    """Every reward offered to a member, at one counter or anywhere, with what stands in the way of one piece of it."""
    taker = _Taker.of(person, at)
    found = rewards.offered(person.unit_id)
    if counter_id is not None:
        found = [each for each in found if any(place.id == counter_id for place in each.counters)]
    left = stock.left([each.id for each in found], counter_id=counter_id, day=local_day(at))
    return [_choice(each, taker, left.get(each.id, (0, 0))) for each in found]


def choices_at(by: Person, person: Person, *, counter_id: int | None = None, at: datetime) -> list[Choice]:
    """Of a member's choices those that a clerk hands out, at one counter or at all of his."""
    found = choices(person, counter_id=counter_id, at=at)
    return [each for each in found if any(rewards.is_clerk(by, place) for place in each.reward.counters)]


def refusal(person: Person, reward: Reward, *, quantity: int, counter_id: int | None = None, at: datetime) -> BankError | None:
    """Why a member cannot have this many pieces now, at a counter or anywhere; of the points the ledger has the last word."""
    if not person.unit.path.startswith(reward.unit.path):
        return rules.NotServedHere(unit=person.unit.name)
    left = stock.left([reward.id], counter_id=counter_id, day=local_day(at)).get(reward.id, (0, 0))
    return _Taker.of(person, at).refusal(reward, terms(reward, left), quantity)


def terms(reward: Reward, left: tuple[int, int] = (0, 0)) -> rules.Terms:
    """A reward's terms as plain values; `left` is what is there (fresh, outdated)."""
    return rules.Terms(
        points=reward.points,
        stock=left[0] if reward.is_counted else None,
        outdated=left[1],
        monthly_limit=reward.monthly_limit,
        is_offered=reward.is_offered,
        offered_from=reward.offered_from,
        offered_until=reward.offered_until,
        stars_min=reward.stars_min,
        age_min=reward.age_min,
        age_max=reward.age_max,
    )


def taken_this_month(person_id: int, at: datetime) -> dict[int, int]:
    """Pieces a member took or reserved in the local month of an instant, by reward; what went back does not count."""
    first = month_start(local_day(at))
    start, end = local_instant(first, time()), local_instant(next_month(first), time())
    statement = select(Redemption.reward_id, func.sum(Redemption.quantity)).where(
        Redemption.person_id == person_id,
        Redemption.made_at >= start,
        Redemption.made_at < end,
        Redemption.undone_at.is_(None),
    )
    return {reward_id: int(pieces) for reward_id, pieces in db.session.execute(statement.group_by(Redemption.reward_id))}


def _choice(reward: Reward, taker: _Taker, left: tuple[int, int]) -> Choice:
    refused = taker.refusal(reward, terms(reward, left), 1)
    missing = max(0, reward.points - taker.available)
    fresh = left[0] if reward.is_counted else None
    return Choice(reward=reward, taken=taker.taken.get(reward.id, 0), missing=missing, left=fresh, refusal=refused)
