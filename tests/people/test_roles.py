"""A role reaches the unit where it is held and all below it, and nothing else."""

import pytest

from bank.access.actions import set_pin
from bank.db import transaction
from bank.people import actions, queries, rules
from tests import cast


@pytest.mark.parametrize(
    ("granted", "path", "is_allowed"),
    [
        ("/1/5/", "/1/5/", True),
        ("/1/5/", "/1/5/23/", True),
        ("/1/5/", "/1/", False),
        ("/1/5/", "/1/55/", False),
        ("/1/5/", "/1/6/5/", False),
    ],
)
def test_a_role_reaches_down_its_own_branch(granted, path, is_allowed):
    assert rules.may_act([("clerk", granted)], role="clerk", path=path) is is_allowed


def test_one_role_is_not_another(dave, community):
    assert queries.has_role(dave, "admin", community.id)
    assert not queries.has_role(dave, "clerk", community.id)
    with pytest.raises(rules.RoleMissing):
        queries.require_role(dave, "clerk", community.id)


def test_the_operator_holds_every_role(community):
    assert all(queries.has_role(None, role, community.id) for role in cast.PHONES)


def test_nobody_holds_a_role_at_a_unit_that_is_not_there(dave):
    assert not queries.has_role(dave, "admin", 10**9)


def test_a_role_is_given_and_taken(dave, alice, community, at):
    with transaction():
        grant = actions.grant_role(by=dave, person_id=alice.id, role="clerk", unit_id=community.id, at=at)
    assert queries.roles(alice) == {"clerk"}
    with transaction():
        actions.revoke_role(by=dave, grant_id=grant.id, at=at)
        actions.revoke_role(by=dave, grant_id=grant.id, at=at)
    assert queries.roles(alice) == set()


def test_a_role_given_twice_is_held_once(dave, alice, community, at):
    with transaction():
        grants = [actions.grant_role(by=dave, person_id=alice.id, role="clerk", unit_id=community.id, at=at) for _ in range(2)]
    assert grants[0] is grants[1]


def test_an_admin_gives_no_role_outside_the_own_branch(frank, charlie, alice, town, community, other_community, at):
    for person, unit, refusal in (
        (charlie, town, rules.RoleMissing),
        (charlie, community, rules.RoleMissing),
        (alice, other_community, rules.PersonNotFound),
    ):
        with pytest.raises(refusal), transaction():
            actions.grant_role(by=frank, person_id=person.id, role="clerk", unit_id=unit.id, at=at)


def test_an_admin_takes_no_role_outside_the_own_branch(frank, carol, at):
    [grant] = queries.grants(carol.id)
    with pytest.raises(rules.RoleMissing), transaction():
        actions.revoke_role(by=frank, grant_id=grant.id, at=at)


def test_a_role_that_does_not_exist_is_not_given(dave, alice, community, at):
    with pytest.raises(rules.BadRole), transaction():
        actions.grant_role(by=dave, person_id=alice.id, role="king", unit_id=community.id, at=at)


def test_a_pin_is_set_by_the_unit_s_admin(dave, alice, frank, carol, at):
    for by in (dave, None):
        with transaction():
            set_pin(by=by, person_id=alice.id, pin="135792", at=at)
    for by, refusal in ((frank, rules.PersonNotFound), (carol, rules.RoleMissing)):
        with pytest.raises(refusal), transaction():
            set_pin(by=by, person_id=alice.id, pin="135792", at=at)


def test_an_admin_cannot_become_a_greater_admin_by_resetting_the_pin(dave, alice, community, at):
    with transaction():
        actions.grant_role(by=dave, person_id=alice.id, role="admin", unit_id=community.id, at=at)
    with pytest.raises(rules.RoleMissing), transaction():
        set_pin(by=alice, person_id=dave.id, pin="135792", at=at)
