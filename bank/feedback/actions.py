"""Everything that changes sheets for the home unit. An action flushes and never commits; the face that calls it does."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select

from bank.clock import local_day
from bank.consents.queries import consenting
from bank.db import db
from bank.feedback import queries, rules
from bank.feedback.models import FeedbackSheet
from bank.notices.actions import tell
from bank.people.models import Person
from bank.workdays import workday_after

CHUNK = 5000


def prepare(*, quarter: date, at: datetime) -> int:
    """Make a sheet of a quarter for every member who agreed and served, and show it to them; how many are new.

    It leaves after three whole working days in which the member can see it and hold it back.
    """
    members = queries.members_without_sheet(quarter)
    leaves_on = workday_after(local_day(at), rules.SHOWN_WORKDAYS + 1)
    rows: list[dict[str, Any]] = []
    for start in range(0, len(members), CHUNK):
        batch = members[start : start + CHUNK]
        contents = queries.contents(quarter, [each.id for each in batch], at=at)
        rows += [
            {
                "person_id": each.id,
                "home_unit_id": each.home_unit_id,
                "quarter": quarter,
                "content": contents[each.id].to_json(),
                "shown_at": at,
                "leaves_on": leaves_on,
            }
            for each in batch
            if each.id in contents
        ]
    if rows:
        db.session.execute(insert(FeedbackSheet), rows)
        facts = {"leaves_on": leaves_on.isoformat()}
        key = f"feedback:{quarter:%Y-%m}"
        tell(person_ids=[row["person_id"] for row in rows], kind="feedback_shown", facts=facts, key=key, at=at)
    return len(rows)


def send_due(*, at: datetime) -> int:
    """Let every sheet leave whose day has come; how many left. Without a live consent it is held back for good instead."""
    is_due = FeedbackSheet.leaves_on <= local_day(at)
    wanted = select(FeedbackSheet).where(is_due, FeedbackSheet.left_at.is_(None), FeedbackSheet.withdrawn_at.is_(None))
    due = db.session.scalars(wanted.with_for_update()).all()
    agreeing = set(db.session.scalars(consenting(rules.CONSENT))) if due else set()
    for each in due:
        if each.person_id in agreeing:
            each.left_at = at
        else:
            each.withdrawn_at = at
    db.session.flush()
    return sum(each.left_at is not None for each in due)


def hold_back(*, by: Person, sheet_id: int, at: datetime) -> FeedbackSheet:
    """Keep one's own sheet from the home unit; one that has left can be read there no more.

    Raises SheetNotFound for another's, AlreadyHeldBack.
    """
    sheet = db.session.get(FeedbackSheet, sheet_id, with_for_update=True, populate_existing=True)
    if sheet is None or sheet.person_id != by.id:
        raise rules.SheetNotFound()
    if sheet.withdrawn_at is not None:
        raise rules.AlreadyHeldBack()
    sheet.withdrawn_at = at
    db.session.flush()
    return sheet
