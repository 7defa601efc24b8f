"""One's own service records, as JSON."""

from typing import Any

from flask import g

from bank import clock
from bank.hours import queries, schemas
from bank.hours.models import ServiceRecord
from bank.hours.rules import RuleSet
from bank.hours.versions import add_rule_set
from bank.web import paging
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes
from bank.web.paging import Page, PageIn

bp = blueprint("hours", "Service records: what was done, minutes credited, points earned.")


@bp.get("/me/records")
@access("member")
@bp.arguments(PageIn, location="query")
@bp.response(200, schemas.RecordsSchema)
def records(asked: dict[str, Any]) -> Page:
    """The service records of the one who asks, the newest first."""
    return paging.page(queries.records(g.person.id), order=(ServiceRecord.id,), is_descending=True, **asked)


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
