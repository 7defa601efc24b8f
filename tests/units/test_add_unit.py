"""Units stand in a tree, and each has an account from which its points come."""

import pytest

from bank.db import db, transaction
from bank.ledger.models import Account
from bank.people import organisation, queries
from bank.people.rules import RoleMissing
from bank.units import rules


def test_a_unit_opens_its_account_and_knows_its_path(dave, community, at):
    with transaction():
        grid = organisation.add_unit(by=dave, name="第一网格", kind="grid", parent_id=community.id, at=at)
    account = db.session.get_one(Account, grid.issued_account_id)
    assert (account.code, account.unit, account.has_floor) == (f"issued/{grid.key}", "points", False)
    assert grid.path == f"{community.path}{grid.id}/"
    assert grid.steps[-2:] == (community.id, grid.id)


def test_two_units_of_one_name_do_not_stand_side_by_side(dave, community, other_community, at):
    with transaction():
        organisation.add_unit(by=dave, name="第一网格", kind="grid", parent_id=community.id, at=at)
        organisation.add_unit(by=dave, name="第一网格", kind="grid", parent_id=other_community.id, at=at)
    with pytest.raises(rules.UnitNameTaken), transaction():
        organisation.add_unit(by=dave, name=" 第一网格 ", kind="grid", parent_id=community.id, at=at)


@pytest.mark.parametrize("unit_kind", ["bank", "street", "community", "nonsense"])
def test_a_unit_hangs_only_where_its_kind_belongs(unit_kind, dave, community, at):
    with pytest.raises(rules.BadUnit), transaction():
        organisation.add_unit(by=dave, name="第一网格", kind=unit_kind, parent_id=community.id, at=at)


def test_only_the_operator_adds_a_unit_that_stands_alone(dave, at):
    with pytest.raises(RoleMissing), transaction():
        organisation.add_unit(by=dave, name="另一家银行", kind="bank", parent_id=None, at=at)


def test_an_admin_adds_no_unit_outside_the_own_branch(frank, community, at):
    with pytest.raises(RoleMissing), transaction():
        organisation.add_unit(by=frank, name="第一网格", kind="grid", parent_id=community.id, at=at)


def test_a_bank_is_founded_once(town, at):
    with transaction():
        organisation.found_bank(name="另一个名字", at=at)
    assert [each.kind for each in queries.units(by=None)].count("bank") == 1


def test_everyone_sees_the_units_of_the_own_roles(dave, bob, alice, community):
    assert len(queries.units(by=dave)) == 4
    assert queries.units(by=bob) == [community]
    assert queries.units(by=bob, role="clerk") == []
    assert queries.units(by=alice) == []
