"""Tells members 60, 30 and 7 days before that points of theirs expire."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select

from bank import clock
from bank.db import db
from bank.ledger.expiry import endings
from bank.ledger.rules import Expiry
from bank.notices import actions
from bank.people.models import Person

NOTICE_DAYS = (7, 30, 60)  # DOMAIN rule 17.


def remind(*, expiry: Expiry, at: datetime) -> int:
    """Tell who loses points within 60 days, once at 60, 30 and 7 days before; answers how many notices were new.

    The amount is what would expire if nothing more were spent. After days without the job the nearest of the three is
    told alone, late.
    """
    today = clock.local_day(at)
    count, before = 0, dict[int, int]()
    for day in expiry_days(today, expiry):
        ending = {each.account_id: each.amount for each in endings(day, expiry)}
        left = (day - today).days
        step = next(each for each in NOTICE_DAYS if left <= each)
        own = {account: amount - before.get(account, 0) for account, amount in ending.items()}
        count += _tell({account: amount for account, amount in own.items() if amount > 0}, day, step, at)
        before = ending
    return count


def expiry_days(today: date, expiry: Expiry) -> Iterator[date]:
    """The days, from today to 60 days ahead, at whose end points expire."""
    if expiry.preset == "never":
        return
    last = today + timedelta(days=NOTICE_DAYS[-1])
    following = clock.next_month(today)
    while (day := following - timedelta(days=1)) <= last:
        if expiry.preset == "months" or day.month == 12:
            yield day
        following = clock.next_month(following)


def _tell(amounts: dict[int, int], day: date, step: int, at: datetime) -> int:
    facts: dict[int, actions.Facts] = defaultdict(dict)
    accounts = sorted(amounts)
    for start in range(0, len(accounts), actions.AT_ONCE):
        part = accounts[start : start + actions.AT_ONCE]
        owners = select(Person.id, Person.points_account_id).where(Person.points_account_id.in_(part))
        for person_id, account_id in db.session.execute(owners):
            facts[person_id] = {"points": amounts[account_id], "expires_on": day.isoformat()}
    return actions.tell_each(facts_of=facts, kind="points_expiring", key=f"expiry:{day}:{step}", at=at)
