"""My own service records: what I did, what it counted, and why it counted less."""

from flask import Blueprint, g, render_template

from bank import clock
from bank.hours import queries
from bank.hours.models import ServiceRecord
from bank.web import paging
from bank.web.auth import access
from bank.web.texts import CATEGORY_NAMES, CUT_NAMES

bp = Blueprint("hours", __name__, url_prefix="/hours")


@bp.get("/")
@access("member")
def records() -> str:
    """My service records, the newest first."""
    year = clock.today().year
    return render_template(
        "hours/records.html",
        page=paging.page(queries.records(g.person.id), order=(ServiceRecord.id,), is_descending=True, **paging.asked()),
        year=year,
        minutes=queries.minutes_in_year(g.person.id, year),
        points=queries.points_in_year(g.person.id, year),
        categories=CATEGORY_NAMES,
        cuts=CUT_NAMES,
    )
