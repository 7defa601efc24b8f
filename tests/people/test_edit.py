"""A person's basic data: all but name and contact may be missing; every change is recorded, the identity number never kept."""

from datetime import date

import pytest
from sqlalchemy import select

from bank.db import db, transaction
from bank.people import actions, rules
from bank.people.models import Change, ChangeDetail
from bank.people.rules import Facts, NewPerson

NUMBER = "11010519491231002X"  # The example of GB 11643: a woman born on 31 December 1949.


def edit(by, person, at, **more):
    with transaction():
        return actions.edit(by=by, person_id=person.id, new=Facts(**{"name": person.name, "phone": person.phone} | more), at=at)


def test_what_is_known_is_written_down_anew_and_recorded(dave, alice, at):
    edit(dave, alice, at, phone="13912345678", born_on=alice.born_on, skills=" 理发 ", area="向阳小区", sex="female")
    assert (alice.phone, alice.skills, alice.area, alice.sex) == ("13912345678", "理发", "向阳小区", "female")
    change = db.session.scalars(select(Change).where(Change.what == "edit")).one()
    assert set(change.after) == {"phone", "skills", "area", "sex"}
    assert change.after["phone"] == "*"
    assert db.session.get_one(ChangeDetail, change.id).before["phone"] == "13800000001"


def test_an_edit_that_changes_nothing_is_not_recorded(dave, alice, at):
    edit(dave, alice, at, born_on=alice.born_on)
    assert db.session.scalars(select(Change).where(Change.what == "edit")).all() == []


def test_only_the_units_admin_edits(carol, frank, erin, alice, at):
    for by, refusal in (
        (carol, rules.RoleMissing),
        (erin, rules.RoleMissing),
        (frank, rules.PersonNotFound),
        (alice, rules.RoleMissing),
    ):
        with pytest.raises(refusal):
            edit(by, alice, at)


def test_another_members_phone_is_refused(dave, alice, bob, at):
    with pytest.raises(rules.PhoneTaken):
        edit(dave, alice, at, phone=bob.phone)


def test_an_identity_number_is_kept_as_a_hash_only(dave, alice, bob, at):
    edit(dave, alice, at, id_number="１１０１０５１９４９１２３１００２x", is_id_verified=True)
    assert len(alice.id_hash) == 64
    assert alice.id_verified_at == at
    assert NUMBER not in str(vars(alice))
    with pytest.raises(rules.IdNumberTaken):
        edit(dave, bob, at, id_number=NUMBER)
    edit(dave, alice, at, is_id_verified=True)
    assert alice.id_hash is not None


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",
        "11010519491231002",
        "11010519490231002X",
        "",
        "１２３",
        "x" * 18,
        "110105194912310029" * 9,
        "\0" * 18,
    ],
)
def test_what_is_no_identity_number_is_refused(number):
    with pytest.raises(rules.BadIdNumber):
        rules.clean_id_number(number)


def test_an_identity_number_agrees_with_what_was_entered(dave, alice, at):
    for more in ({"born_on": date(1990, 5, 1)}, {"sex": "male"}):
        with pytest.raises(rules.IdNumberDiffers):
            edit(dave, alice, at, id_number=NUMBER, **more)


def test_a_hash_says_nothing_without_its_key():
    assert rules.id_hash(NUMBER, key=b"a") != rules.id_hash(NUMBER, key=b"b")


@pytest.mark.parametrize("text", ["x" * 201, "a\0b", "a\u202eb"])
def test_a_note_is_short_and_plain(text, dave, alice, at):
    with pytest.raises(rules.BadNote):
        edit(dave, alice, at, skills=text)


@pytest.mark.parametrize(
    ("is_volunteer", "is_in_service", "person_kind"),
    [(True, False, "volunteer"), (False, False, "resident"), (True, True, "in_service"), (False, True, "in_service")],
)
def test_a_person_is_a_volunteer_a_resident_or_an_in_service_member(
    is_volunteer, is_in_service, person_kind, dave, community, at
):
    new = NewPerson(
        name="曾国强", phone="13812345678", unit_id=community.id, is_volunteer=is_volunteer, is_in_service=is_in_service
    )
    with transaction():
        assert actions.enrol(by=dave, new=new, at=at).kind == person_kind


def test_a_role_given_and_taken_is_recorded(dave, alice, community, at):
    with transaction():
        grant = actions.grant_role(by=dave, person_id=alice.id, role="clerk", unit_id=community.id, at=at)
        actions.revoke_role(by=dave, grant_id=grant.id, at=at)
    found = db.session.scalars(select(Change).where(Change.changed_by_id == dave.id).order_by(Change.id)).all()
    assert [(each.what, each.person, each.before, each.after) for each in found] == [
        ("grant_role", alice, {}, {"role": "clerk", "unit": "向阳社区"}),
        ("revoke_role", alice, {"role": "clerk", "unit": "向阳社区"}, {}),
    ]
