"""My own service records: what I did, what it counted, why it counted less, and what is still pending and why."""

from flask import Blueprint, g, render_template

from bank import clock
from bank.closing import queries as closing
from bank.closing.lateness import due_of
from bank.hours import queries
from bank.hours.models import ServiceRecord
from bank.publicity import queries as publicity
from bank.statements.words import CUT_NAMES
from bank.web import paging
from bank.web.auth import access
from bank.web.texts import CATEGORY_NAMES

bp = Blueprint("hours", __name__, url_prefix="/hours")


@bp.get("/")
@access("member")
def records() -> str:
    """My service records, the newest first, below what is pending."""
    at = clock.now()
    year = clock.local_day(at).year
    mine = publicity.objections_of(g.person.id)
    return render_template(
        "hours/records.html",
        page=paging.page(queries.records(g.person.id), order=(ServiceRecord.id,), is_descending=True, **paging.asked()),
        year=year,
        minutes=queries.minutes_in_year(g.person.id, year),
        points=queries.points_in_year(g.person.id, year),
        categories=CATEGORY_NAMES,
        cuts=CUT_NAMES,
        stays=[(each, due_of(each.activity)) for each in closing.stays_without_hours(g.person.id, at=at)],
        supplements=closing.waiting_of(g.person.id),
        parts=publicity.waiting_of(g.person.id),
        objections={each.service_record_id: each for each in mine if each.service_record_id},
        part_objections={each.part_id: each for each in mine if each.part_id},
    )
