"""Where persons belong, and the record of changes, as JSON."""

from typing import Any

from flask import g

from bank import clock
from bank.fields import StrictInt
from bank.people import belonging, changes, queries, schemas
from bank.people.models import Change, Membership, Person
from bank.people.queries import Profile
from bank.people.rules import NewGuardian
from bank.web import paging
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes

bp = blueprint("belonging", "Units, teams, households and guardians of persons, and the record of changes.")


class ChangesIn(paging.PageIn):
    """Which changes: all in sight, or those of one person."""

    person_id = StrictInt(load_default=None, low=1)


@bp.get("/persons/<int:person_id>/memberships")
@access("member")
@bp.response(200, schemas.MembershipsSchema)
def memberships(person_id: int) -> dict[str, list[Membership]]:
    """Where a person belongs and belonged."""
    return {"memberships": queries.memberships(queries.person(by=g.person, person_id=person_id).id)}


@bp.post("/persons/<int:person_id>/move")
@access("admin")
@writes
@bp.arguments(schemas.SomeUnitIdSchema)
@bp.response(200, schemas.ProfileSchema)
def move(new: dict[str, int], person_id: int) -> Profile:
    """Enrol a person elsewhere from now on."""
    belonging.move_person(by=g.person, person_id=person_id, unit_id=new["unit_id"], at=clock.now())
    return queries.profile(by=g.person, person_id=person_id)


@bp.put("/persons/<int:person_id>/home-unit")
@access("admin")
@writes
@bp.arguments(schemas.UnitIdSchema)
@bp.response(200, schemas.ProfileSchema)
def set_home_unit(new: dict[str, Any], person_id: int) -> Profile:
    """Say where an in-service member works, or null."""
    belonging.set_home_unit(by=g.person, person_id=person_id, unit_id=new["unit_id"], at=clock.now())
    return queries.profile(by=g.person, person_id=person_id)


@bp.put("/persons/<int:person_id>/host-unit")
@access("admin")
@writes
@bp.arguments(schemas.UnitIdSchema)
@bp.response(200, schemas.ProfileSchema)
def set_host_unit(new: dict[str, Any], person_id: int) -> Profile:
    """Say to which community an in-service member has reported, or null when it is where he is enrolled."""
    belonging.set_host_unit(by=g.person, person_id=person_id, unit_id=new["unit_id"], at=clock.now())
    return queries.profile(by=g.person, person_id=person_id)


@bp.put("/persons/<int:person_id>/teams/<int:unit_id>")
@access("admin", "organizer")
@writes
@bp.response(204)
def join_team(person_id: int, unit_id: int) -> None:
    """Take a person into a team."""
    belonging.join_team(by=g.person, person_id=person_id, unit_id=unit_id, at=clock.now())


@bp.post("/persons/<int:person_id>/teams/<int:unit_id>/leave")
@access("admin", "organizer")
@writes
@bp.response(204)
def leave_team(person_id: int, unit_id: int) -> None:
    """End a person's membership of a team."""
    belonging.leave_team(by=g.person, person_id=person_id, unit_id=unit_id, at=clock.now())


@bp.get("/persons/<int:person_id>/household")
@access("member")
@bp.response(200, schemas.HouseholdSchema)
def household(person_id: int) -> dict[str, list[Person]]:
    """Whom a person lives with or answers for; the person too."""
    return {"persons": queries.household(queries.person(by=g.person, person_id=person_id).id)}


@bp.post("/persons/<int:person_id>/household")
@access("admin")
@writes
@bp.arguments(schemas.OtherPersonSchema)
@bp.response(200, schemas.HouseholdSchema)
def join_household(new: dict[str, int], person_id: int) -> dict[str, list[Person]]:
    """Write down that a person lives with another."""
    belonging.join_household(by=g.person, person_id=person_id, at=clock.now(), **new)
    return {"persons": queries.household(person_id)}


@bp.post("/persons/<int:person_id>/household/leave")
@access("admin")
@writes
@bp.response(204)
def leave_household(person_id: int) -> None:
    """Write down that a person lives alone."""
    belonging.leave_household(by=g.person, person_id=person_id, at=clock.now())


@bp.put("/persons/<int:person_id>/guardian")
@access("admin")
@writes
@bp.arguments(schemas.GuardianSchema)
@bp.response(204)
def set_guardian(new: NewGuardian, person_id: int) -> None:
    """Write down who answers for a minor."""
    belonging.set_guardian(by=g.person, person_id=person_id, new=new, at=clock.now())


@bp.get("/changes")
@access("admin", "auditor")
@bp.arguments(ChangesIn, location="query")
@bp.response(200, schemas.ChangesSchema)
def record(asked: dict[str, Any]) -> paging.Page:
    """What administrators changed in the units of the one who asks, the latest first."""
    wanted = changes.seen_by(g.person, person_id=asked.pop("person_id"))
    return paging.page(wanted, order=(Change.changed_at, Change.id), is_descending=True, **asked)
