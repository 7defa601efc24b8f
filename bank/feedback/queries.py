"""What can be asked about sheets for the home unit; nothing here changes anything."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from bank.consents.queries import consenting
from bank.db import db
from bank.feedback import rules
from bank.feedback.models import FeedbackSheet
from bank.feedback.rules import Content, Kind
from bank.hours.models import Service
from bank.people import queries as people
from bank.people.models import Person
from bank.ratings.lines import counted, score, total
from bank.ratings.queries import rules_of_year


def sheets_of(person_id: int) -> list[FeedbackSheet]:
    """A member's own sheets, the newest first."""
    wanted = select(FeedbackSheet).where(FeedbackSheet.person_id == person_id).options(joinedload(FeedbackSheet.home_unit))
    return list(db.session.scalars(wanted.order_by(FeedbackSheet.quarter.desc())))


def sheet(*, by: Person, sheet_id: int) -> FeedbackSheet:
    """One sheet, seen by the member at any time, and by admins of the home unit once it has left. Raises SheetNotFound."""
    found = db.session.get(FeedbackSheet, sheet_id, options=[joinedload(FeedbackSheet.person)])
    if found is None:
        raise rules.SheetNotFound()
    if found.person_id == by.id:
        return found
    may_read = people.has_role(by, "admin", found.home_unit_id)
    if not may_read or not db.session.scalar(_outside().where(FeedbackSheet.id == sheet_id)):
        raise rules.SheetNotFound()
    return found


def outside(*, by: Person) -> list[FeedbackSheet]:
    """The sheets that have left for home units administered by `by`, whose members still agree; newest quarter first."""
    units = [each.id for each in people.units(by=by, role="admin")]
    wanted = _outside().where(FeedbackSheet.home_unit_id.in_(units))
    wanted = wanted.join(FeedbackSheet.person).options(joinedload(FeedbackSheet.person), joinedload(FeedbackSheet.home_unit))
    return list(db.session.scalars(wanted.order_by(FeedbackSheet.quarter.desc(), Person.name_sort, Person.key)))


def content_of(sheet: FeedbackSheet) -> Content:
    """What is in a sheet."""
    return Content.from_json(sheet.content)


def members_without_sheet(quarter: date) -> list[Person]:
    """The in-service members with a home unit and a live consent who have no sheet of a quarter yet."""
    has_sheet = select(FeedbackSheet.id).where(FeedbackSheet.person_id == Person.id, FeedbackSheet.quarter == quarter).exists()
    wanted = select(Person).where(Person.is_in_service, Person.home_unit_id.is_not(None), ~has_sheet)
    return list(db.session.scalars(wanted.where(Person.id.in_(consenting(rules.CONSENT))).order_by(Person.id)))


def contents(quarter: date, person_ids: Collection[int], *, at: datetime) -> dict[int, Content]:
    """What these members' records of a quarter come to; members without records are missing."""
    in_force = rules_of_year(quarter.year)
    kinds: dict[int, list[Kind]] = defaultdict(list)
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    rows: list[list[Any]] = [list(row) for row in db.session.connection().execute(_by_kind(quarter, person_ids, at))]
    for person_id, category, minutes, *counts in rows:
        kinds[person_id].append(Kind(category, minutes))
        sums[person_id] = [before + more for before, more in zip(sums[person_id], counts, strict=True)]
    return {each: _content(kinds[each], *sums[each], least=in_force.rated_min) for each in kinds}


def _content(kinds: list[Kind], services: int, rated: int, rated_minutes: int, weighted: int, *, least: int) -> Content:
    return Content(
        services=services,
        minutes=sum(each.minutes for each in kinds),
        kinds=tuple(sorted(kinds, key=lambda each: (-each.minutes, each.category))),
        rated=rated,
        score=weighted // rated_minutes if rated >= least else None,
    )


def _by_kind(quarter: date, person_ids: Collection[int], at: datetime) -> Select[tuple[object, ...]]:
    lines = counted(quarter.year, at=at, person_ids=person_ids).subquery()
    its_score = score(lines, rules_of_year(quarter.year)).label("score")
    scored = select(lines.c.person_id, lines.c.service_id, lines.c.served_on, lines.c.minutes, its_score).subquery()
    is_within = (scored.c.served_on >= quarter) & (scored.c.served_on < rules.following_quarter(quarter))
    return (
        select(
            scored.c.person_id,
            Service.category,
            total(scored.c.minutes),
            func.count(),
            func.count(scored.c.score),
            total(case((scored.c.score.is_not(None), scored.c.minutes))),
            total(scored.c.minutes * scored.c.score),
        )
        .join(Service, Service.id == scored.c.service_id)
        .where(is_within)
        .group_by(scored.c.person_id, Service.category)
    )


def _outside() -> Select[FeedbackSheet]:
    """Sheets that have left and were not held back, of members who still agree."""
    left = select(FeedbackSheet).where(FeedbackSheet.left_at.is_not(None), FeedbackSheet.withdrawn_at.is_(None))
    return left.where(FeedbackSheet.person_id.in_(consenting(rules.CONSENT)))
