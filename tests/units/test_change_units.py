"""Units are renamed, moved, closed and opened again; where each stood when is kept, and every change is recorded."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bank.db import db, transaction
from bank.people import actions, organisation, queries
from bank.people.belonging import move_person
from bank.people.models import Change
from bank.people.rules import RoleMissing
from bank.units import rules
from bank.units.models import Unit
from bank.units.queries import below_at, places
from tests.cases import cases

DAY = timedelta(days=1)


@pytest.fixture
def grid(dave, community, at):
    """A grid of the community, with a building below it."""
    return add(dave, "第一网格", "grid", community, at)


@pytest.fixture
def building(dave, grid, at):
    return add(dave, "3号楼", "building", grid, at)


def add(by, name, kind, parent, at):
    with transaction():
        return organisation.add_unit(by=by, name=name, kind=kind, parent_id=parent.id, at=at)


def move(by, unit, parent, at):
    with transaction():
        return organisation.move_unit(by=by, unit_id=unit.id, parent_id=parent.id, at=at)


def recorded():
    return [
        (each.what, each.before, each.after) for each in db.session.scalars(select(Change).order_by(Change.id.desc()).limit(1))
    ]


def test_all_below_a_unit_moves_along(dave, grid, building, other_community, at):
    move(dave, grid, other_community, at + DAY)
    assert grid.path == f"{other_community.path}{grid.id}/"
    assert building.path == f"{grid.path}{building.id}/"
    assert recorded() == [("move", {"parent": "向阳社区"}, {"parent": "月季社区"})]


def test_where_a_unit_stood_when_is_kept(dave, grid, building, community, other_community, at):
    move(dave, grid, other_community, at + DAY)
    assert [(each.parent_id, each.since_at, each.until_at) for each in places(grid.id)] == [
        (other_community.id, at + DAY, None),
        (community.id, at, at + DAY),
    ]
    then, now = (set(db.session.scalars(below_at(community.id, when))) for when in (at, at + DAY))
    assert then == {community.id, grid.id, building.id}
    assert now == {community.id}


def test_who_was_where_when_follows_units_and_persons(dave, alice, grid, community, other_community, at):
    with transaction():
        move_person(by=dave, person_id=alice.id, unit_id=grid.id, at=at + DAY)
    move(dave, grid, other_community, at + 2 * DAY)

    def members(unit, when):
        return alice.id in set(db.session.scalars(queries.members_at(unit.id, when)))

    assert [members(community, at + days * DAY) for days in range(3)] == [True, True, False]
    assert [members(grid, at + days * DAY) for days in range(3)] == [False, True, True]
    assert [members(other_community, at + days * DAY) for days in range(3)] == [False, False, True]


def test_a_role_reaches_what_has_moved_below_it_at_once(dave, frank, grid, other_community, at):
    assert not queries.has_role(frank, "admin", grid.id)
    move(dave, grid, other_community, at)
    assert queries.has_role(frank, "admin", grid.id)


def test_no_ring_can_be_made(dave, grid, at):
    below = add(dave, "第二网格", "grid", grid, at)
    for unit, parent in ((grid, below), (grid, grid)):
        with pytest.raises(rules.UnitBelowItself):
            move(dave, unit, parent, at)


@pytest.mark.parametrize("unit_kind", ["bank", "street"])
def test_a_unit_does_not_move_where_its_kind_does_not_belong(unit_kind, dave, grid, at):
    parent = db.session.scalars(select(Unit).where(Unit.kind == unit_kind)).first()
    with pytest.raises(rules.BadUnit):
        move(dave, grid, parent, at)


def test_a_unit_does_not_move_beside_one_of_its_name(dave, grid, other_community, at):
    add(dave, "第一网格", "grid", other_community, at)
    with pytest.raises(rules.UnitNameTaken):
        move(dave, grid, other_community, at)


def test_an_admin_moves_nothing_into_or_out_of_a_branch_that_is_not_his(frank, dave, grid, other_community, community, at):
    with pytest.raises(RoleMissing):
        move(frank, grid, other_community, at)
    own = add(frank, "第二网格", "grid", other_community, at)
    with pytest.raises(RoleMissing):
        move(frank, own, community, at)


def test_the_tree_ends_somewhere(dave, grid, at):
    with pytest.raises(rules.TooDeep):
        for number in range(200):
            grid = add(dave, f"网格{number}", "grid", grid, at)
    assert len(grid.steps) > 20


def test_an_old_name_stays_in_the_history(dave, grid, at):
    with transaction():
        organisation.rename_unit(by=dave, unit_id=grid.id, name="红旗网格", at=at + DAY)
        organisation.rename_unit(by=dave, unit_id=grid.id, name="红旗网格", at=at + 2 * DAY)
    assert [(each.name, each.since_at) for each in places(grid.id)] == [("红旗网格", at + DAY), ("第一网格", at)]
    assert recorded() == [("rename", {"name": "第一网格"}, {"name": "红旗网格"})]


@cases("name", ["", "x", "网😀格", "格" * 101, "格\0"])
def test_a_unit_is_not_renamed_to_nonsense(name, dave, grid, at):
    with pytest.raises(rules.BadUnitName), transaction():
        organisation.rename_unit(by=dave, unit_id=grid.id, name=name, at=at)


def test_a_unit_in_use_is_not_closed(dave, community, grid, building, at):
    for unit in (community, grid):
        with pytest.raises(rules.UnitInUse), transaction():
            organisation.close_unit(by=dave, unit_id=unit.id, at=at)


def test_a_closed_unit_takes_nobody_and_nothing_until_it_is_opened_again(dave, alice, grid, at):
    with transaction():
        organisation.close_unit(by=dave, unit_id=grid.id, at=at)
    for attempt in (
        lambda: organisation.add_unit(by=dave, name="3号楼", kind="building", parent_id=grid.id, at=at),
        lambda: move_person(by=dave, person_id=alice.id, unit_id=grid.id, at=at),
        lambda: actions.grant_role(by=dave, person_id=alice.id, role="clerk", unit_id=grid.id, at=at),
    ):
        with pytest.raises(rules.UnitClosed), transaction():
            attempt()
    assert grid not in queries.units(by=dave, role="admin")
    with transaction():
        organisation.reopen_unit(by=dave, unit_id=grid.id, at=at + DAY)
        move_person(by=dave, person_id=alice.id, unit_id=grid.id, at=at + DAY)
    assert alice.unit_id == grid.id


def test_the_bank_itself_is_never_closed(dave, town, at):
    with pytest.raises(rules.UnitInUse), transaction():
        organisation.close_unit(by=dave, unit_id=town.id, at=at)


def test_an_admin_of_one_unit_alone_does_not_close_it(frank, other_community, at):
    with pytest.raises(RoleMissing), transaction():
        organisation.close_unit(by=frank, unit_id=other_community.id, at=at)
