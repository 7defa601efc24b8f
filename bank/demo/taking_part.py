"""Who takes part in what is to come, what repeats or is only drafted, and what is to be looked into after an activity."""

import random
from datetime import datetime, time, timedelta

from sqlalchemy import select

from bank.activities import actions as activities
from bank.activities.models import Activity
from bank.activities.rules import NewActivity
from bank.attendance.models import Attendance
from bank.clock import local_day, local_instant
from bank.closing import actions as closing
from bank.closing.rules import NewSupplement
from bank.db import db
from bank.demo.town import Community, Town
from bank.hours.queries import records_of
from bank.joining import actions as joining
from bank.people.models import Person
from bank.publicity.objections import object_to_record

WEEKS = 8
PLACES = 4  # So few that some wait.
JOINED, DISOWNED = (2, 7), 12
SATURDAY = 5


def prepare(town: Town, *, at: datetime, chance: random.Random) -> None:
    """Every Saturday at the first community, with a waiting list; a draft; an objection; time that waits for a second person."""
    home = town.communities[0]
    saturdays = _every_saturday(home, at)
    _join(home, saturdays[0], town.volunteer, at, chance)
    for activity in _coming(home, at):
        _join(home, activity, None, at, chance)
    _draft(home, at)
    _disown(home, at, chance)
    _supplement(home, at)


def _every_saturday(home: Community, at: datetime) -> list[Activity]:
    today = local_day(at)
    first = today + timedelta(days=(SATURDAY - today.weekday()) % 7 or 7)
    starts_at = local_instant(first, time(9))
    new = NewActivity(
        name=f"{home.name}周六公益课堂",
        category="teaching",
        place=f"{home.name}多功能厅",
        content="陪小学生写作业、读绘本，教老人用手机；志愿者请提前十分钟到。",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        capacity=PLACES,
        unit_id=home.unit_id,
        leader_id=home.organizer.id,
    )
    until_on = first + timedelta(weeks=WEEKS - 1)
    return activities.publish_series(by=home.organizer, new=new, until_on=until_on, at=at - timedelta(days=2))


def _coming(home: Community, at: datetime) -> list[Activity]:
    soon = (Activity.unit_id == home.unit_id, Activity.starts_at > at, Activity.series_id.is_(None))
    return list(db.session.scalars(select(Activity).where(*soon).order_by(Activity.starts_at, Activity.id).limit(4)))


def _join(home: Community, activity: Activity, regular: Person | None, at: datetime, chance: random.Random) -> None:
    """Some of the community's adults, one after the other, and last the regular, who finds the places taken."""
    adult_ids = [each.id for each in home.members if not each.is_minor]
    count = min(chance.randint(*JOINED) if regular is None else PLACES, len(adult_ids))
    ids = [each for each in chance.sample(adult_ids, count) if regular is None or each != regular.id]
    persons = [db.session.get_one(Person, each) for each in ids] + ([regular] if regular else [])
    for minutes, person in enumerate(persons):
        when = at - timedelta(days=1) + timedelta(minutes=minutes)
        joining.join(by=person, activity_id=activity.id, is_workplace_agreed=True, at=when)


def _draft(home: Community, at: datetime) -> None:
    content = {"name": f"{home.name}邻里节", "place": "中心广场", "content": "摊位、节目和安全保障还在商量。", "capacity": 40}
    activities.save_draft(by=home.organizer, unit_id=home.unit_id, content=content | {"unit_id": home.unit_id}, at=at)


def _disown(home: Community, at: datetime, chance: random.Random) -> None:
    """One member says of an old record that it was somebody else."""
    for each in home.members[:DISOWNED]:
        records = records_of(each.id, limit=1)
        if records and not each.is_minor:
            person = db.session.get_one(Person, each.id)
            key, yesterday = f"{chance.getrandbits(80):020x}", at - timedelta(days=1)
            object_to_record(by=person, record_id=records[0].id, words="那天我不在家，请核查。", key=key, at=yesterday)
            return


def _supplement(home: Community, at: datetime) -> None:
    """Who forgot to check out yesterday waits for a second person."""
    closing.close_forgotten(at=at)
    forgotten = db.session.scalars(
        select(Attendance).join(Attendance.activity).where(Attendance.forgotten_at.is_not(None), Activity.unit_id == home.unit_id)
    ).first()
    if forgotten is not None and forgotten.person_id != home.organizer.id:
        new = NewSupplement(
            activity_id=forgotten.activity_id, person_ids=(forgotten.person_id,), reason="手机没电未能签退，负责人现场核对"
        )
        closing.ask_supplements(by=home.organizer, new=new, at=at)
