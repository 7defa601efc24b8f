"""What a statement tells stays as it was when its month ended, whatever is renamed, moved, spent or erased later."""

from datetime import date, time, timedelta

import pytest

from bank.clock import local_instant
from bank.counter import holds
from bank.counter.rules import Wanted
from bank.db import db, random_key, transaction
from bank.ledger import actions as ledger
from bank.ledger import seal
from bank.ledger.queries import system_account
from bank.ledger.rules import Expiry, NewEntry, NewTransfer
from bank.people.belonging import move_person
from bank.people.models import Person
from bank.people.organisation import rename_unit
from bank.people.rules import mask_name
from bank.privacy.actions import erase
from bank.rewards import actions as rewards
from bank.rewards.models import Reward
from bank.rewards.rules import NewReward
from bank.statements import frozen, members
from bank.statements.models import Statement
from bank.statements.rules import Balances
from tests.cases import cases

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture
def carry_over(alice):
    """Post lifetime minutes of before the bank: `carry_over(100 * 60, day)`."""

    def post(minutes, day):
        move = NewTransfer("minutes", system_account("served", "minutes"), alice.minutes_account_id, minutes)
        with transaction():
            entry = NewEntry(key=random_key(), kind="import", effective_on=day, transfers=(move,), recorded_by="dave")
            ledger.post([entry], at=local_instant(day, time(9)))

    return post


@cases("name", ["张三", "欧阳娜娜", "欧阳", "爱新觉罗·溥仪", "爱新觉罗", "𬭎䶮", "Li Wei", "买买提·阿卜杜拉"])
def test_the_database_masks_a_name_as_the_rule_does(alice, name):
    with transaction():
        db.session.get_one(Person, alice.id).name = name
    assert db.session.scalar(db.select(frozen.masked_name()).where(Person.id == alice.id)) == mask_name(name)


def test_new_names_change_nothing_on_old_paper(alice, dave, community, serve, redeem, issue):
    serve(alice, 120, date(2026, 9, 3))
    redemption = redeem(alice, 50, date(2026, 9, 9))
    issue(SEPTEMBER)
    before = members.statement(person_id=alice.id, month=SEPTEMBER)
    later = local_instant(date(2026, 10, 9), time(9))
    with transaction():
        db.session.get_one(Person, alice.id).name = "王丽"
        rename_unit(by=dave, unit_id=community.id, name="新名社区", at=later)
        new = NewReward(unit_id=community.id, kind="goods", name="浴巾", points=60, stock=None)
        rewards.change_reward(by=dave, reward_id=redemption.reward_id, new=new, at=later)
    assert members.statement(person_id=alice.id, month=SEPTEMBER) == before
    assert before.lines[-1].what == "毛巾" and db.session.get_one(Reward, redemption.reward_id).name == "浴巾"


def test_who_was_erased_still_has_statements_that_name_nobody(alice, serve, issue):
    serve(alice, 120, date(2026, 9, 3))
    issue(SEPTEMBER)
    before = members.statement(person_id=alice.id, month=SEPTEMBER)
    with transaction():
        erase(by=None, person_id=alice.id, at=local_instant(date(2026, 10, 9), time(9)))
    assert members.statement(person_id=alice.id, month=SEPTEMBER) == before
    assert before.holder == "安*"


def test_points_in_a_reservation_are_told_as_held_until_it_ends(alice, dave, community, serve, issue):
    serve(alice, 120, date(2026, 9, 3))
    at = local_instant(date(2026, 9, 20), time(9))
    with transaction():
        reward = rewards.add_reward(
            by=dave, new=NewReward(unit_id=community.id, kind="goods", name="米", points=80, stock=9), at=at
        )
    with transaction():
        held = holds.reserve(by=alice, wanted=Wanted(person_id=alice.id, reward_id=reward.id), key=random_key(), at=at)
    with transaction():
        holds.cancel(by=alice, redemption_id=held.id, at=local_instant(date(2026, 10, 2), time(9)))
    issue(OCTOBER)
    issue(SEPTEMBER)
    first, second = (members.statement(person_id=alice.id, month=each) for each in (SEPTEMBER, OCTOBER))
    assert (first.points_held, first.withdrawn, first.closing.points) == (80, Balances(80), 120)
    assert (second.points_held, second.withdrawn, second.closing.points) == (0, Balances(-80), 200)


@pytest.mark.parametrize(("expiry", "expiring"), [("1", 150), ("2", 0), ("year_end", 0), ("never", 0)])
def test_points_that_expire_within_60_days_are_told(app, alice, serve, redeem, issue, expiry, expiring):
    app.config["EXPIRY"] = expiry
    serve(alice, 120, date(2026, 9, 3))
    redeem(alice, 50, date(2026, 9, 9))
    issue(SEPTEMBER)
    assert members.statement(person_id=alice.id, month=SEPTEMBER).points_expiring == expiring


def test_what_was_told_to_expire_does_when_nothing_else_happens(app, alice, serve, redeem, issue):
    app.config["EXPIRY"] = "1"
    serve(alice, 120, date(2026, 9, 3))
    redeem(alice, 50, date(2026, 9, 9))
    issue(SEPTEMBER)
    told = members.statement(person_id=alice.id, month=SEPTEMBER)
    day = date(2026, 10, 31)
    assert day <= told.expiring_until
    with transaction():
        ledger.expire(on=day, expiry=Expiry("months", 1), at=local_instant(day + timedelta(days=1), time(1)))
    issue(OCTOBER)
    assert members.statement(person_id=alice.id, month=OCTOBER).expired == Balances(told.points_expiring) == Balances(150)


def test_stars_are_those_of_the_month_end(alice, serve, carry_over, issue):
    carry_over(299 * 60, date(2026, 9, 1))
    serve(alice, 60, OCTOBER)
    issue(OCTOBER)
    issue(SEPTEMBER)
    assert [members.statement(person_id=alice.id, month=each).stars for each in (SEPTEMBER, OCTOBER)] == [1, 2]


def test_the_seal_covers_every_line_and_stays_when_newer_ones_come(alice, serve, issue):
    serve(alice, 120, date(2026, 9, 3))
    issue(SEPTEMBER)
    found = members.statement(person_id=alice.id, month=SEPTEMBER)
    sealed = db.session.scalars(db.select(seal.SealedEntry.entry_id).where(seal.SealedEntry.position <= found.seal.last_position))
    assert {each.entry_id for each in found.lines} <= set(sealed)
    serve(alice, 120, date(2026, 10, 3))
    issue(OCTOBER)
    assert members.statement(person_id=alice.id, month=SEPTEMBER).seal.number == found.seal.number
    assert members.statement(person_id=alice.id, month=OCTOBER).seal.number > found.seal.number


def test_a_move_after_the_month_does_not_move_its_statement(alice, charlie, serve, issue):
    serve(alice, 120, date(2026, 9, 3))
    home = alice.unit_id
    with transaction():
        move_person(by=None, person_id=alice.id, unit_id=charlie.unit_id, at=local_instant(date(2026, 10, 2), time(9)))
    issue(SEPTEMBER)
    assert db.session.get_one(Statement, (SEPTEMBER, alice.id)).unit_id == home != charlie.unit_id
