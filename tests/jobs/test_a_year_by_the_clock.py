"""Fourteen months by a moved clock, over a leap day and two years' ends: each period once, in order, and no point is lost."""

from collections import Counter
from datetime import date, time, timedelta
from itertools import pairwise

import pytest

from bank import clock
from bank.clock import local_instant
from bank.db import db
from bank.jobs import queries, runs, table
from bank.jobs.models import JobRun
from bank.ledger import queries as books
from bank.notices.models import Notice
from bank.statements.models import Statement
from bank.statements.rules import months_after
from tests.statements.conftest import serve

__all__ = ["serve"]

FIRST, LAST = date(2027, 12, 1), date(2029, 2, 1)
# A PC that is on at odd hours: the days on which somebody looks, of each month.
LOOKS = {1: time(9), 6: time(8), 29: time(23)}
TRIED = {"expire", "close", "statements", "expiring", "year"}  # Of the nightly jobs one, to keep the year short.


@pytest.fixture
def by_the_clock(app, alice, serve, monkeypatch):
    """Live from December 2027 to January 2029: a service a month, points that last three, and a look on three days."""
    app.config["EXPIRY"] = "3"
    monkeypatch.setattr(table, "JOBS", [each for each in table.JOBS if each.name in TRIED])
    outcomes = []
    for number in range(14):
        month = months_after(FIRST, number)
        last = clock.next_month(month) - timedelta(days=1)
        monkeypatch.setattr(clock, "now", lambda month=month: local_instant(month, time(10)))
        serve(alice, 60, last if month.month in {2, 12} else month.replace(day=20))
        for day, at in LOOKS.items():
            if day <= last.day and not (month.month == 7 and day < 29):  # In July nobody is there until the 29th.
                monkeypatch.setattr(clock, "now", lambda m=month, d=day, at=at: local_instant(m.replace(day=d), at))
                outcomes += runs.catch_up()
    monkeypatch.setattr(clock, "now", lambda: local_instant(LAST.replace(day=6), time(8)))
    return outcomes + runs.catch_up()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_fourteen_months_by_the_clock(by_the_clock, alice):
    assert {each.state for each in by_the_clock} == {"done"}
    assert set(Counter((each.job, each.period) for each in by_the_clock).values()) == {1}
    months = [f"{months_after(FIRST, number):%Y-%m}" for number in range(14)]
    for job in ("expire", "close", "statements"):
        assert [each.period for each in by_the_clock if each.job == job] == months
    order = [each.job for each in by_the_clock if each.period == "2028-06"]
    assert [job for job in order if job in {"expire", "close", "statements"}] == ["expire", "close", "statements"]
    assert [each.period for each in by_the_clock if each.job == "year"] == ["2027", "2028"]
    assert queries.due(clock.now()) == [] and books.last_closed_month() == date(2029, 1, 1)
    assert {each.attempts for each in db.session.scalars(db.select(JobRun))} == {1}
    _books_are_right(alice)


def _books_are_right(alice):
    """Three months' points are left, each statement begins where the last ended, and who lost points was told before."""
    assert set(books.trial_balance().values()) == {0}
    mine = db.select(Statement).where(Statement.person_id == alice.id).order_by(Statement.month)
    statements = db.session.scalars(mine).all()
    assert len(statements) == 14
    assert all(before.points_closing == after.points_opening for before, after in pairwise(statements))
    assert [each.points_closing for each in statements] == [100, 200, 300] + [300] * 11
    assert statements[2].month == date(2028, 2, 1) and statements[2].minutes_in == 60
    told = db.session.scalars(db.select(Notice.key).where(Notice.person_id == alice.id, Notice.kind == "points_expiring")).all()
    assert {"expiry:2028-05-31:60", "expiry:2028-12-31:30", "expiry:2029-02-28:30"} <= set(told)
    ready = db.select(db.func.count()).where(Notice.person_id == alice.id, Notice.kind == "statement_ready")
    assert db.session.scalar(ready) == 14
