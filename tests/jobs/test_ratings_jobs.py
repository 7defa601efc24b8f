"""The jobs about stars: every night, ten days after a quarter, and on 31 January."""

from datetime import date, time

import pytest
from flask_babel import force_locale

from bank import clock
from bank.clock import local_instant
from bank.db import db
from bank.errors import BankError
from bank.jobs import runs
from bank.jobs.table import BY_NAME as JOBS
from bank.jobs.words import said
from bank.ratings.models import MicroResult
from tests.ratings.conftest import in_service, mark, serve

__all__ = ["in_service", "mark", "serve"]


@pytest.fixture
def run(in_service, serve, monkeypatch):
    """Run a job for the period of a day, at the instant from which it is due."""
    for number in range(3):
        serve(in_service, 480, date(2026, 10, 3 + number), (5, 5, 4))

    def at_its_hour(name, day):
        job = JOBS[name]
        monkeypatch.setattr(clock, "now", lambda: job.due_at(job.first(day)))
        return runs.run(job, day)

    return at_its_hour


def test_every_night_stars_follow_the_records(run):
    done = run("ratings", date(2026, 10, 14))
    with force_locale("en"):
        assert said(done.result) == (
            "1 members' standings changed, 1 communities' standings changed, 0 certificates ended,"
            " 0 awards given, 0 awards ended, 0 sheets left for home units"
        )
    assert not run("ratings", date(2026, 10, 14)).is_new
    assert run("ratings", date(2026, 10, 15)).result.startswith('{"members_changed": 0, "units_changed": 0,')


def test_on_31_january_the_year_is_fixed(run):
    assert JOBS["year"].due_at(date(2026, 1, 1)) == local_instant(date(2027, 1, 31), time(4))
    assert run("year", date(2026, 5, 5)).result == '{"members_fixed": 1, "units_fixed": 1}'
    assert db.session.scalar(db.select(MicroResult.stars)) == 4


def test_before_31_january_the_year_is_not_fixed(run, monkeypatch):
    monkeypatch.setattr(JOBS["year"].__class__, "due_at", lambda job, first: local_instant(date(2027, 1, 30), time(4)))
    with pytest.raises(BankError):
        run("year", date(2026, 5, 5))


def test_ten_days_after_a_quarter_sheets_are_shown_to_who_agreed(run):
    assert JOBS["feedback"].due_at(date(2026, 10, 1)) == local_instant(date(2027, 1, 10), time(5))
    assert run("feedback", date(2026, 10, 1)).result == '{"sheets_shown": 0}'
