"""What can be looked at and tried at the counter at once: batches, reservations, a return, appointments, a day signed off."""

import random
from datetime import datetime, time, timedelta

from sqlalchemy import select

from bank.access.member_code import member_code
from bank.clock import local_day, local_instant
from bank.counter import actions, appointments, consent, day, holds, queries
from bank.counter.models import Redemption
from bank.counter.rules import Wanted
from bank.db import db
from bank.demo.town import Community, Town
from bank.ledger.models import Account
from bank.ledger.queries import balance
from bank.people.models import Person
from bank.rewards import actions as rewards
from bank.rewards import stock
from bank.rewards.models import Reward
from bank.rewards.rules import NewBatch, NewReward

RICE, EGGS, SALT = "大米(5千克)", "鸡蛋(30枚)", "食盐(2袋)"
SOAP, TISSUES = "肥皂(2块)", "抽纸(3包)"
HAIRCUT, CLEANING, CHECK_UP = "义务理发一次", "家政保洁2小时", "血压血糖上门检测"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def prepare(town: Town, *, at: datetime, chance: random.Random) -> None:
    """Let yesterday happen at the first community's counter, sign it off, and leave today's work waiting."""
    _Desk(town, at, chance).live()


class _Desk:
    """The first community's counter with its clerk, and its members by how much they have."""

    def __init__(self, town: Town, at: datetime, chance: random.Random) -> None:
        home = town.communities[0]
        self.town, self.home, self.at, self.chance = town, home, at, chance
        self.clerk = home.counter.clerk
        self.yesterday = local_instant(local_day(at) - DAY, time(9))
        shelf = db.session.scalars(select(Reward).where(Reward.unit_id == home.unit_id))
        self.shelf = {each.name: each for each in shelf}
        self.guests = _guests(home)

    def live(self) -> None:
        self._receive_batches()
        self._keep_for_the_first_star()
        self._fetch_and_undo()
        self._agree_on_services()
        self._sign_off()
        self._ask_for_a_return()
        self._reserve_for_today()

    def _receive_batches(self) -> None:
        """Eggs that are fresh, and some that were forgotten in the cupboard."""
        today = local_day(self.at)
        for label, days_old, days_left, quantity in (("旧批", 40, -3, 4), ("新批", 1, 25, 20), ("预备批", 1, 40, 20)):
            received_at = self.yesterday - (days_old - 1) * DAY
            batch = NewBatch(label=label, best_before=today + days_left * DAY)
            self._receive(EGGS, quantity, batch, received_at)
        self._receive(RICE, 10, NewBatch(label="秋粮", best_before=today + 300 * DAY), self.yesterday)

    def _receive(self, name: str, quantity: int, batch: NewBatch, at: datetime) -> None:
        reward = self.shelf[name]
        by = self.town.admin
        rewards.receive_stock(by=by, reward_id=reward.id, quantity=quantity, reason="超市送货", batch=batch, at=at)

    def _keep_for_the_first_star(self) -> None:
        """A cup that only members with a star take, this season."""
        today = local_day(self.at)
        new = NewReward(
            unit_id=self.home.unit_id, kind="goods", name="一星志愿者纪念杯", points=500, stock=12, stars_min=1, monthly_limit=1,
            offered_from=today - 10 * DAY, offered_until=today + 80 * DAY, about="本季限量，一星以上志愿者可换。",
        )  # fmt: skip
        rewards.add_reward(by=self.town.admin, new=new, at=self.yesterday)

    def _fetch_and_undo(self) -> None:
        """Yesterday: one fetches what was reserved, one takes soap and brings it back at once, two cancel or take part."""
        fetched = self._reserve(self.guests[0], TISSUES, self.yesterday - 2 * DAY)
        self._reserve_and_cancel(self.guests[1], SALT, self.yesterday - DAY)
        code = queries.pickup_code(fetched)
        assert code is not None, "what was just reserved has its code"
        holds.collect(by=self.clerk, code=code, at=self.yesterday + 10 * MINUTE)
        wrong = self._redeem(self.guests[2], SOAP, self.yesterday + 20 * MINUTE)
        actions.undo(by=self.clerk, redemption_id=wrong.id, reason="拿错了，要的是抽纸", at=self.yesterday + 24 * MINUTE)
        self._redeem(self.guests[2], TISSUES, self.yesterday + 26 * MINUTE)

    def _agree_on_services(self) -> None:
        """Four services: asked for, agreed, done, and not done and paid back."""
        names = (HAIRCUT, CLEANING, CHECK_UP, HAIRCUT)
        opened = [
            self._redeem(guest, name, self.yesterday + (30 + number) * MINUTE).appointment
            for number, (guest, name) in enumerate(zip(self.guests[3:7], names, strict=True))
        ]
        for number, appointment in enumerate(opened[1:]):
            assert appointment is not None, "a community service opens an appointment"
            agreed_for = self.at + 2 * DAY if number == 0 else self.yesterday + 60 * MINUTE
            appointments.agree(
                by=self.clerk, appointment_id=appointment.id, agreed_for=agreed_for, performer="社区便民服务队",
                at=self.yesterday + 40 * MINUTE,
            )  # fmt: skip
        done, missed = opened[2], opened[3]
        assert done is not None and missed is not None, "each of the four was opened"
        late = self.yesterday + 120 * MINUTE
        appointments.finish(by=self.clerk, appointment_id=done.id, note="已上门，储户满意", at=late)
        appointments.give_up(by=self.clerk, appointment_id=missed.id, reason="师傅临时生病，改由储户重新预约", at=late)

    def _sign_off(self) -> None:
        """Count what moved yesterday, one bar of soap short, and sign."""
        counter, evening = self.shelf[SOAP].counters[0], self.yesterday + timedelta(hours=8)
        for reward in day.to_count(counter.id, local_day(evening)):
            lies_there = sum(each.free + each.held for each in stock.batches(reward.id, counter.id))
            short = 1 if reward.name == SOAP else 0
            rewards.count_stock(
                by=self.clerk, counter_id=counter.id, reward_id=reward.id, counted=lies_there - short,
                reason="少一份，货架查找未见" if short else "", at=evening,
            )  # fmt: skip
        day.close(by=self.clerk, counter_id=counter.id, at=evening + 5 * MINUTE)

    def _ask_for_a_return(self) -> None:
        """One return was agreed to, another waits for the administrator's word."""
        kept = [self._redeem(guest, RICE, self.at - 3 * DAY) for guest in self.guests[7:9]]
        for each in kept:
            actions.ask_return(by=self.clerk, redemption_id=each.id, reason="打开发现有虫", at=self.at - 2 * DAY)
        actions.approve_return(by=self.town.admin, redemption_id=kept[0].id, is_usable=False, at=self.at - DAY)

    def _reserve_for_today(self) -> None:
        """The cast's volunteer and two others have something waiting."""
        for guest, name in ((self.town.volunteer, TISSUES), (self.guests[9], RICE), (self.guests[10], EGGS)):
            if balance(guest.points_account_id) >= self.shelf[name].points:
                self._reserve(guest, name, self.at - 30 * MINUTE)

    def _redeem(self, person: Person, name: str, at: datetime) -> Redemption:
        agreed = consent.by_code(by=self.clerk, code=member_code(person, at=at), at=at)
        wanted = Wanted(person_id=person.id, reward_id=self.shelf[name].id)
        return actions.redeem(by=self.clerk, wanted=wanted, agreed=agreed, key=self._key(), at=at)

    def _reserve(self, person: Person, name: str, at: datetime) -> Redemption:
        wanted = Wanted(person_id=person.id, reward_id=self.shelf[name].id)
        return holds.reserve(by=person, wanted=wanted, key=self._key(), at=at)

    def _reserve_and_cancel(self, person: Person, name: str, at: datetime) -> None:
        held = self._reserve(person, name, at)
        holds.cancel(by=person, redemption_id=held.id, reason="改主意了", at=at + 30 * MINUTE)

    def _key(self) -> str:
        return f"{self.chance.getrandbits(80):020x}"


def _guests(home: Community) -> list[Person]:
    """The members of the community who have most."""
    ids = [each.id for each in home.members if not each.is_minor]
    wanted = select(Person).join(Account, Account.id == Person.points_account_id).where(Person.id.in_(ids))
    return list(db.session.scalars(wanted.order_by(Account.balance.desc(), Person.id).limit(11)))
