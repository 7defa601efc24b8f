"""My own service records and my children's: what was done, what it counted, why less, and what is still pending and why."""

from collections.abc import Sequence

from flask import Blueprint, g, render_template

from bank import clock
from bank.closing import queries as closing
from bank.closing.lateness import due_of
from bank.hours import queries
from bank.hours.models import ServiceRecord
from bank.people.models import Person
from bank.people.queries import wards
from bank.publicity import queries as publicity
from bank.statements.words import CUT_NAMES
from bank.web import paging
from bank.web.auth import access
from bank.web.texts import CATEGORY_NAMES

bp = Blueprint("hours", __name__, url_prefix="/hours")


@bp.get("/")
@access("member")
def records() -> str:
    """My service records, the newest first, below what is pending; and the way to those of my children."""
    return _page(g.person, children=wards(g.person, clock.today()))


@bp.get("/children/<int:person_id>")
@access("member")
def of_child(person_id: int) -> str:
    """The same of a child for whom I answer as guardian."""
    return _page(publicity.own_or_ward(g.person, person_id, on=clock.today()))


def _page(person: Person, *, children: Sequence[Person] = ()) -> str:
    at = clock.now()
    year = clock.local_day(at).year
    said = publicity.objections_of(person.id)
    return render_template(
        "hours/records.html",
        person=person,
        children=children,
        page=paging.page(queries.records(person.id), order=(ServiceRecord.id,), is_descending=True, **paging.asked()),
        year=year,
        minutes=queries.minutes_in_year(person.id, year),
        points=queries.points_in_year(person.id, year),
        categories=CATEGORY_NAMES,
        cuts=CUT_NAMES,
        stays=[(each, due_of(each.activity)) for each in closing.stays_without_hours(person.id, at=at)],
        supplements=closing.waiting_of(person.id),
        parts=publicity.waiting_of(person.id),
        objections={each.service_record_id: each for each in said if each.service_record_id},
        part_objections={each.part_id: each for each in said if each.part_id},
    )
