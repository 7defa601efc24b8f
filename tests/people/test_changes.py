"""What administrators change is written down for good; what is personal in it stands apart, so that it can be forgotten."""

import pytest
from sqlalchemy.exc import DBAPIError

from bank.db import db, transaction
from bank.people import changes
from bank.people.models import Change, ChangeDetail
from tests.cases import cases


def write(by, subject, at, *, before, after, what="edit"):
    with transaction():
        return changes.record(by=by, subject=subject, what=what, before=before, after=after, at=at)


def test_a_change_says_who_when_what_before_and_after(dave, community, at):
    subject = changes.of_unit(community)
    change = write(dave, subject, at, what="rename", before={"name": "老名"}, after={"name": "新名"})
    assert (change.changed_by, change.changed_at, change.what) == (dave, at, "rename")
    assert (change.subject_key, change.before, change.after) == (community.key, {"name": "老名"}, {"name": "新名"})


def test_a_persons_values_stand_apart_and_can_be_forgotten(dave, alice, at):
    change = write(
        dave, changes.of_person(alice), at, before={"phone": "13800000001", "unit": "a"}, after={"phone": None, "unit": "b"}
    )
    assert (change.before, change.after) == ({"phone": "*", "unit": "a"}, {"phone": None, "unit": "b"})
    assert db.session.get_one(ChangeDetail, change.id).before == {"phone": "13800000001"}
    with transaction():
        changes.forget(alice.id)
    assert db.session.get(ChangeDetail, change.id) is None
    assert db.session.get_one(Change, change.id).after == {"phone": None, "unit": "b"}


@cases("name", ["pin", "new_password", "token_secret", "id_hash"])
def test_a_secret_is_never_written_down(name, dave, alice, at):
    with pytest.raises(AssertionError), transaction():
        changes.record(by=dave, subject=changes.of_person(alice), what="edit", before={}, after={name: "x"}, at=at)


@pytest.mark.parametrize("statement", ["UPDATE change SET what = 'x'", "DELETE FROM change"])
def test_a_change_is_never_changed_or_removed(statement, dave, community, at):
    write(dave, changes.of_unit(community), at, before={}, after={})
    with pytest.raises(DBAPIError), transaction():
        db.session.execute(db.text(statement))


def test_one_sees_the_changes_of_the_own_branch_only(dave, erin, frank, alice, community, other_community, at):
    here = write(dave, changes.of_unit(community), at, before={}, after={}, what="here")
    there = write(dave, changes.of_unit(other_community), at, before={}, after={}, what="there")
    everywhere = write(None, changes.Subject("setting", "expiry", None), at, before={}, after={}, what="all")

    def seen(by):
        return set(db.session.scalars(changes.seen_by(by).where(Change.what.in_(("here", "there", "all")))))

    assert seen(erin) == seen(dave) == {here, there, everywhere}
    assert seen(frank) == {there}
    assert seen(alice) == set()
