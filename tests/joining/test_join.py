"""Joining and leaving: places, the waiting list, children, teams, walk-ins."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from bank.activities import actions as activities
from bank.activities.models import Activity
from bank.consents.actions import record_paper
from bank.db import db, transaction
from bank.joining import actions, queries, rules
from bank.joining.models import Join
from bank.people import actions as people
from bank.people import belonging, organisation
from bank.people.models import Person
from bank.people.rules import NewPerson, RoleMissing
from bank.units.models import Unit

Joins = Callable[..., Join]
HOURS = timedelta(hours=1)


def state_of(person: Person, activity: Activity) -> str | None:
    found = queries.join_of(person.id, activity.id)
    return found.state if found else None


def leave(by: Person, activity: Activity, at: datetime, person_id: int | None = None) -> None:
    with transaction():
        actions.leave(by=by, activity_id=activity.id, person_id=person_id, at=at)


def test_the_third_of_two_places_waits_and_moves_up_by_itself(
    join: Joins, two_places: Activity, alice: Person, charlie: Person, erin: Person, carol: Person, at: datetime
) -> None:
    for minutes, person in enumerate((alice, charlie, erin, carol)):
        join(person, two_places, at=at - 2 * HOURS + timedelta(minutes=minutes))
    assert [state_of(each, two_places) for each in (alice, charlie, erin, carol)] == ["joined", "joined", "waiting", "waiting"]
    assert [queries.number_in_line(each) for each in queries.joins(two_places.id)[2:]] == [1, 2]
    leave(alice, two_places, at - HOURS)
    assert [state_of(each, two_places) for each in (alice, charlie, erin, carol)] == [None, "joined", "joined", "waiting"]


def test_joining_twice_is_joining_once(join: Joins, sweeping: Activity, alice: Person) -> None:
    assert join(alice, sweeping).id == join(alice, sweeping).id


def test_who_comes_back_is_the_last_in_line(
    join: Joins, publish: Callable[..., Activity], alice: Person, charlie: Person, at: datetime
) -> None:
    activity = publish(capacity=1)
    join(alice, activity)
    join(charlie, activity)
    leave(alice, activity, at - HOURS)
    join(alice, activity, at=at - HOURS)
    assert (state_of(charlie, activity), state_of(alice, activity)) == ("joined", "waiting")


def test_nobody_leaves_what_has_begun_but_the_organizer_takes_off(
    join: Joins, sweeping: Activity, alice: Person, bob: Person, charlie: Person, at: datetime
) -> None:
    join(alice, sweeping)
    with pytest.raises(rules.BegunAlready):
        leave(alice, sweeping, at)
    with pytest.raises(RoleMissing), transaction():
        actions.remove(by=charlie, activity_id=sweeping.id, person_id=alice.id, at=at)
    with transaction():
        actions.remove(by=bob, activity_id=sweeping.id, person_id=alice.id, at=at)
    assert state_of(alice, sweeping) is None


def test_an_organizer_takes_somebody_in_by_card(
    sweeping: Activity, bob: Person, charlie: Person, carol: Person, at: datetime
) -> None:
    with transaction():
        done = actions.join_member(by=bob, activity_id=sweeping.id, card_number=charlie.card_number, at=at - HOURS)
    assert (done.person_id, done.way, done.asked_by_id) == (charlie.id, "organizer", bob.id)
    with pytest.raises(RoleMissing), transaction():
        actions.join_member(by=carol, activity_id=sweeping.id, card_number=carol.card_number, at=at - HOURS)


def test_a_small_child_comes_with_an_adult_of_its_own_and_leaves_with_the_last(
    join: Joins, sweeping: Activity, alice: Person, new_child: Callable[[date], Person], at: datetime
) -> None:
    child = new_child(date(2018, 1, 1))
    with pytest.raises(rules.NeedsCompany):
        join(alice, sweeping, person_id=child.id)
    join(alice, sweeping)
    assert join(alice, sweeping, person_id=child.id).way == "guardian"
    leave(alice, sweeping, at - HOURS)
    assert (state_of(alice, sweeping), state_of(child, sweeping)) == (None, None)


def test_a_child_of_twelve_comes_alone_with_its_guardians_consent(
    join: Joins, sweeping: Activity, alice: Person, dave: Person, new_child: Callable[[date], Person], at: datetime
) -> None:
    child = new_child(date(2014, 1, 1))
    assert join(alice, sweeping, person_id=child.id).state == "joined"
    leave(alice, sweeping, at - HOURS, child.id)
    with transaction():
        record_paper(by=dave, person_id=child.id, purpose="minor", is_given=False, at=at - 2 * HOURS)
    with pytest.raises(rules.NeedsGuardiansConsent):
        join(alice, sweeping, person_id=child.id, at=at - HOURS)


def test_nobody_joins_for_another_adult(join: Joins, sweeping: Activity, alice: Person, charlie: Person) -> None:
    with pytest.raises(RoleMissing):
        join(alice, sweeping, person_id=charlie.id)


def test_in_service_members_say_that_the_workplace_agrees(
    join: Joins, sweeping: Activity, publish: Callable[..., Activity], alice: Person, at: datetime
) -> None:
    with transaction():
        alice.is_in_service = True
    with pytest.raises(rules.WorkplaceNotAsked):
        join(alice, sweeping)
    assert join(alice, sweeping, is_workplace_agreed=True).is_workplace_agreed
    evening = publish(starts_at=at + 9 * HOURS, ends_at=at + 10 * HOURS)
    assert join(alice, evening).state == "joined"


def test_a_team_brings_its_own_people_and_no_others(
    two_places: Activity, bob: Person, dave: Person, alice: Person, carol: Person, erin: Person, charlie: Person,
    community: Unit, at: datetime,
) -> None:  # fmt: skip
    with transaction():
        team = organisation.add_unit(by=dave, name="红马甲队", kind="team", parent_id=community.id, at=at - 9 * HOURS)
        for each in (alice, carol, erin):
            belonging.join_team(by=dave, person_id=each.id, unit_id=team.id, at=at - 8 * HOURS)
    ids, when = [carol.id, alice.id, erin.id, carol.id], at - HOURS
    with pytest.raises(rules.NotOfTeam), transaction():
        actions.bring(by=bob, activity_id=two_places.id, team_id=team.id, person_ids=[alice.id, charlie.id], at=when)
    with pytest.raises(RoleMissing), transaction():
        actions.bring(by=charlie, activity_id=two_places.id, team_id=team.id, person_ids=ids, at=when)
    with transaction():
        done = actions.bring(by=bob, activity_id=two_places.id, team_id=team.id, person_ids=ids, at=when)
    assert [(each.person_id, each.state) for each in done] == [
        (carol.id, "joined"), (alice.id, "joined"), (erin.id, "waiting")
    ]  # fmt: skip


def test_a_walk_in_takes_a_free_place_and_nobodys_else(
    join: Joins, two_places: Activity, alice: Person, charlie: Person, erin: Person, at: datetime
) -> None:
    join(alice, two_places)
    with transaction():
        activity = activities.locked(two_places.id)
        assert actions.admit(activity, charlie, by_id=None, at=at)
        assert not actions.admit(activity, erin, by_id=None, at=at)
        assert actions.admit(activity, alice, by_id=None, at=at)
    assert [each.way for each in queries.joins(two_places.id)] == ["self", "walk_in"]


def test_the_organizer_alone_reads_and_searches_the_list(
    join: Joins, sweeping: Activity, alice: Person, bob: Person, carol: Person
) -> None:
    join(alice, sweeping)
    assert [each.person_id for each in queries.participants(by=bob, activity_id=sweeping.id)] == [alice.id]
    assert queries.search_joined(by=bob, activity_id=sweeping.id, text=alice.name) == [alice]
    assert queries.search_joined(by=bob, activity_id=sweeping.id, text=bob.name) == []
    for read in (queries.participants, lambda **who: queries.search_joined(text=alice.name, **who)):
        with pytest.raises(RoleMissing):
            read(by=carol, activity_id=sweeping.id)


def test_of_50_who_join_at_once_as_many_have_places_as_there_are(
    app: Flask, publish: Callable[..., Activity], community: Unit, at: datetime
) -> None:
    activity_id = publish(capacity=20).id
    new = [NewPerson(name="王小明", phone=f"139{number:08d}", unit_id=community.id) for number in range(50)]
    with transaction():
        ids = people.enrol_all(by=None, new=new, at=at - 24 * HOURS)
    db.session.rollback()  # The threads must not wait for what this test has read.

    def one(number: int) -> None:
        with app.app_context(), transaction():
            by, asked_at = db.session.get_one(Person, ids[number]), at - 2 * HOURS + timedelta(seconds=number)
            actions.join(by=by, activity_id=activity_id, at=asked_at)

    def gone(number: int) -> None:
        with app.app_context(), transaction():
            actions.leave(by=db.session.get_one(Person, ids[number]), activity_id=activity_id, at=at - HOURS)

    with ThreadPoolExecutor(max_workers=8) as threads:
        list(threads.map(one, range(50)))
        first = list(db.session.scalars(select(Join.person_id).where(Join.state == "joined")))
        db.session.rollback()
        list(threads.map(gone, [ids.index(each) for each in first[:10]]))
    states = [each.state for each in queries.joins(activity_id)]
    assert (states.count("joined"), states.count("waiting")) == (20, 20)
    moved_up = [each for each in queries.joins(activity_id) if each.joined_at == at - HOURS]
    assert len(moved_up) == 10
    assert moved_up[-1].asked_at < queries.joins(activity_id)[20].asked_at
