"""Rating rules, micro-hour stars with their whole calculation, and the public list, as JSON."""

from typing import Any

from flask import g

from bank import clock
from bank.ratings import actions, queries, schemas
from bank.ratings.explain import Explanation, explanation
from bank.ratings.rules import RatingRules
from bank.units.queries import top_unit
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes

bp = blueprint("ratings", "Micro-hour stars of in-service members, and the rules they go by.")


@bp.get("/me/rating")
@access("member")
@bp.arguments(schemas.YearQuerySchema, location="query")
@bp.response(200, schemas.RatingSchema)
def own(asked: dict[str, int | None]) -> Explanation:
    """The year of the one who asks, from records to stars."""
    return explanation(person=g.person, year=asked["year"] or clock.today().year, at=clock.now())


@bp.get("/persons/<int:person_id>/rating")
@access("admin", "auditor")
@bp.arguments(schemas.YearQuerySchema, location="query")
@bp.response(200, schemas.RatingSchema)
def of_person(asked: dict[str, int | None], person_id: int) -> Explanation:
    """A member's year, for admins and auditors of the member's unit."""
    person = queries.rated_person(by=g.person, person_id=person_id)
    return explanation(person=person, year=asked["year"] or clock.today().year, at=clock.now())


@bp.get("/rating-rules")
@access("public")
@bp.response(200, schemas.AllRatingRulesSchema)
def rules() -> dict[str, list[RatingRules]]:
    """All versions of the rules, the newest first."""
    return {"rules": queries.all_rules()}


@bp.post("/rating-rules")
@access("admin")
@writes
@bp.arguments(schemas.NewRatingRulesSchema)
@bp.response(201, schemas.RatingRulesSchema)
def add_rules(new: dict[str, Any]) -> RatingRules:
    """Add a version that begins on a day to come; past years stay as they are."""
    starts_on = new.pop("starts_on")
    added = actions.add_rules(by=g.person, starts_on=starts_on, changed=new, at=clock.now())
    return queries.rules_of_version(added.version)


@bp.get("/rated-members/<int:year>")
@access("public")
@bp.response(200, schemas.PublishedSchema)
def published(year: int) -> dict[str, object]:
    """A fixed year's members with stars who agreed to public lists, by name."""
    return {"year": year, "members": queries.published(year, unit_id=top_unit().id)}
