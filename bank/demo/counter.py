"""What goes over the counters of the demo town: goods that come in, rewards that are taken, now and then one taken back."""

import random
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from bank.clock import local_instant
from bank.counter import actions, consent
from bank.counter.rules import Wanted
from bank.db import db
from bank.demo.town import Community, Town
from bank.ledger.models import Account
from bank.people.models import Person
from bank.rewards import actions as rewards

LOW_PERCENT = 25
OPENS, CLOSES = 9, 17
UNDONE = 0.012  # The share of redemptions that the clerk takes back at once.


def refill(town: Town, month: date) -> None:
    """On the first of a month, receive again what has run low; everybody may take each reward again."""
    at = local_instant(month, time(8, 30))
    for counter in (each.counter for each in town.communities):
        counter.taken.clear()
        for reward_id, quantity in counter.refills.items():
            if counter.stock[reward_id] * 100 < quantity * LOW_PERCENT:
                rewards.receive_stock(by=town.admin, reward_id=reward_id, quantity=quantity, reason="月初补货", at=at)
                counter.stock[reward_id] += quantity


def redeem_some(town: Town, first: date, last: date, count: int, *, chance: random.Random) -> None:
    """About so many redemptions between two days, by members who can afford them with what they had before."""
    rich = _rich(min(price for each in town.communities for price in each.counter.prices.values()))
    homes = {member.id: community for community in town.communities for member in community.members}
    homes[town.volunteer.id] = town.communities[0]
    choosers = [each for each in rich if each in homes]
    chosen = chance.sample(choosers, min(count, len(choosers)))
    for at, person_id in zip(_moments(first, last, len(chosen), chance), chosen, strict=True):
        _redeem(homes[person_id], person_id, rich[person_id], chance=chance, at=at)


def _rich(points: int) -> dict[int, int]:
    """What each member has who has at least so many points, by person."""
    wanted = select(Person.id, Account.balance).join(Account, Account.id == Person.points_account_id)
    return dict(db.session.execute(wanted.where(Account.balance >= points).order_by(Person.id)).all())  # type: ignore[arg-type]


def _moments(first: date, last: date, count: int, chance: random.Random) -> list[datetime]:
    """So many instants at which a counter is open, in order."""
    opened = [local_instant(first + timedelta(days=each), time(OPENS)) for each in range((last - first).days + 1)]
    return sorted(chance.choice(opened) + timedelta(seconds=chance.randrange((CLOSES - OPENS) * 3600)) for _ in range(count))


def _redeem(home: Community, person_id: int, balance: int, *, chance: random.Random, at: datetime) -> None:
    counter = home.counter
    wanted = [
        each for each, price in counter.prices.items()
        if price <= balance and counter.stock.get(each, 1) > 0 and (person_id, each) not in counter.taken
    ]  # fmt: skip
    if not wanted:
        return
    reward_id = chance.choice(wanted)
    counter.taken.add((person_id, reward_id))
    key = f"{chance.getrandbits(80):020x}"
    agreed = consent.by_check(by=counter.clerk, shower_id=person_id, note="身份证", at=at)
    asked = Wanted(person_id=person_id, reward_id=reward_id)
    done = actions.redeem(by=counter.clerk, wanted=asked, agreed=agreed, key=key, at=at)
    if chance.random() < UNDONE:
        actions.undo(by=counter.clerk, redemption_id=done.id, reason="拿错了物品，当场退回", at=at + timedelta(minutes=4))
    elif reward_id in counter.stock:
        counter.stock[reward_id] -= 1
