"""Marks of service records, codes for recipients, and comments, as JSON."""

from typing import Any

from flask import g

from bank import clock
from bank.evaluations import queries, schemas
from bank.hours.models import ServiceRecord
from bank.web import paging
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.paging import PageIn

bp = blueprint("evaluations", "Evaluation of service records by recipients and leaders.")


@bp.get("/me/evaluations")
@access("member")
@bp.arguments(PageIn, location="query")
@bp.response(200, schemas.AllReceivedSchema)
def received(asked: dict[str, Any]) -> dict[str, Any]:
    """The marks of the one who asks, the newest first; those that are still hidden say when they will be shown."""
    at = clock.now()
    page = paging.page(queries.rated_records(g.person.id), order=(ServiceRecord.id,), is_descending=True, **asked)
    return {"means": queries.means(g.person.id, at=at), "received": queries.received(page.items, at=at), "next": page.next}
