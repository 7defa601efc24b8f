"""A person is enrolled once, and two accounts open with it."""

import time
from datetime import date
from random import Random

import pytest

from bank.db import db, transaction
from bank.ledger.models import Account
from bank.ledger.queries import balance
from bank.people import actions, organisation, queries, rules
from bank.people.models import Person
from bank.people.rules import NewPerson
from bank.units.rules import BadUnit, UnitNotFound
from tests.cases import cases


def test_an_account_pair_opens_with_a_person(dave, community, at):
    with transaction():
        person = actions.enrol(by=dave, new=NewPerson(name="曾国强", phone="+86 138-1234-5678", unit_id=community.id), at=at)
    accounts = [db.session.get_one(Account, each) for each in (person.points_account_id, person.minutes_account_id)]
    assert [(each.code, each.unit, each.has_floor) for each in accounts] == [
        (f"member/{person.key}", "points", True),
        (f"member/{person.key}", "minutes", True),
    ]
    assert balance(person.points_account_id) == balance(person.minutes_account_id) == 0
    assert (person.phone, person.enrolled_by_id, person.pin_hash) == ("13812345678", dave.id, None)
    assert rules.is_card_number(person.card_number)


def test_a_phone_number_belongs_to_one_person(dave, alice, community, at):
    with pytest.raises(rules.PhoneTaken), transaction():
        actions.enrol(by=dave, new=NewPerson(name="曾国强", phone="138 0000 0001", unit_id=community.id), at=at)


def test_a_list_that_names_one_phone_twice_enrols_nobody(dave, community, at):
    new = [
        NewPerson(name=f"曾国{each}", phone=phone, unit_id=community.id)
        for each, phone in zip("甲乙丙", ("13812345678", "13912345678", "138 1234 5678"), strict=True)
    ]
    with pytest.raises(rules.PhoneTaken) as refused, transaction():
        actions.enrol_all(by=dave, new=new, at=at)
    assert refused.value.details == {"row": 2}
    assert db.session.query(Person).count() == 6


def test_a_bad_row_of_a_list_is_named(dave, community, at):
    new = [
        NewPerson(name=name, phone=phone, unit_id=community.id)
        for name, phone in (("曾国强", "13812345678"), ("😀😀", "13912345678"))
    ]
    with pytest.raises(rules.BadName) as refused, transaction():
        actions.enrol_all(by=dave, new=new, at=at)
    assert refused.value.details == {"row": 1}


def test_a_birth_date_lies_in_the_past(dave, community, at):
    new = NewPerson(name="曾国强", phone="13812345678", unit_id=community.id, born_on=date(2026, 10, 16))
    with pytest.raises(rules.BadBirthDate), transaction():
        actions.enrol(by=dave, new=new, at=at)


def test_a_home_unit_is_where_people_work(dave, town, community, at):
    with transaction():
        school = organisation.add_unit(by=dave, name="市第一中学", kind="home_unit", parent_id=town.id, at=at)
    new = NewPerson(name="曾国强", phone="13812345678", unit_id=community.id, is_in_service=True, home_unit_id=school.id)
    with transaction():
        assert actions.enrol(by=dave, new=new, at=at).home_unit.name == "市第一中学"
    for wrong in (NewPerson(name="单雄", phone="13912345678", unit_id=community.id, home_unit_id=community.id),
                  NewPerson(name="单雄", phone="13912345678", unit_id=school.id)):  # fmt: skip
        with pytest.raises(BadUnit), transaction():
            actions.enrol(by=dave, new=wrong, at=at)


@cases("who", ["alice", "bob", "carol", "erin", "frank"])
def test_only_an_admin_of_the_unit_enrols(who, request, community, at):
    by = request.getfixturevalue(who)
    with pytest.raises(rules.RoleMissing), transaction():
        actions.enrol(by=by, new=NewPerson(name="曾国强", phone="13812345678", unit_id=community.id), at=at)


def test_a_unit_that_is_not_there_enrols_nobody(dave, at):
    with pytest.raises(UnitNotFound), transaction():
        actions.enrol(by=dave, new=NewPerson(name="曾国强", phone="13812345678", unit_id=10**9), at=at)


def test_many_are_enrolled_in_the_order_given(community, at):
    new = [NewPerson(name="曾国强", phone=str(13700000000 + each), unit_id=community.id) for each in range(2500)]
    started = time.monotonic()
    with transaction():
        ids = actions.enrol_all(by=None, new=new, at=at)
    assert time.monotonic() - started < 10
    rows = db.session.query(Person.id, Person.phone).filter(Person.phone >= "13700000000", Person.phone < "13700002500")
    assert sorted(rows) == sorted(zip(ids, [each.phone for each in new], strict=True))


def test_the_same_chance_gives_the_same_cards(community, at):
    def cards_of(seed):
        with transaction():
            new = [NewPerson(name="曾国强", phone=str(13700000000 + each), unit_id=community.id) for each in range(3)]
            ids = actions.enrol_all(by=None, new=new, at=at, chance=Random(seed))
            cards = [db.session.get_one(Person, each).card_number for each in ids]
            db.session.rollback()
        return cards

    assert cards_of(7) == cards_of(7) != cards_of(8)


def test_an_empty_list_enrols_nobody(dave, at):
    with transaction():
        assert actions.enrol_all(by=dave, new=[], at=at) == []


def test_a_minor_is_known_by_the_birth_date(alice, at):
    alice.born_on = date(2010, 1, 1)
    assert queries.is_minor(alice, date(2027, 12, 31))
    assert not queries.is_minor(alice, date(2028, 1, 1))
