"""Lets 14 months pass in the demo town: members come, serve, take rewards; months are closed and stated when they are over."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate

from sqlalchemy import text

from bank.clock import local_instant, month_start, next_month
from bank.db import db
from bank.demo import counter, services
from bank.demo.town import Community, Town, enrol_wave
from bank.hours import actions as hours
from bank.hours.rules import NewPart, NewService, Stay
from bank.ledger import actions as ledger
from bank.people.models import Person
from bank.statements import actions as statements

MONTHS = 14
QUIET_DAYS = 2  # The last days before `until` belong to activities that still wait for confirmation.
FIRST_WAVE_PERCENT = 60
PERIOD_STARTS = (1, 8, 15, 22)
# How busy a month is, of a hundred: March is the month of volunteers, the Spring Festival and deep winter are quiet.
BUSY = {1: 80, 2: 75, 3: 140, 4: 110, 5: 105, 6: 100, 7: 90, 8: 90, 9: 105, 10: 110, 11: 100, 12: 105}
LEFT_EARLY, LATE, SUPPLEMENTED = 0.012, 0.06, 0.007  # Shares of all parts.
REGULAR = 0.85  # How likely the cast's volunteer joins each of the first two services of a period.
NOT_FOR_MINORS = ("safety_patrol", "emergency", "mediation", "elder_care", "health")


@dataclass(frozen=True)
class Period:
    """About a week inside one month, both days included."""

    first: date
    last: date

    @property
    def weight(self) -> int:
        """How much of the history falls into it."""
        return ((self.last - self.first).days + 1) * BUSY[self.first.month]


def first_day(until: date) -> date:
    """Where the history begins: with the 13th month before the one of `until`."""
    number = until.year * 12 + until.month - MONTHS
    return date(number // 12, number % 12 + 1, 1)


def live(town: Town, *, until: date, chance: random.Random) -> Iterator[tuple[date, int]]:
    """Let one period after the other pass; answers its last day and how many records there are by then."""
    begin = first_day(until)
    periods = list(_periods(begin, until - timedelta(days=QUIET_DAYS)))
    total = sum(each.weight for each in periods)
    done = 0
    for period in periods:
        if period.first.day == 1:
            _begin_month(town, period.first, begin=begin, until=until, chance=chance)
        share = period.weight / total
        counter.redeem_some(town, period.first, period.last, round(town.size.redemptions * share), chance=chance)
        done += _serve(town, period, town.size.records * share, chance)
        yield period.last, done


def _periods(begin: date, until: date) -> Iterator[Period]:
    month = begin
    while month < until:
        for first in (month.replace(day=day) for day in PERIOD_STARTS):
            following = first + timedelta(days=7) if first.day < PERIOD_STARTS[-1] else next_month(month)
            if first < until:
                yield Period(first, min(following, until) - timedelta(days=1))
        month = next_month(month)


def _begin_month(town: Town, month: date, *, begin: date, until: date, chance: random.Random) -> None:
    """What happens on the first days: close and state the month before, receive goods, enrol who is new."""
    previous = month_start(month - timedelta(days=1))
    if begin <= previous and next_month(month) <= month_start(until):
        # The last month that is over is left to the jobs, so that they have something to do.
        ledger.close_month(month=previous, at=local_instant(month, time(2)))
        statements.issue(month=previous, at=local_instant(month.replace(day=5), time(6)))
    counter.refill(town, month)
    passed = (month.year - begin.year) * 12 + month.month - begin.month
    count = _newcomers(town.size.people, passed)
    enrol_wave(town, count, chance=chance, at=local_instant(month, time(9)), until=until)
    if passed & (passed - 1) == 0:  # The planner knows nothing yet of tables that grow from nothing: tell it as they double.
        db.session.execute(text("ANALYZE"))


def _newcomers(people: int, passed: int) -> int:
    """How many enrol when so many months have passed: most at once, the rest evenly, nobody in the last month."""
    first = people * FIRST_WAVE_PERCENT // 100
    waves, rest = MONTHS - 2, people - first
    if passed == 0:
        return first
    return rest * passed // waves - rest * (passed - 1) // waves if passed <= waves else 0


def _serve(town: Town, period: Period, records: float, chance: random.Random) -> int:
    """All services of a period, imported street by street on its last evening; answers how many records were written."""
    size = sum(each.size for each in town.communities)
    at = local_instant(period.last, time(23))
    written = 0
    for street, coordinator in enumerate(town.coordinators):
        batch = [
            service
            for number, community in enumerate(town.communities)
            if community.street == street
            for service in _services(town, community, number, period, records * community.size / size, coordinator, chance)
        ]
        written += sum(each.record_count for each in hours.import_services(by=coordinator, services=batch, at=at))
    return written


def _services(
    town: Town, community: Community, number: int, period: Period, records: float, by: Person, chance: random.Random
) -> Iterator[tuple[NewService, list[NewPart]]]:
    """Services of one community until about so many parts are given out; nobody serves twice on a day."""
    busy: dict[date, set[int]] = {}
    weights = list(accumulate(each.zeal for each in community.members))
    kinds = [each for each in services.KINDS if period.first.month in each.months]
    left, place = int(records) + (chance.random() < records % 1), 0
    while left > 0 and community.members:
        place += 1
        [kind] = chance.choices(kinds, [each.weight for each in kinds])
        day = _day(period, kind, chance)
        count = min(left, chance.randint(*town.size.group))
        taken = busy.setdefault(day, set())
        who = _who(community, weights, kind, count, taken, chance)
        if number == 0 and place <= 2 and town.volunteer.id not in taken and chance.random() < REGULAR:
            who.append(town.volunteer.id)
        taken.update(who)
        left -= max(len(who), 1)
        if who:
            service = _service(f"demo:{number}:{day}:{place}", community, kind, day, chance)
            yield service, [_part(each, service, community, by, chance) for each in who]


def _day(period: Period, kind: services.Kind, chance: random.Random) -> date:
    days = [period.first + timedelta(days=each) for each in range((period.last - period.first).days + 1)]
    return chance.choice([each for each in days if each.weekday() in kind.weekdays] or days)


def _who(
    community: Community, weights: list[float], kind: services.Kind, count: int, taken: set[int], chance: random.Random
) -> list[int]:
    """Different members who are free that day and of age for it, fewer than wanted where few are left."""
    who: dict[int, None] = {}
    for each in chance.choices(community.members, cum_weights=weights, k=count * 2):
        if len(who) < count and each.id not in taken and not (each.is_minor and kind.category in NOT_FOR_MINORS):
            who[each.id] = None
    return list(who)


def _service(source: str, community: Community, kind: services.Kind, day: date, chance: random.Random) -> NewService:
    starts_at = local_instant(day, time.fromisoformat(chance.choice(kind.starts)))
    return NewService(
        source=source,
        name=f"{community.name}{kind.name}",
        category=kind.category,
        place=kind.place_in(community.name, chance),
        content=kind.content,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=chance.choice(kind.minutes)),
        class_percent=chance.choice(kind.percents),
        unit_id=chance.choice(community.service_units),
        leader_id=chance.choice(community.leader_ids),
    )


def _part(person_id: int, service: NewService, community: Community, by: Person, chance: random.Random) -> NewPart:
    luck = chance.random()
    stay = _stay(service, luck, chance)
    approver = community.organizer.id
    if luck > 1 - SUPPLEMENTED and approver not in (person_id, by.id):
        whole = (Stay(service.starts_at, service.ends_at),)
        reason = chance.choice(services.SUPPLEMENT_REASONS)
        return NewPart(person_id=person_id, stays=whole, evidence="supplemented", reason=reason, approved_by_id=approver)
    return NewPart(person_id=person_id, stays=(stay,))


def _stay(service: NewService, luck: float, chance: random.Random) -> Stay:
    """Most come a little early and leave a little late; some are late, and a few go long before the end."""
    length = service.ends_at - service.starts_at
    came_at = _about(service.starts_at, chance, -15, 0 if luck > LATE else 12)
    left_at = service.starts_at + length * 0.4 if luck < LEFT_EARLY else _about(service.ends_at, chance, 0, 12)
    return Stay(came_at, left_at)


def _about(moment: datetime, chance: random.Random, early: int, late: int) -> datetime:
    return moment + timedelta(seconds=chance.randint(early * 60, late * 60))
