"""Persons, units, roles, PINs and consents, as JSON."""

from typing import Any

from flask import g

from bank import clock
from bank.people import actions, queries, schemas
from bank.people.models import Consent, Grant, Person, Unit
from bank.people.queries import Profile
from bank.people.rules import NewPerson
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes

bp = blueprint("people", "Persons and their accounts, units, roles and consents.")
STAFF = queries.STAFF_ROLES


@bp.post("/persons")
@access("admin")
@writes
@bp.arguments(schemas.NewPersonSchema)
@bp.response(201, schemas.ProfileSchema)
def enrol(new: dict[str, Any]) -> Profile:
    """Enrol a person in a unit, with an account for points and one for minutes."""
    person = actions.enrol(by=g.person, new=NewPerson(**new), at=clock.now())
    return queries.profile(by=g.person, person_id=person.id)


@bp.get("/persons")
@access(*STAFF)
@bp.arguments(schemas.SearchSchema, location="query")
@bp.response(200, schemas.FoundPersonsSchema)
def find_persons(asked: dict[str, str]) -> dict[str, list[Person]]:
    """Up to 50 persons of the units where the one who asks has a role."""
    return {"persons": queries.find_persons(by=g.person, text=asked["search"])}


@bp.get("/persons/<int:person_id>")
@access("member")
@bp.response(200, schemas.ProfileSchema)
def person(person_id: int) -> Profile:
    """A person, as far as the one who asks may see."""
    return queries.profile(by=g.person, person_id=person_id)


@bp.post("/persons/<int:person_id>/roles")
@access("admin")
@writes
@bp.arguments(schemas.NewRoleSchema)
@bp.response(201, schemas.RoleSchema)
def grant_role(new: dict[str, Any], person_id: int) -> Grant:
    """Let a person act in a role in a unit and below it."""
    return actions.grant_role(by=g.person, person_id=person_id, at=clock.now(), **new)


@bp.post("/roles/<int:grant_id>/revoke")
@access("admin")
@writes
@bp.response(200, schemas.RoleSchema)
def revoke_role(grant_id: int) -> Grant:
    """End a role that was given."""
    return actions.revoke_role(by=g.person, grant_id=grant_id, at=clock.now())


@bp.post("/persons/<int:person_id>/pin")
@access("admin")
@writes
@bp.arguments(schemas.PinSchema)
@bp.response(204)
def set_pin(new: dict[str, str], person_id: int) -> None:
    """Set the PIN with which a person signs in."""
    actions.set_pin(by=g.person, person_id=person_id, pin=new["pin"], at=clock.now())


@bp.get("/me")
@access("member")
@bp.response(200, schemas.ProfileSchema)
def me() -> Profile:
    """The one who asks."""
    return queries.profile(by=g.person, person_id=g.person.id)


@bp.put("/me/consents/<string:purpose>")
@access("member")
@writes
@bp.arguments(schemas.DecisionSchema)
@bp.response(200, schemas.ConsentSchema)
def decide_consent(decided: dict[str, bool], purpose: str) -> Consent:
    """Give or withdraw consent for a purpose: board, public_list, home_unit or contact."""
    return actions.decide_consent(
        by=g.person, person_id=g.person.id, purpose=purpose, is_given=decided["is_given"], at=clock.now()
    )


@bp.get("/units")
@access(*STAFF)
@bp.response(200, schemas.UnitsSchema)
def units() -> dict[str, list[Unit]]:
    """The units where the one who asks has a role, and all below them."""
    return {"units": queries.units(by=g.person)}


@bp.post("/units")
@access("admin")
@writes
@bp.arguments(schemas.NewUnitSchema)
@bp.response(201, schemas.UnitSchema)
def add_unit(new: dict[str, Any]) -> Unit:
    """Add a unit below another."""
    return actions.add_unit(by=g.person, at=clock.now(), **new)
