"""The page on which the desk says where a person belongs: unit, home unit, host community, teams, household, guardian."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema, fields, validate

from bank import clock
from bank.fields import StrictInt
from bank.people import belonging, queries, schemas
from bank.people.rules import RELATIONS
from bank.units.queries import home_units
from bank.units.rules import MEMBER_KINDS
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.pages.units import with_paths
from bank.web.texts import RELATION_NAMES

bp = Blueprint("belonging", __name__)


class MaybeUnitSchema(Schema):
    """A unit, or none chosen."""

    unit_id = StrictInt(load_default=None, low=1)


class CardSchema(Schema):
    """A member by card or phone number."""

    card_number = fields.String(required=True, validate=validate.Length(max=40))


@bp.get("/people/<int:person_id>/belonging")
@access("admin")
def page(person_id: int) -> str:
    """Where a person belongs, each with the form that changes it."""
    person = queries.person(by=g.person, person_id=person_id)
    queries.require_role(g.person, "admin", person.unit_id)
    mine = queries.units(by=g.person, role="admin")
    now = [each for each in queries.memberships(person_id) if each.until_at is None]
    return render_template(
        "people/belonging.html",
        person=person,
        units=with_paths([each for each in mine if each.kind in MEMBER_KINDS]),
        teams=with_paths([each for each in mine if each.kind == "team"]),
        homes=[(each.id, each.name) for each in home_units()],
        joined=[each.unit for each in now if each.kind == "team"],
        household=[each for each in queries.household(person_id) if each.id != person_id],
        guardian=queries.guardian(person_id),
        relations=[(each, RELATION_NAMES[each]) for each in RELATIONS],
    )


@bp.post("/people/<int:person_id>/move")
@access("admin")
@redisplay(page)
@writes
def move(person_id: int) -> ResponseReturnValue:
    """Enrol a person elsewhere from now on."""
    belonging.move_person(by=g.person, person_id=person_id, at=clock.now(), **load(schemas.SomeUnitIdSchema))
    return _done(person_id)


@bp.post("/people/<int:person_id>/home-unit")
@access("admin")
@redisplay(page)
@writes
def set_home_unit(person_id: int) -> ResponseReturnValue:
    """Say where an in-service member works."""
    belonging.set_home_unit(by=g.person, person_id=person_id, at=clock.now(), **load(MaybeUnitSchema))
    return _done(person_id)


@bp.post("/people/<int:person_id>/host-unit")
@access("admin")
@redisplay(page)
@writes
def set_host_unit(person_id: int) -> ResponseReturnValue:
    """Say to which community an in-service member has reported."""
    belonging.set_host_unit(by=g.person, person_id=person_id, at=clock.now(), **load(MaybeUnitSchema))
    return _done(person_id)


@bp.post("/people/<int:person_id>/teams")
@access("admin")
@redisplay(page)
@writes
def join_team(person_id: int) -> ResponseReturnValue:
    """Take a person into a team."""
    belonging.join_team(by=g.person, person_id=person_id, at=clock.now(), **load(schemas.SomeUnitIdSchema))
    return _done(person_id)


@bp.post("/people/<int:person_id>/teams/<int:unit_id>/leave")
@access("admin")
@redisplay(page)
@writes
def leave_team(person_id: int, unit_id: int) -> ResponseReturnValue:
    """End a person's membership of a team."""
    belonging.leave_team(by=g.person, person_id=person_id, unit_id=unit_id, at=clock.now())
    return _done(person_id)


@bp.post("/people/<int:person_id>/household")
@access("admin")
@redisplay(page)
@writes
def join_household(person_id: int) -> ResponseReturnValue:
    """Write down that a person lives with another."""
    other = queries.person_by_card(by=g.person, **load(CardSchema))
    belonging.join_household(by=g.person, person_id=person_id, with_person_id=other.id, at=clock.now())
    return _done(person_id)


@bp.post("/people/<int:person_id>/household/leave")
@access("admin")
@redisplay(page)
@writes
def leave_household(person_id: int) -> ResponseReturnValue:
    """Write down that a person lives alone."""
    belonging.leave_household(by=g.person, person_id=person_id, at=clock.now())
    return _done(person_id)


@bp.post("/people/<int:person_id>/guardian")
@access("admin")
@redisplay(page)
@writes
def set_guardian(person_id: int) -> ResponseReturnValue:
    """Write down who answers for a minor."""
    new = load(schemas.GuardianSchema)
    belonging.set_guardian(by=g.person, person_id=person_id, new=new, at=clock.now())  # type: ignore[arg-type]
    return _done(person_id)


def _done(person_id: int) -> ResponseReturnValue:
    flash(gettext("已保存。"), "done")
    return redirect(url_for(".page", person_id=person_id), 303)
