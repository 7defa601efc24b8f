"""One's own service records, as JSON."""

from typing import Any

from flask import g

from bank import clock
from bank.fields import StrictInt
from bank.hours import queries, schemas
from bank.hours.models import ServiceRecord
from bank.hours.rules import RuleSet
from bank.hours.versions import add_rule_set
from bank.publicity.queries import own_or_ward
from bank.web import paging
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes
from bank.web.paging import Page, PageIn

bp = blueprint("hours", "Service records: what was done, minutes credited, points earned.")


class RecordsQuery(PageIn):
    """Whose records: one's own, or those of a child for whom one answers."""

    person_id = StrictInt(load_default=None, low=1)


@bp.get("/me/records")
@access("member")
@bp.arguments(RecordsQuery, location="query")
@bp.response(200, schemas.RecordsSchema)
def records(asked: dict[str, Any]) -> Page:
    """The service records of the one who asks, or of a child for whom he answers, the newest first."""
    person = own_or_ward(g.person, asked.pop("person_id"), on=clock.today())
    return paging.page(queries.records(person.id), order=(ServiceRecord.id,), is_descending=True, **asked)


@bp.get("/rule-sets")
@access("member")
@bp.response(200, schemas.RuleSetsSchema)
def rule_sets() -> dict[str, list[RuleSet]]:
    """All versions of the rules of hours and points."""
    return {"rule_sets": queries.rule_sets()}


@bp.post("/rule-sets")
@access("admin")
@writes
@bp.arguments(schemas.NewRuleSetSchema)
@bp.response(201, schemas.RuleSetSchema)
def add(new: dict[str, Any]) -> RuleSet:
    """Add a version that differs in what is named and begins on a day to come; for admins of the whole bank."""
    return add_rule_set(by=g.person, starts_on=new.pop("starts_on"), changed=new, at=clock.now())
