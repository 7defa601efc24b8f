"""What the clock starts is done once per period: twice, after a failure, after a crash, and by several processes at once."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from bank import clock, jobs
from bank.clock import local_instant
from bank.db import db, transaction
from bank.jobs import JOBS, JobRun, LeaseLost
from bank.ledger import queries as books
from bank.statements.models import Statement
from tests.statements.conftest import serve

__all__ = ["serve"]

EXPIRE, CLOSE, STATEMENTS = MONTHLY = tuple(job for job in JOBS if job.kind == "month")
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture
def now(monkeypatch):
    """Sets the clock, which only faces such as this one read: `now(datetime(...))`."""
    return lambda at: monkeypatch.setattr(clock, "now", lambda: at)


@pytest.fixture
def november(alice, serve, now, monkeypatch):
    """A service in September and one in October; it is 5 November, 06:00, and there is nothing but the months' jobs."""
    monkeypatch.setattr(jobs, "JOBS", MONTHLY)
    for day in (date(2026, 9, 3), date(2026, 10, 3)):
        serve(alice, 60, day)
    now(local_instant(date(2026, 11, 5), time(6)))


def row(job, period):
    db.session.rollback()
    return db.session.get(JobRun, (job.name, period))


def statement_count(month):
    return db.session.scalar(db.select(db.func.count()).select_from(Statement).where(Statement.month == month))


def failing(month, at):
    raise ZeroDivisionError("the disk is full")


def test_a_run_is_kept_with_its_result(november):
    outcome = jobs.run(STATEMENTS, OCTOBER)
    assert (outcome.state, outcome.result, outcome.is_new) == ("done", "6 statements issued", True)
    assert statement_count(OCTOBER) == 6


def test_the_second_run_is_told_that_it_is_done(november):
    jobs.run(STATEMENTS, OCTOBER)
    again = jobs.run(STATEMENTS, OCTOBER)
    assert (again.state, again.is_new) == ("done", False)
    assert row(STATEMENTS, "2026-10").attempts == 1


def test_a_failed_run_is_kept_with_its_error_and_may_be_run_again(november):
    with pytest.raises(ZeroDivisionError):
        jobs.run(replace(STATEMENTS, act=failing), OCTOBER)
    kept = row(STATEMENTS, "2026-10")
    assert (kept.state, kept.result) == ("failed", "ZeroDivisionError: the disk is full")
    assert jobs.run(STATEMENTS, OCTOBER).state == "done"
    assert row(STATEMENTS, "2026-10").attempts == 2


def test_a_run_under_way_is_left_alone(november):
    with transaction():
        assert jobs._claim("statements", "2026-10", "another", clock.now())
    outcome = jobs.run(STATEMENTS, OCTOBER)
    assert (outcome.state, outcome.is_new, statement_count(OCTOBER)) == ("running", False, 0)


def test_a_crashed_run_is_taken_over_after_its_lease(november):
    with transaction():
        jobs._claim("statements", "2026-10", "crashed", clock.now() - jobs.LEASE - timedelta(seconds=1))
    assert jobs.run(STATEMENTS, OCTOBER).state == "done"


def test_who_lost_the_lease_keeps_nothing(november, now):
    def slow(month, at):
        done = STATEMENTS.act(month, at)
        thief = db.update(JobRun).values(owner="thief")
        db.session.execute(thief)
        return done

    with pytest.raises(LeaseLost):
        jobs.run(replace(STATEMENTS, act=slow), OCTOBER)
    assert statement_count(OCTOBER) == 0


def test_everything_due_is_caught_up_in_order(november):
    done = [(each.job, each.period, each.state) for each in jobs.catch_up()]
    assert done == [(job, month, "done") for month in ("2026-09", "2026-10") for job in ("expire", "close", "statements")]
    assert jobs.catch_up() == []


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-10-01T00:59+08:00", []),
        ("2026-10-01T01:59+08:00", [("expire", SEPTEMBER)]),
        ("2026-10-01T02:00+08:00", [("expire", SEPTEMBER), ("close", SEPTEMBER)]),
        ("2026-10-05T06:00+08:00", [("expire", SEPTEMBER), ("close", SEPTEMBER), ("statements", SEPTEMBER)]),
    ],
)
def test_a_job_is_due_from_its_local_hour_on(november, at, due):
    assert [(job.name, month) for job, month in jobs.due(datetime.fromisoformat(at))] == due


def test_a_bank_without_entries_has_nothing_due(app, now):
    now(local_instant(date(2026, 11, 5), time(6)))
    assert jobs.catch_up() == []


def test_one_failure_does_not_keep_the_others_from_running(november, monkeypatch, caplog):
    monkeypatch.setattr(jobs, "JOBS", (replace(CLOSE, act=failing), STATEMENTS))
    states = [(each.job, each.period, each.state) for each in jobs.catch_up()]
    assert ("close", "2026-09", "failed") in states and ("statements", "2026-10", "done") in states
    assert "Job close failed" in caplog.text


def test_closing_alone_closes_and_states_nothing(november):
    jobs.run(CLOSE, SEPTEMBER)
    assert (books.last_closed_month(), statement_count(SEPTEMBER)) == (SEPTEMBER, 0)


@pytest.mark.parametrize(("setting", "left"), [("36", 200), ("1", 100), ("year_end", 200), ("never", 200)])
def test_points_expire_at_the_months_end_before_it_closes(setting, left, november, alice, app, monkeypatch):
    monkeypatch.setitem(app.config, "EXPIRY", setting)
    jobs.catch_up()
    assert books.balance(alice.points_account_id) == left
    kinds = {line.kind: line.effective_on for line in books.history(alice.points_account_id)}
    assert kinds.get("expire") == (date(2026, 10, 31) if left == 100 else None)
