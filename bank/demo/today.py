"""What can be tried at once: an activity that is open for hours, others to come, and some that wait to be confirmed."""

import random
from datetime import datetime, time, timedelta

from sqlalchemy import select

from bank.activities.actions import publish
from bank.activities.models import Activity
from bank.activities.rules import NewActivity
from bank.attendance import actions, queries, ticket
from bank.attendance.rules import ACCEPTED, Gate, NewScan
from bank.clock import local_day, local_instant
from bank.db import db, random_key
from bank.demo import services
from bank.demo.town import Community, Town
from bank.people.models import Person

OPEN_FOR = timedelta(hours=10)
RENEW_BEFORE = timedelta(hours=2)
UPCOMING_DAYS = (0, 1, 2, 3, 4, 5, 7, 9)  # In how many days the next activities of the cast's community take place.
WAITING_COMMUNITIES = 6
NEIGHBOURS = 4  # How many members have come to the open activity already.
CAME, COME = (5, 12), (10, 30)  # How many came to what waits, and how many are wanted for what is to come.
PLANNED_BEFORE = timedelta(days=3)


def open_for_hours(organizer: Person, *, at: datetime) -> Activity | None:
    """Have one activity of the organizer's community that takes check-ins for hours; None if there is one already."""
    is_open = (Activity.starts_at <= at) & (Activity.ends_at >= at + RENEW_BEFORE) & (Activity.state == "published")
    if db.session.scalar(select(Activity.id).where(Activity.unit_id == organizer.unit_id, is_open).limit(1)) is not None:
        return None
    starts_at = at.replace(minute=at.minute // 10 * 10, second=0, microsecond=0) - timedelta(minutes=20)
    new = NewActivity(
        name="便民服务驿站值守",
        category="civility",
        place=f"{organizer.unit.name}便民服务驿站",
        content="为过路居民提供热水、充电、雨具和问路服务，协助老人预约挂号；随到随签，轮流值守。",
        starts_at=starts_at,
        ends_at=starts_at + OPEN_FOR,
        capacity=60,
        unit_id=organizer.unit_id,
        leader_id=organizer.id,
    )
    return publish(by=organizer, new=new, at=starts_at - PLANNED_BEFORE)


def prepare(town: Town, *, at: datetime, chance: random.Random) -> None:
    """Publish what runs, what is to come and what waits, with the people who came."""
    home = town.communities[0]
    running = open_for_hours(home.organizer, at=at)
    if running is not None:
        _come(running, home, chance)
    for days in UPCOMING_DAYS:
        _publish(home, days, at=at, chance=chance)
    for community in town.communities[1:]:
        _publish(community, chance.randint(1, 10), at=at, chance=chance)
    _wait_to_be_confirmed(home, -1, at=at, chance=chance, regular=town.volunteer)
    for community in (home, *town.communities[1:WAITING_COMMUNITIES]):
        _wait_to_be_confirmed(community, -2, at=at, chance=chance)


def _publish(community: Community, days: int, *, at: datetime, chance: random.Random) -> Activity:
    """An activity in so many days, of a kind that fits the season; today's begins in two hours."""
    day = local_day(at) + timedelta(days=days)
    kinds = [each for each in services.KINDS if day.month in each.months and (day.weekday() in each.weekdays)]
    [kind] = chance.choices(kinds, [each.weight for each in kinds])
    starts_at = local_instant(day, time.fromisoformat(chance.choice(kind.starts)))
    if days == 0:
        starts_at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
    new = NewActivity(
        name=f"{community.name}{kind.name}",
        category=kind.category,
        place=kind.place_in(community.name, chance),
        content=kind.content,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=chance.choice(kind.minutes)),
        capacity=chance.randint(*COME),
        class_percent=chance.choice(kind.percents),
        unit_id=community.unit_id,
        leader_id=community.organizer.id,
    )
    return publish(by=community.organizer, new=new, at=min(at, starts_at - PLANNED_BEFORE))


def _wait_to_be_confirmed(
    community: Community, days: int, *, at: datetime, chance: random.Random, regular: Person | None = None
) -> None:
    """An activity of a day that is over, with the people who came and went; where a regular came, another forgot to check out."""
    activity = _publish(community, days, at=at, chance=chance)
    came = _some_adults(community, chance.randint(*CAME), chance) + ([regular] if regular else [])
    for number, person in enumerate(came):
        _scan("in", activity, person, activity.starts_at - _minutes(chance))
        if number > 0 or regular is None:
            _scan("out", activity, person, activity.ends_at + _minutes(chance))


def _come(activity: Activity, community: Community, chance: random.Random) -> None:
    for person in _some_adults(community, NEIGHBOURS, chance):
        _scan("in", activity, person, activity.starts_at + _minutes(chance))


def _some_adults(community: Community, count: int, chance: random.Random) -> list[Person]:
    adult_ids = [each.id for each in community.members if not each.is_minor]
    return [db.session.get_one(Person, each) for each in chance.sample(adult_ids, min(count, len(adult_ids)))]


def _minutes(chance: random.Random) -> timedelta:
    return timedelta(seconds=chance.randint(0, 15 * 60))


def _scan(kind: str, activity: Activity, person: Person, at: datetime) -> None:
    """What happens when a phone opens the link that the activity's screen shows at that moment."""
    code = ticket.link_code(activity.id, activity.key, secret=queries.secret(), at=at)
    scan = NewScan(nonce=random_key(), kind=kind, code=code)
    taken = actions.take(by=person, scan=scan, gate=Gate(), at=at)
    assert taken.answer in ACCEPTED, taken.answer
