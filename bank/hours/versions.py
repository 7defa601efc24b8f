"""New versions of the rules of hours and points: what they may say, and how one is added."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from bank.clock import local_day
from bank.db import db
from bank.errors import Invalid
from bank.hours.models import RuleSetVersion
from bank.hours.queries import rule_sets
from bank.hours.rules import BadRuleSet, RuleSet
from bank.people import changes
from bank.people.models import Person
from bank.people.queries import require_in_whole_bank
from bank.units.queries import top_unit

AHEAD_MAX = timedelta(days=731)


class RulesBeginEarly(Invalid):
    """New rules begin on a day to come, within two years, on which no others begin."""


def add_rule_set(*, by: Person, starts_on: date, changed: Mapping[str, int], at: datetime) -> RuleSet:
    """Add a version of the rules that differs from the one before it in what is named; it begins on a day to come.

    Raises RoleMissing unless `by` is admin of the whole bank, BadRuleSet, RulesBeginEarly.
    """
    require_in_whole_bank(by, "admin")
    known = rule_sets()
    check_first_day(starts_on, today=local_day(at), taken=[each.starts_on for each in known])
    before = next(each for each in known if each.starts_on < starts_on)
    version = max(each.version for each in known) + 1
    new = RuleSet.from_json(before.to_json() | dict(changed), version=version, starts_on=starts_on)
    check_rule_set(new)
    db.session.add(RuleSetVersion(version=version, starts_on=starts_on, rules=new.to_json()))
    db.session.flush()  # The unique first day decides when two admins add rules at once.
    old = {name: before.to_json()[name] for name in changed}
    after = dict(changed) | {"version": version, "starts_on": starts_on}
    changes.record(by=by, subject=changes.of_unit(top_unit()), what="add_rule_set", before=old, after=after, at=at)
    return new


def check_first_day(starts_on: date, *, today: date, taken: Iterable[date]) -> None:
    """Refuse with RulesBeginEarly a first day that is not to come, lies years ahead, or is another version's."""
    if not today < starts_on <= today + AHEAD_MAX or starts_on in taken:
        raise RulesBeginEarly(starts_on=starts_on)


def check_rule_set(rules: RuleSet) -> None:
    """Refuse with BadRuleSet what no bank could mean: percents beyond their sense, days of more than a day, endless terms."""
    for name, (low, high) in bounds(rules).items():
        if not low <= getattr(rules, name) <= high:
            raise BadRuleSet(rule=name)


def bounds(rules: RuleSet) -> dict[str, tuple[int, int]]:
    """The least and the most that each rule may be, beside the others of its version."""
    return {
        "points_per_hour": (1, 10_000),
        "class_percent_min": (80, 100),
        "class_percent_max": (100, 150),
        "class_percent_default": (rules.class_percent_min, rules.class_percent_max),
        "quality_percent": (1, 500),
        "presence_percent_min": (0, 100),
        "pairs_max": (1, 3),
        "day_minutes_max": (1, 1440),
        "year_points_max": (0, 10_000_000),
        "supplement_points_percent": (0, 100),
        "open_minutes_before": (0, 240),
        "open_minutes_after": (0, 240),
        "confirm_workdays": (1, 60),
        "publicity_workdays": (0, 30),
        "post_workdays": (max(rules.confirm_workdays, rules.publicity_workdays + 1), 120),
        "objection_workdays": (1, 60),
        "office_starts_minute": (0, 1440),
        "office_ends_minute": (rules.office_starts_minute, 1440),
        "bulk_supplements_min": (1, 1000),
    }
