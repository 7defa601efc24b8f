"""Everything that changes who takes part. An action flushes and never commits; the face that calls it does."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from bank.activities.actions import locked
from bank.activities.models import Activity
from bank.activities.queries import require_organizer
from bank.clock import local_day
from bank.db import db
from bank.joining import queries, rules
from bank.joining.models import Join
from bank.notices import actions as notices
from bank.people.models import Person
from bank.people.queries import require_any_role
from bank.people.rules import PersonClosed, PersonNotFound, RoleMissing
from bank.units.models import Unit


def join(
    *, by: Person, activity_id: int, person_id: int | None = None, is_workplace_agreed: bool = False, at: datetime
) -> Join:  # fmt: skip
    """Take part, or wait where no place is left; a child joins by its guardian or household. To join twice changes nothing.

    Raises ActivityNotFound, PersonNotFound, PersonClosed, OverAlready, TooYoung, NeedsGuardiansConsent, NeedsCompany,
    WorkplaceNotAsked.
    """
    activity = locked(activity_id)
    person = _own(by, person_id, at)
    way = "self" if person.id == by.id else "guardian"
    return _take(activity, person, by=by, way=way, is_workplace_agreed=is_workplace_agreed, at=at)


def join_member(*, by: Person, activity_id: int, card_number: str, is_workplace_agreed: bool = False, at: datetime) -> Join:
    """Take somebody into an activity as its organizer, by card. Raises RoleMissing and what `join` raises."""
    activity = locked(activity_id)
    require_organizer(by, activity.unit_id)
    person = db.session.scalar(select(Person).where(Person.card_number == card_number.strip()))
    if person is None:
        raise PersonNotFound()
    return _take(activity, person, by=by, way="organizer", is_workplace_agreed=is_workplace_agreed, at=at)


def bring(
    *, by: Person, activity_id: int, team_id: int, person_ids: Sequence[int], is_workplace_agreed: bool = False, at: datetime
) -> list[Join]:  # fmt: skip
    """Let members of a team take part, all or none, in the order given; those beyond the last place wait.

    Raises RoleMissing unless `by` organises the team, NotOfTeam for who is not in it, and what `join` raises.
    """
    activity = locked(activity_id)
    require_any_role(by, ("organizer", "admin"), team_id)
    members = {each.id: each for each in db.session.scalars(queries.members_of_team(team_id))}
    if not members.keys() >= set(person_ids):
        raise rules.NotOfTeam()
    team = db.session.get_one(Unit, team_id)
    agreed = is_workplace_agreed
    return [
        _take(activity, members[each], by=by, way="team", team=team, is_workplace_agreed=agreed, at=at)
        for each in dict.fromkeys(person_ids)
    ]


def leave(*, by: Person, activity_id: int, person_id: int | None = None, at: datetime) -> None:
    """Give a place up before the activity begins; whoever waits longest moves up. Children left without an adult leave too.

    Who has not joined stays so. Raises ActivityNotFound, PersonNotFound, BegunAlready.
    """
    activity = locked(activity_id)
    person = _own(by, person_id, at)
    found = queries.join_of(person.id, activity.id)
    if found is None:
        return
    if at >= activity.starts_at:
        raise rules.BegunAlready()
    alone = queries.left_alone(person, activity)
    for each in (found, *alone):
        _end(each, "left", by=by, at=at)
    for each in alone:
        tell(activity, [each.person_id], "activity_left", key=f"join:{each.id}/left", at=at)
    move_up(activity, at=at)


def remove(*, by: Person, activity_id: int, person_id: int, at: datetime) -> None:
    """Take somebody off the list as the activity's organizer; whoever waits longest moves up. Raises RoleMissing."""
    activity = locked(activity_id)
    require_organizer(by, activity.unit_id)
    found = queries.join_of(person_id, activity.id)
    if found is not None:
        _end(found, "removed", by=by, at=at)
        tell(activity, [person_id], "activity_left", key=f"join:{found.id}/removed", at=at)
        move_up(activity, at=at)


def admit(activity: Activity, person: Person, *, by_id: int | None, at: datetime) -> bool:
    """Whether somebody who stands at the door has a place: as joined before, or as a walk-in while there is one left.

    The caller has locked the activity. Raises TooYoung, NeedsGuardiansConsent, NeedsCompany.
    """
    found = queries.join_of(person.id, activity.id)
    if found is not None and found.state == "joined":
        return True
    if queries.places([activity])[activity.id].left == 0:
        return False
    refused = queries.refusal(person, activity, is_workplace_agreed=True, at=min(at, activity.starts_at))
    if refused is not None:
        raise refused
    walk_in = found or Join(activity_id=activity.id, person_id=person.id, asked_at=at, asked_by_id=by_id)
    walk_in.state, walk_in.way, walk_in.joined_at = "joined", walk_in.way or "walk_in", at
    db.session.add(walk_in)
    db.session.flush()  # The next at the door must find one place less.
    return True


def move_up(activity: Activity, *, at: datetime) -> list[Join]:
    """Give free places to those who wait, the longest first, while the activity is ahead; answers who has one now.

    The caller has locked the activity.
    """
    if activity.state != "published" or at >= activity.ends_at:
        return []
    free = queries.places([activity])[activity.id].left
    waiting = select(Join).where(Join.activity_id == activity.id, Join.state == "waiting").order_by(Join.asked_at, Join.id)
    moved = list(db.session.scalars(waiting.limit(free)))
    for each in moved:
        each.state, each.joined_at = "joined", at
    db.session.flush()
    for each in moved:
        tell(activity, [each.person_id], "activity_place_free", key=f"join:{each.id}/free", at=at)
    return moved


def tell(
    activity: Activity, person_ids: Collection[int], kind: str, *, reason: str | None = None, key: str, at: datetime
) -> None:  # fmt: skip
    """Tell people what became of an activity or of their place in it, once per key, and the organizer's words, if any."""
    facts = {"activity": activity.name, "starts_at": activity.starts_at.isoformat(), "place": activity.place}
    facts |= {"reason": reason} if reason else {}
    notices.tell(person_ids=person_ids, kind=kind, facts=facts, key=key, at=at)


def _own(by: Person, person_id: int | None, at: datetime) -> Person:
    """Oneself, or a minor of the household or ward."""
    if person_id in (None, by.id):
        return by
    child = next((each for each in queries.children(by, on=local_day(at)) if each.id == person_id), None)
    if child is None:
        raise RoleMissing(role="organizer")
    return child


def _take(
    activity: Activity, person: Person, *, by: Person, way: str, is_workplace_agreed: bool, at: datetime, team: Unit | None = None
) -> Join:  # fmt: skip
    found = queries.join_of(person.id, activity.id)
    if found is not None:
        return found
    if person.closed_at is not None:
        raise PersonClosed()
    refused = queries.refusal(person, activity, is_workplace_agreed=is_workplace_agreed, at=at)
    if refused is not None:
        raise refused
    places = queries.places([activity])[activity.id]
    state = rules.state_of_new(taken=places.joined, capacity=places.capacity, waiting=places.waiting)
    taken = Join(
        activity_id=activity.id, person_id=person.id, state=state, way=way, team_id=team.id if team else None,
        is_workplace_agreed=is_workplace_agreed, asked_at=at, asked_by_id=by.id, joined_at=at if state == "joined" else None,
    )  # fmt: skip
    db.session.add(taken)
    db.session.flush()  # The next of a team must find one place less.
    return taken


def _end(found: Join, state: str, *, by: Person, at: datetime) -> None:
    found.state, found.ended_at, found.ended_by_id = state, at, by.id
    db.session.flush()
