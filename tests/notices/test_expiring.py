"""Members are told 60, 30 and 7 days before points expire, by each preset, and once."""

from datetime import date, datetime, time

import pytest

from bank.clock import local_instant
from bank.db import db, transaction
from bank.ledger.rules import Expiry
from bank.notices import expiring
from bank.notices.models import Notice

THREE_MONTHS, YEAR_END, NEVER = Expiry("months", 3), Expiry("year_end"), Expiry("never")


@pytest.fixture
def remind(app):
    """Do what is due on a day: `remind(date(2026, 12, 1))` answers how many were told."""

    def on(day: date, expiry: Expiry = THREE_MONTHS) -> int:
        with transaction():
            at = local_instant(day, time(7))
            return sum(expiring.tell_some(each, at=at) for each in expiring.reminders(expiry=expiry, at=at))

    return on


def told(person):
    rows = db.session.execute(db.select(Notice.key, Notice.facts).where(Notice.person_id == person.id).order_by(Notice.id))
    return [(key, facts["points"], facts["expires_on"]) for key, facts in rows]


def test_a_member_is_told_three_times(remind, alice, serve):
    serve(alice, 120, date(2026, 9, 3))
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 2), date(2026, 12, 1), date(2026, 12, 24), date(2026, 12, 31)]
    assert [remind(day) for day in days] == [0, 1, 0, 1, 1, 0]
    assert told(alice) == [(f"expiry:2026-12-31:{step}", 200, "2026-12-31") for step in (60, 30, 7)]


def test_each_month_end_counts_its_own_points(remind, alice, serve):
    serve(alice, 60, date(2026, 9, 3))
    serve(alice, 180, date(2026, 10, 3))
    assert remind(date(2026, 12, 8)) == 2
    assert told(alice) == [("expiry:2026-12-31:30", 100, "2026-12-31"), ("expiry:2027-01-31:60", 300, "2027-01-31")]


def test_what_is_spent_does_not_expire(remind, alice, serve, redeem):
    serve(alice, 120, date(2026, 9, 3))
    redeem(alice, 150, date(2026, 9, 20))
    assert remind(date(2026, 12, 8)) == 1
    assert told(alice) == [("expiry:2026-12-31:30", 50, "2026-12-31")]


@pytest.mark.parametrize(
    ("expiry", "day", "days"),
    [
        (THREE_MONTHS, "2027-12-31", ["2027-12-31", "2028-01-31", "2028-02-29"]),
        (THREE_MONTHS, "2028-01-31", ["2028-01-31", "2028-02-29", "2028-03-31"]),
        (YEAR_END, "2026-11-01", ["2026-12-31"]),
        (YEAR_END, "2026-10-31", []),
        (NEVER, "2026-12-01", []),
    ],
)
def test_which_days_are_ahead(expiry, day, days):
    today = datetime.fromisoformat(day).date()
    assert [each.isoformat() for each in expiring.expiry_days(today, expiry)] == days


def test_at_a_years_end_all_of_the_year_expires(remind, alice, serve):
    serve(alice, 60, date(2026, 9, 3))
    assert remind(date(2026, 12, 25), NEVER) == 0
    assert remind(date(2026, 12, 25), YEAR_END) == 1
    assert told(alice) == [("expiry:2026-12-31:7", 100, "2026-12-31")]
