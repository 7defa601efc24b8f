"""Orders of the cast's community in every state: wishes, services, projects, matters; lists, and a service bought with points."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from bank.access.member_code import member_code
from bank.clock import local_day
from bank.counter import consent, services
from bank.counter.actions import redeem
from bank.counter.rules import Wanted
from bank.db import db
from bank.demo.menu import ITEMS
from bank.demo.town import Community, Town
from bank.evaluations.rules import Device
from bank.ledger.queries import balance
from bank.orders import actions, dispatch, lists, menu, projects, queries
from bank.orders import code as codes
from bank.orders.models import MenuItem, Order
from bank.orders.rules import Look, NewListEntry, NewOrder
from bank.people.models import Person
from bank.rewards.models import Reward

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ORDERED_REWARD, ORDERED_ITEM = "水电维修上门一次", "水电维修"
# What is asked, its public title and kind of service, urgent, important, how far it gets, and how long ago it was asked.
WISHES = (
    ("家里水龙头漏水，我一个人不会修", "修水龙头", "repairs", 1, 0, "asked", 1),
    ("想学用手机挂号", "教手机挂号", "teaching", 0, 0, "asked", 0),
    ("老伴卧床，想请人帮忙翻身擦洗", "卧床老人擦洗", "elder_care", 1, 1, "looked_at", 1),
    ("孩子想要一套彩笔", "一套彩笔", "child_care", 0, 0, "hung", 20),
    ("想要一本字典", "一本新华字典", "child_care", 0, 0, "hung", 30),
    ("想有人陪着去公园走走", "陪老人逛公园", "elder_care", 0, 0, "hung", 26),
    ("想拍一张全家福", "拍全家福", "culture", 0, 0, "hung", 40),
    ("轮椅坏了，出不了门", "修轮椅", "repairs", 1, 1, "dispatched", 2),
    ("想请人写几封信", "代写信", "culture", 0, 0, "dispatched", 8),
    ("楼上漏水和邻居吵起来了", "邻里漏水调解", "mediation", 1, 0, "accepted", 10),
    ("想请人接孩子放学", "接孩子放学", "child_care", 0, 1, "accepted", 12),
    ("眼睛看不清，想有人读报", "给老人读报", "elder_care", 0, 0, "under_way", 20),
    ("灯泡坏了够不着", "换灯泡", "repairs", 1, 0, "done", 30),
    ("想把旧沙发搬下楼", "搬旧沙发", "environment", 0, 0, "rated", 50),
    ("想有人教视频通话", "教视频通话", "teaching", 0, 0, "posted", 70),
    ("想要一盆绿萝", "一盆绿萝", "environment", 0, 0, "posted", 90),
    ("想过一次集体生日", "过生日", "elder_care", 0, 0, "posted", 110),
    ("想找人修老收音机", "修收音机", "repairs", 0, 0, "not_met", 80),
    ("想借钱周转", "借钱", "other", 0, 0, "refused", 60),
    ("想请人遛狗", "遛狗", "other", 0, 0, "cancelled", 55),
)


@dataclass
class _Stage:
    """Who plays: the community with its dispatcher, and members who take what is open, each in turn."""

    home: Community
    helpers: list[Person]
    chance: random.Random
    number: int = 0

    def helper(self) -> Person:
        """The next member."""
        self.number += 1
        return self.helpers[self.number % len(self.helpers)]

    def phone(self) -> str:
        """A phone that nobody has."""
        return f"190{self.chance.randrange(10**8):08}"

    def device(self) -> Device:
        """Somebody's browser."""
        return Device(f"{self.chance.getrandbits(80):020x}")


def fill(town: Town, *, at: datetime, chance: random.Random) -> None:
    """Put the menu, the orders, the lists and a redeemed service into the first community."""
    home = town.communities[0]
    for name, category, way, minutes in ITEMS:
        menu.add_item(by=town.admin, unit_id=home.unit_id, name=name, category=category, way=way, usual_minutes=minutes)
    stage = _Stage(home, _helpers(home, town), chance)
    for wish in WISHES:
        _play(stage, *wish, at=at)
    _matters(stage, at=at)
    _projects(stage, at=at)
    _lists(town, at=at)
    _redeem(town, stage, at=at)


