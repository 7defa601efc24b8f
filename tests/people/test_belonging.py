"""Where somebody belongs: each move ends a row and begins the next; teams, household and guardian beside it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bank.db import db, transaction
from bank.people import actions, belonging, organisation, queries, rules
from bank.people.models import Change
from bank.people.rules import Facts, NewGuardian, NewPerson
from bank.units.rules import BadUnit
from tests.cases import cases

DAY = timedelta(days=1)
MOTHER = NewGuardian(name="曾妈妈", phone="13812340000")


def enrol(by, at, unit, **more):
    with transaction():
        return actions.enrol(by=by, new=NewPerson(unit_id=unit.id, **{"name": "曾小明", "phone": "13812345678"} | more), at=at)


def unit_of(dave, name, kind, parent, at):
    with transaction():
        return organisation.add_unit(by=dave, name=name, kind=kind, parent_id=parent.id, at=at)


def rows(person):
    db.session.expire_all()
    return [(each.kind, each.unit.name, each.until_at) for each in queries.memberships(person.id)]


def test_a_move_keeps_where_somebody_was(dave, alice, community, other_community, at):
    with transaction():
        belonging.move_person(by=dave, person_id=alice.id, unit_id=other_community.id, at=at)
        belonging.move_person(by=dave, person_id=alice.id, unit_id=other_community.id, at=at + DAY)
    assert rows(alice) == [("enrolled", other_community.name, None), ("enrolled", community.name, at)]
    change = db.session.scalars(select(Change).where(Change.what == "move")).one()
    assert (change.before, change.after) == ({"unit": community.name}, {"unit": other_community.name})


def test_nobody_is_moved_into_or_out_of_a_branch_that_is_not_ones_own(frank, alice, charlie, other_community, community, at):
    with pytest.raises(rules.PersonNotFound), transaction():
        belonging.move_person(by=frank, person_id=alice.id, unit_id=other_community.id, at=at)
    with pytest.raises(rules.RoleMissing), transaction():
        belonging.move_person(by=frank, person_id=charlie.id, unit_id=community.id, at=at)


def test_an_in_service_member_has_a_home_unit_and_a_host_community(dave, town, community, other_community, at):
    school = unit_of(dave, "市第一中学", "home_unit", town, at)
    person = enrol(dave, at, community, is_in_service=True, home_unit_id=school.id, host_unit_id=other_community.id)
    assert (person.kind, person.home_unit, person.host_unit) == ("in_service", school, other_community)
    assert {kind for kind, _, _ in rows(person)} == {"enrolled", "home_unit", "host"}
    with transaction():
        belonging.set_host_unit(by=dave, person_id=person.id, unit_id=None, at=at + DAY)
        belonging.set_home_unit(by=dave, person_id=person.id, unit_id=None, at=at + DAY)
    assert [each for each in rows(person) if each[2] is None] == [("enrolled", community.name, None)]
    with pytest.raises(BadUnit), transaction():
        belonging.set_home_unit(by=dave, person_id=person.id, unit_id=community.id, at=at)


def test_a_team_is_joined_and_left_by_its_organizer(dave, bob, alice, community, at):
    team = unit_of(dave, "向阳志愿服务队", "team", community, at)
    with transaction():
        for _ in range(2):
            belonging.join_team(by=bob, person_id=alice.id, unit_id=team.id, at=at)
    assert rows(alice)[0] == ("team", team.name, None)
    assert queries.member_counts()[team.id] == 1
    with transaction():
        for _ in range(2):
            belonging.leave_team(by=bob, person_id=alice.id, unit_id=team.id, at=at + DAY)
    assert ("team", team.name, at + DAY) in rows(alice)
    with pytest.raises(BadUnit), transaction():
        belonging.join_team(by=bob, person_id=alice.id, unit_id=community.id, at=at)


def test_who_lives_together_is_known_and_who_moved_out_is_not(dave, alice, bob, carol, at):
    with transaction():
        belonging.join_household(by=dave, person_id=bob.id, with_person_id=alice.id, at=at)
        belonging.join_household(by=dave, person_id=carol.id, with_person_id=bob.id, at=at)
    assert queries.household_of(alice.id) == {alice.id, bob.id, carol.id}
    assert queries.same_household(alice.id, carol.id)
    with transaction():
        belonging.leave_household(by=dave, person_id=alice.id, at=at + DAY)
    assert not queries.same_household(alice.id, carol.id)
    assert queries.same_household(alice.id, alice.id)


def test_nobody_lives_with_himself(dave, alice, at):
    with pytest.raises(rules.SamePerson), transaction():
        belonging.join_household(by=dave, person_id=alice.id, with_person_id=alice.id, at=at)


def test_a_child_is_enrolled_with_a_guardian(dave, community, at):
    with pytest.raises(rules.GuardianNeeded), transaction():
        actions.enrol(
            by=dave, new=NewPerson(name="曾小明", phone="13812345678", unit_id=community.id, born_on=date(2015, 1, 1)), at=at
        )
    child = enrol(dave, at, community, phone=None, born_on=date(2015, 1, 1), guardian=MOTHER)
    assert (child.phone, queries.guardian(child.id).name) == (None, "曾妈妈")


def test_a_guardian_who_is_a_member_is_named_by_the_account_alone(dave, alice, bob, community, at):
    child = enrol(dave, at, community, phone=None, guardian=NewGuardian(name="安丽", phone=alice.phone))
    guardian = queries.guardian(child.id)
    assert (guardian.guardian, guardian.name, guardian.phone) == (alice, None, None)
    assert queries.same_household(alice.id, child.id)
    assert queries.same_household(child.id, alice.id)
    with transaction():
        belonging.set_guardian(by=dave, person_id=child.id, new=NewGuardian(name="包博", phone=bob.phone), at=at + DAY)
    assert not queries.same_household(alice.id, child.id)


@cases(
    "guardian",
    [NewGuardian(name="妈", phone="13812340000"), NewGuardian(name="曾妈妈", phone="1"),
     NewGuardian(name="曾妈妈", phone="13812345678"), NewGuardian(name="曾妈妈", phone="13812340000", relation="aunt")],
)  # fmt: skip
def test_what_is_no_guardian_is_refused(guardian, dave, community, at):
    with pytest.raises(rules.BadGuardian):
        enrol(dave, at, community, guardian=guardian)


def test_somebody_without_phone_contact_or_guardian_is_not_enrolled(dave, community, at):
    with pytest.raises(rules.ContactMissing):
        enrol(dave, at, community, phone=None)
    assert enrol(dave, at, community, phone=None, contact="女儿 0591-83320000").contact == "女儿 0591-83320000"


def test_a_child_keeps_a_guardian_when_edited(dave, alice, at):
    with pytest.raises(rules.GuardianNeeded), transaction():
        actions.edit(by=dave, person_id=alice.id, new=Facts(name="安丽", phone=alice.phone, born_on=date(2015, 1, 1)), at=at)
