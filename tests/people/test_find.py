"""Staff find the persons of their units; nobody else finds anybody."""

import pytest

from bank.db import transaction
from bank.people import actions, queries, rules
from bank.people.rules import NewPerson
from tests.cases import cases


@cases("text", ["安丽", "an li", "AN LI", "0001", "13800000001", "+86 138 0000 0001"])
def test_a_person_is_found_by_name_pinyin_phone_or_card(text, dave, alice):
    assert alice in queries.find_persons(by=dave, text=text)
    assert queries.find_persons(by=dave, text=alice.card_number) == [alice]


@cases(("who", "sees"), [("dave", True), ("bob", True), ("carol", True), ("erin", True), ("frank", False), ("charlie", False)])
def test_persons_are_found_only_below_one_s_role(who, sees, request, alice):
    assert (alice in queries.find_persons(by=request.getfixturevalue(who), text="安丽")) is sees


def test_charlie_sees_nothing(charlie, alice):
    assert queries.find_persons(by=charlie, text="查理") == queries.newest(by=charlie) == []
    assert queries.person(by=charlie, person_id=charlie.id) == charlie
    for ask in (
        lambda: queries.person(by=charlie, person_id=alice.id),
        lambda: queries.person_by_card(by=charlie, card_number=alice.card_number),
    ):
        with pytest.raises(rules.PersonNotFound):
            ask()


def test_signs_in_a_search_are_only_signs(dave, alice):
    for text in ("1=1 OR %%%%", "abcd%", "_丽_丽", "' OR 'abcd", "x" * 1000, "1" * 1000):
        assert queries.find_persons(by=dave, text=text) == []
    for text in ("安丽\0", "\ud800安丽"):
        assert queries.find_persons(by=dave, text=text) == [alice]


def test_the_found_stand_in_the_order_of_names(dave, community, at):
    with transaction():
        new = [
            NewPerson(name=f"{each}建国", phone=str(13700000000 + place), unit_id=community.id)
            for place, each in enumerate("曾单欧阳"[:3])
        ]
        actions.enrol_all(by=None, new=new, at=at)
    assert [each.name for each in queries.find_persons(by=dave, text="建国")] == ["欧建国", "单建国", "曾建国"]


def test_the_phone_is_whole_only_for_oneself_and_the_admin(dave, alice, carol, erin, bob):
    phones = {by: queries.profile(by=by, person_id=alice.id).phone for by in (dave, alice, carol, erin, bob)}
    assert phones == {dave: "13800000001", alice: "13800000001", carol: "138****0001", erin: "138****0001", bob: "138****0001"}
    assert queries.profile(by=carol, person_id=alice.id).born_on is None


def test_a_card_is_found_with_blanks_and_full_width_digits(carol, alice):
    card = alice.card_number
    assert queries.person_by_card(by=carol, card_number=f" {card[:5]} {card[5:]}") == alice
    assert queries.person_by_card(by=carol, card_number="".join(chr(ord(each) + 0xFEE0) for each in card)) == alice
