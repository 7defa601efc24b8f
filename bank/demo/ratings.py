"""Stars of the demo town: last year's are fixed, this year's stand, one fifth star waits, and home units hear from some."""

import random
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from bank.clock import local_day, local_instant
from bank.communities import actions as communities
from bank.consents import actions as consents
from bank.db import db
from bank.demo.town import Town
from bank.feedback import actions as feedback
from bank.honours import actions as honours
from bank.honours.rules import HONOUR, Level
from bank.ledger import actions as ledger
from bank.ledger.queries import system_account
from bank.ledger.rules import NewEntry, NewTransfer
from bank.people.models import Person
from bank.ratings import nightly

PUBLIC_PERCENT, HOME_UNIT_PERCENT = 50, 40
VETERAN_HOURS = 1500
REASON = "二十年如一日照看独居老人，居民公认。"


def rate(town: Town, veteran: Person | None, *, at: datetime, chance: random.Random) -> None:
    """Let members agree or not, then do what the clock would have done."""
    volunteer = db.session.get_one(Person, town.volunteer.id)
    volunteer.is_in_service, volunteer.home_unit_id = True, town.home_unit_ids[0]
    _ask(volunteer.id, at=at, chance=chance)
    year = local_day(at).year - 1
    fixed_at = local_instant(date(year + 1, nightly.FIXED_MONTH, nightly.FIXED_DAY), time(4))
    if fixed_at <= at:
        nightly.fix(year=year, at=fixed_at)
        communities.fix(year=year, at=fixed_at)
    nightly.recompute_open(at=at)
    communities.recompute_open(at=at)
    honours.award_due(at=at)
    organizer = town.communities[0].organizer
    if veteran is not None:
        fifth = Level(HONOUR, 5)
        honours.propose(by=organizer, person_id=veteran.id, level=fifth, is_given=True, reason=REASON, at=at)
    feedback.prepare(quarter=_last_quarter(local_day(at)), at=at)


def _ask(volunteer_id: int, *, at: datetime, chance: random.Random) -> None:
    """Some in-service members agree to the public list, fewer to their home unit; the cast's volunteer to both."""
    ids = list(db.session.scalars(select(Person.id).where(Person.is_in_service).order_by(Person.id)))
    for purpose, percent in (("public_list", PUBLIC_PERCENT), ("home_unit", HOME_UNIT_PERCENT)):
        agreed = [each for each in ids if each == volunteer_id or chance.randrange(100) < percent]
        consents.decide_consents(by=None, person_ids=agreed, purpose=purpose, is_given=True, at=at - timedelta(days=200))


def carry_over(town: Town, *, at: datetime) -> Person | None:
    """An adult of the first community, whose hours of the years before the bank are carried over on its first day."""
    grown = [each.id for each in town.communities[0].members if not each.is_minor and each.id != town.volunteer.id]
    if not grown:
        return None
    person = db.session.get_one(Person, grown[0])
    move = NewTransfer("minutes", system_account("served", "minutes"), person.minutes_account_id, VETERAN_HOURS * 60)
    entry = NewEntry(
        key="demo:veteran",
        kind="import",
        effective_on=local_day(at),
        transfers=(move,),
        recorded_by=town.admin.key,
        approved_by=town.communities[0].organizer.key,
        reason="开户以前的服务时长",
    )
    ledger.post([entry], at=at)
    return person


def _last_quarter(today: date) -> date:
    """The first day of the last quarter that is over."""
    month = (today.month - 1) // 3 * 3 + 1
    return date(today.year, month - 3, 1) if month > 3 else date(today.year - 1, 10, 1)
