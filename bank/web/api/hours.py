"""One's own service records, as JSON."""

from typing import Any

from flask import g

from bank.hours import queries, schemas
from bank.hours.models import ServiceRecord
from bank.web import paging
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.paging import Page, PageIn

bp = blueprint("hours", "Service records: what was done, minutes credited, points earned.")


@bp.get("/me/records")
@access("member")
@bp.arguments(PageIn, location="query")
@bp.response(200, schemas.RecordsSchema)
def records(asked: dict[str, Any]) -> Page:
    """The service records of the one who asks, the newest first."""
    return paging.page(queries.records(g.person.id), order=(ServiceRecord.id,), is_descending=True, **asked)