def _helpers(home: Community, town: Town) -> list[Person]:
    grown = [each.id for each in home.members if not each.is_minor][:12]
    return [db.session.get_one(Person, each) for each in grown if each != town.volunteer.id]


def _play(
    stage: _Stage, words: str, title: str, category: str, urgent: int, important: int, until: str, hours: int, *, at: datetime
) -> None:
    """Let one order get as far as a state."""
    home, by, asked_at = stage.home, stage.home.organizer, at - hours * HOUR - stage.chance.randint(3, 50) * MINUTE
    is_minor = category == "child_care" and "想要" in words
    new = NewOrder(
        kind="wish",
        unit_id=home.unit_id,
        wish=words,
        phone=stage.phone(),
        asker="小朋友" if is_minor else "一位住户",
        is_minor=is_minor,
    )
    order = actions.ask(by=None, new=new, at=asked_at)
    if until in ("asked", "cancelled"):
        if until == "cancelled":
            actions.cancel(link=queries.link_of(order), words="已经解决了", at=asked_at + HOUR)
        return
    look = Look(
        title=title, is_urgent=bool(urgent), is_important=bool(important), place=f"{home.name}北片", category=category
    )  # fmt: skip
    dispatch.look(by=by, order_id=order.id, look=look, at=asked_at + 9 * MINUTE)
    if until == "refused":
        dispatch.refuse(by=by, order_id=order.id, words="社区不办借款，可到便民窗口咨询临时救助", at=asked_at + 20 * MINUTE)
    elif until == "dispatched":
        dispatch.dispatch(by=by, order_id=order.id, unit_id=home.service_units[-1], at=asked_at + 12 * MINUTE)
    elif until != "looked_at":
        dispatch.hang(by=by, order_id=order.id, at=asked_at + 12 * MINUTE)
        _answer(stage, order, until, at=asked_at + HOUR)


def _answer(stage: _Stage, order: Order, until: str, *, at: datetime) -> None:
    """What a member and the asker do with an order on the tree."""
    if until == "hung":
        return
    if until == "not_met":
        words = "老收音机已没有配件，社区送了一台新的"
        dispatch.not_met(by=stage.home.organizer, order_id=order.id, words=words, at=at)
        return
    helper = stage.helper()
    actions.accept(by=helper, order_id=order.id, at=at)
    if until != "accepted":
        _serve(stage, order, helper, until, at=at + HOUR)


def _serve(stage: _Stage, order: Order, helper: Person, until: str, *, at: datetime) -> None:
    actions.start(by=helper, order_id=order.id, code=codes.service_code(order.key, "start"), at=at)
    if until == "under_way":
        return
    over = at + stage.chance.randint(20, 70) * MINUTE
    actions.finish(by=helper, order_id=order.id, code=codes.service_code(order.key, "end"), at=over)
    if until == "done":
        return
    link = queries.link_of(order)
    services.rate(link=link, mark=5, device=stage.device(), by=None, is_shown=True, at=over + 5 * MINUTE)
    if until == "posted":
        services.post(by=stage.home.organizer, order_id=order.id, words="心愿实现了", at=over + HOUR)


def _matters(stage: _Stage, *, at: datetime) -> None:
    """A matter that waits, one that is answered, and one that was asked twice."""
    by, unit_id = stage.home.organizer, stage.home.unit_id
    phone = stage.phone()
    texts = ("小区路灯坏了两盏", "医保卡怎么补办", "小区路灯坏了")
    first, answered, again = (
        actions.ask(
            by=None, new=NewOrder(kind="matter", unit_id=unit_id, wish=each, phone=phone), at=at - (5 - number) * HOUR
        )
        for number, each in enumerate(texts)
    )  # fmt: skip
    for order, title in ((first, "路灯不亮"), (answered, "补办医保卡")):
        look = Look(title=title, is_urgent=order is first, is_important=False, category="other")
        dispatch.look(by=by, order_id=order.id, look=look, at=at - 2 * HOUR)
    words = "带身份证到社区二楼窗口，当场补办"
    dispatch.answer(by=by, order_id=answered.id, words=words, at=at - HOUR)
    dispatch.repeat(by=by, order_id=again.id, first_id=first.id, at=at - HOUR)


