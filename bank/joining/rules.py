"""Decisions about who may take part in an activity, made from plain values only."""

from datetime import date, datetime

from bank.errors import Conflict, NotAllowed
from bank.hours.rules import RuleSet
from bank.people.rules import CHILD_YEARS, years_old

STATES = ("joined", "waiting", "left", "removed")
WAYS = ("self", "guardian", "organizer", "team", "walk_in")
COMPANY_YEARS, TAKING_PART_YEARS = 10, 6
MINUTES_OF_HOUR = 60


class TooYoung(NotAllowed):
    """Children under 6 do not take part as volunteers."""


class NotOfTeam(NotAllowed):
    """A team brings its own members."""


class OverAlready(Conflict):
    """An activity that is over, confirmed or called off takes nobody any more."""


class BegunAlready(Conflict):
    """Who has joined leaves before the activity begins; afterwards the organizer says who was not there."""


class NeedsGuardiansConsent(Conflict):
    """A child under 14 takes part when its guardian has consented (PIPL, art. 31)."""


class NeedsCompany(Conflict):
    """A child under 10 takes part together with an adult of its household or its guardian."""


class WorkplaceNotAsked(Conflict):
    """An in-service member serves in office hours when the workplace agrees."""


class CapacityTaken(Conflict):
    """More people have joined than the new number of places."""


def check_window(*, state: str, ends_at: datetime, at: datetime) -> None:
    """Refuse with OverAlready to join what is no longer ahead."""
    if state != "published" or at >= ends_at:
        raise OverAlready()


def check_age(born_on: date | None, *, on: date, lacks_consent: bool, has_company: bool) -> None:
    """Refuse a child on the day of the activity: TooYoung under 6, NeedsGuardiansConsent under 14, NeedsCompany under 10."""
    years = years_old(born_on, on=on) if born_on is not None else CHILD_YEARS
    if years < TAKING_PART_YEARS:
        raise TooYoung()
    if lacks_consent:
        raise NeedsGuardiansConsent()
    if needs_company(born_on, on=on) and not has_company:
        raise NeedsCompany()


def needs_company(born_on: date | None, *, on: date) -> bool:
    """Whether somebody is known to be under 10 on a day."""
    return born_on is not None and years_old(born_on, on=on) < COMPANY_YEARS


def is_in_office_hours(*, starts: datetime, ends: datetime, is_workday: bool, rules: RuleSet) -> bool:
    """Whether a plan, in local time, touches the office hours of a working day."""
    first = starts.hour * MINUTES_OF_HOUR + starts.minute
    last = ends.hour * MINUTES_OF_HOUR + ends.minute if ends.date() == starts.date() else 24 * MINUTES_OF_HOUR
    return is_workday and first < rules.office_ends_minute and last > rules.office_starts_minute


def state_of_new(*, taken: int, capacity: int, waiting: int) -> str:
    """Whether who asks now has a place or waits; nobody overtakes those who wait."""
    return "joined" if taken < capacity and not waiting else "waiting"
