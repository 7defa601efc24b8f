"""Persons and roles, as JSON."""

from typing import Any

from flask import g
from marshmallow import fields, validate

from bank import clock
from bank.people import actions, queries, rules, schemas
from bank.people.models import Grant, Person
from bank.people.queries import Profile
from bank.people.rules import Facts, NewPerson
from bank.web import paging
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes
from bank.web.security import limit_lookups

bp = blueprint("people", "Persons, their accounts and roles.")
STAFF = queries.STAFF_ROLES


class PersonsIn(paging.PageIn):
    """Which persons: of all kinds, or of one."""

    kind = fields.String(load_default=None, validate=validate.OneOf(rules.KINDS))


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
@limit_lookups
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


@bp.put("/persons/<int:person_id>")
@access("admin")
@writes
@bp.arguments(schemas.FactsSchema)
@bp.response(200, schemas.ProfileSchema)
def edit(new: dict[str, Any], person_id: int) -> Profile:
    """Write down anew what is known of a person; an identity number left out stays as it is."""
    actions.edit(by=g.person, person_id=person_id, new=Facts(**new), at=clock.now())
    return queries.profile(by=g.person, person_id=person_id)


@bp.get("/units/<int:unit_id>/persons")
@access(*STAFF)
@bp.arguments(PersonsIn, location="query")
@bp.response(200, schemas.ListedPersonsSchema)
def listed(asked: dict[str, Any], unit_id: int) -> paging.Page:
    """The persons of a unit and all below it: enrolled, employed or in its teams."""
    wanted = queries.listed(by=g.person, unit_id=unit_id, kind=asked.pop("kind"))
    return paging.page(wanted, order=(Person.name_sort, Person.id), **asked)


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


@bp.get("/me")
@access("member")
@bp.response(200, schemas.ProfileSchema)
def me() -> Profile:
    """The one who asks."""
    return queries.profile(by=g.person, person_id=g.person.id)
