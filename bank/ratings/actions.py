"""Everything that changes rating rules. An action flushes and never commits; the face that calls it does."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from bank.clock import local_day
from bank.db import db
from bank.people import changes
from bank.people.models import Person
from bank.people.queries import require_in_whole_bank
from bank.ratings import queries, rules
from bank.ratings.models import RatingRulesVersion
from bank.ratings.rules import RatingRules
from bank.units.queries import top_unit


def ensure_first_rules(at: datetime) -> None:
    """Write version 1 of the rating rules with the defaults, once."""
    first = rules.DEFAULTS
    if db.session.get(RatingRulesVersion, first.version) is None:
        db.session.add(RatingRulesVersion(version=first.version, starts_on=first.starts_on, rules=first.to_json(), added_at=at))
        db.session.flush()


def add_rules(*, by: Person, starts_on: date, changed: dict[str, Any], at: datetime) -> RatingRulesVersion:
    """Add a version of the rules that differs from the newest in what is named; it begins on a day to come.

    Raises RoleMissing unless `by` is admin of the whole bank, BadRatingRules, RulesBeginTooEarly, RulesBeginTwice.
    """
    require_in_whole_bank(by, "admin")
    known = queries.all_rules()
    rules.check_first_day(starts_on, today=local_day(at), taken=[each.starts_on for each in known])
    before = rules.in_force(known, starts_on)
    version = (db.session.scalar(select(func.max(RatingRulesVersion.version))) or 0) + 1
    new = RatingRules.from_json(before.to_json() | changed, version=version, starts_on=starts_on)
    row = RatingRulesVersion(version=version, starts_on=starts_on, rules=new.to_json(), added_at=at, added_by_id=by.id)
    db.session.add(row)
    db.session.flush()  # The unique first day decides when two admins add rules at once.
    plain = {name: _plain(value) for name, value in new.to_json().items() if name in changed}
    before_plain = {name: _plain(before.to_json()[name]) for name in plain}
    after = plain | {"version": version, "starts_on": starts_on}
    changes.record(by=by, subject=changes.of_unit(top_unit()), what="add_rating_rules", before=before_plain, after=after, at=at)
    return row


def _plain(value: int | tuple[int, ...]) -> int | str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else value