def _projects(stage: _Stage, *, at: datetime) -> None:
    """A basic project on the tree, a key one to be claimed, a flagship one that a team has claimed."""
    by, home = stage.home.organizer, stage.home
    for level, title in (("basic", "楼道粉刷一日"), ("key", "小区口袋公园"), ("flagship", "银龄食堂志愿队")):
        new = NewOrder(kind="project", level=level, unit_id=home.unit_id, wish=f"{title}：邻里一起做", title=title)
        order = actions.ask(by=by, new=new, at=at - 30 * HOUR)
        look = Look(title=title, is_urgent=False, is_important=True, category="community_event")
        dispatch.look(by=by, order_id=order.id, look=look, at=at - 29 * HOUR)
        dispatch.hang(by=by, order_id=order.id, at=at - 28 * HOUR)
        if level == "flagship":
            projects.claim(by=by, order_id=order.id, unit_id=home.service_units[-1], at=at - 20 * HOUR)


def _lists(town: Town, *, at: datetime) -> None:
    """Needs and problems of one community, services of the next; one of them claimed and met."""
    here, there = town.communities[0], town.communities[1]
    today = local_day(at)
    for community, kind, category, title in (
        (here, "need", "elder_care", "独居老人每周探访"),
        (here, "need", "health", "季度义诊"),
        (here, "problem", "environment", "楼道杂物"),
        (there, "service", "elder_care", "结对陪护老人"),
        (there, "service", "health", "医院义诊队"),
        (there, "need", "teaching", "手机课堂"),
    ):
        new = NewListEntry(unit_id=community.unit_id, quarter=today, kind=kind, category=category, title=title)
        entry = lists.add(by=community.organizer, new=new, at=at - 50 * HOUR)
        lists.publish(by=community.organizer, unit_id=community.unit_id, quarter=today)
        if title == "季度义诊":
            lists.claim(by=there.organizer, entry_id=entry.id, unit_id=there.unit_id, at=at - 40 * HOUR)
            words = "两次义诊，服务 86 人"
            lists.conclude(by=here.organizer, entry_id=entry.id, is_met=True, words=words, at=at - 3 * HOUR)


def _redeem(town: Town, stage: _Stage, *, at: datetime) -> None:
    """A service of the catalogue that opens an order: once served and struck off, once waiting."""
    home, clerk = town.communities[0], town.communities[0].counter.clerk
    here = (Reward.unit_id == home.unit_id, Reward.name == ORDERED_REWARD)
    reward = db.session.scalars(select(Reward).where(*here)).one()
    item = db.session.scalars(select(MenuItem).where(MenuItem.unit_id == home.unit_id, MenuItem.name == ORDERED_ITEM)).one()
    services.link_menu(by=town.admin, reward_id=reward.id, menu_item_id=item.id)
    rich = [each for each in stage.helpers if balance(each.points_account_id) >= reward.points][:2]
    for person, until in zip(rich, ("posted", "asked"), strict=False):
        asked_at = at - 6 * HOUR
        agreed = consent.by_code(by=clerk, code=member_code(person, at=asked_at), at=asked_at)
        wanted = Wanted(person_id=person.id, reward_id=reward.id)
        key = f"{stage.chance.getrandbits(80):020x}"
        redemption = redeem(by=clerk, wanted=wanted, agreed=agreed, key=key, at=asked_at)
        order = services.order_of_entry(redemption.entry_id)
        assert order is not None, "a linked reward opens an order"
        if until == "posted":
            look = Look(title="修水管", is_urgent=True, is_important=False, category="repairs")
            dispatch.look(by=home.organizer, order_id=order.id, look=look, at=asked_at + 5 * MINUTE)
            dispatch.hang(by=home.organizer, order_id=order.id, at=asked_at + 6 * MINUTE)
            helper = next(each for each in stage.helpers if each.id != person.id and _is_free(each))
            actions.accept(by=helper, order_id=order.id, at=asked_at + 20 * MINUTE)
            _serve(stage, order, helper, "posted", at=asked_at + HOUR)


def _is_free(person: Person) -> bool:
    return not [each for each in queries.taken_by(person.id) if each.state in ("accepted", "under_way")]
