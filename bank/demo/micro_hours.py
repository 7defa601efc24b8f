"""Micro-hours of the cast's community: recorded ones, some that wait in each way, and one that a recipient denied."""

import random
from datetime import datetime, timedelta

from bank.db import db
from bank.demo.town import Community, Town
from bank.evaluations.rules import Device
from bank.micro_hours import actions
from bank.micro_hours.models import MicroHour
from bank.micro_hours.rules import NewMicroHour
from bank.people.models import Person

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
SMALL_SERVICES = (
    ("elder_care", "帮独居老人买菜取药", "2号院3单元"),
    ("repairs", "换楼道灯泡", "5号院1单元"),
    ("environment", "清理楼门口积水", "1号院"),
    ("disability_help", "陪轮椅居民去卫生站", "社区卫生服务站"),
    ("safety_patrol", "护送晚自习学生过街", "中心十字路口"),
    ("teaching", "教老人视频通话", "老年活动室"),
    ("elder_care", "给行动不便老人送午饭", "幸福餐厅"),
)
CONFIRMED, RECORDED = 5, 3


def log(town: Town, *, at: datetime, chance: random.Random) -> None:
    """Let in-service members of the first community serve in the week before `at`."""
    home = town.communities[0]
    members = _in_service(home)
    if not members:
        return
    done = [_serve(members[number % len(members)], home, number, at=at, chance=chance) for number in range(len(SMALL_SERVICES))]
    for number, each in enumerate(done[:CONFIRMED]):
        assert each.stopped_at is not None, "it was stopped just now"
        phone, mark = Device(f"{chance.getrandbits(80):020x}"), 5 - number % 2
        actions.confirm_by_link(key=each.key, mark=mark, device=phone, by=None, at=each.stopped_at + 2 * MINUTE)
    actions.record(by=home.organizer, micro_hour_ids=[each.id for each in done[:RECORDED]], at=at - 60 * MINUTE)
    denied = done[-1]
    phone = Device(f"{chance.getrandbits(80):020x}")
    actions.deny_by_link(key=denied.key, device=phone, by=None, at=at - 30 * MINUTE)


def _in_service(home: Community) -> list[Person]:
    people = [db.session.get_one(Person, each.id) for each in home.members if not each.is_minor]
    return [each for each in people if each.is_in_service][: len(SMALL_SERVICES)]


def _serve(member: Person, home: Community, number: int, *, at: datetime, chance: random.Random) -> MicroHour:
    category, title, place = SMALL_SERVICES[number]
    began = at - DAY - number * 5 * 60 * MINUTE / 2
    new = NewMicroHour(category=category, title=title, place=home.name + place, unit_id=home.unit_id)
    actions.start(by=member, new=new, at=began)
    return actions.stop(by=member, at=began + chance.randint(15, 80) * MINUTE)
