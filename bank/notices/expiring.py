"""Tells members 60, 30 and 7 days before that points of theirs expire."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from bank import clock
from bank.db import db
from bank.ledger.expiry import endings
from bank.ledger.rules import Expiry
from bank.notices import actions
from bank.people.models import Person

NOTICE_DAYS = (7, 30, 60)  # DOMAIN rule 17.


@dataclass(frozen=True)
class Reminder:
    """That points (in hundredths, by account) expire when a day is over, told so many days before."""

    day: date
    days_before: int
    amounts: dict[int, int]


def reminders(*, expiry: Expiry, at: datetime) -> list[Reminder]:
    """Who loses points within 60 days, to be told once at 60, 30 and 7 days before; of some hundred members each.

    The amount is what would expire if nothing more were spent. After days without the job the nearest of the three is
    told alone, late.
    """
    today = clock.local_day(at)
    found, before = list[Reminder](), dict[int, int]()
    for day in expiry_days(today, expiry):
        ending = {each.account_id: each.amount for each in endings(day, expiry)}
        left = (day - today).days
        step = next(each for each in NOTICE_DAYS if left <= each)
        own = ((account, amount - before.get(account, 0)) for account, amount in sorted(ending.items()))
        told = [(account, amount) for account, amount in own if amount > 0]
        starts = range(0, len(told), actions.AT_ONCE)
        found += (Reminder(day, step, dict(told[start : start + actions.AT_ONCE])) for start in starts)
        before = ending
    return found


def tell_some(reminder: Reminder, *, at: datetime) -> int:
    """Tell the members of a reminder, each once; answers how many had not been told before."""
    owners = select(Person.id, Person.points_account_id).where(Person.points_account_id.in_(reminder.amounts))
    facts: dict[int, actions.Facts] = {
        person_id: {"points": reminder.amounts[account_id], "expires_on": reminder.day.isoformat()}
        for person_id, account_id in db.session.execute(owners)
    }
    key = f"expiry:{reminder.day}:{reminder.days_before}"
    return actions.tell_each(facts_of=facts, kind="points_expiring", key=key, at=at)


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
