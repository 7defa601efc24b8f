"""Jobs of days, months, quarters and years: when each is due, and for which periods after a machine was off."""

from datetime import date, datetime, time, timedelta

import pytest

from bank import cli, clock
from bank.clock import local_instant
from bank.jobs import runs, table
from bank.jobs.schedule import Job
from tests.statements.conftest import serve

__all__ = ["serve"]

KINDS = {"day": (1, 3), "month": (5, 6), "quarter": (1, 5), "year": (31, 4)}


def job_of(kind):
    day, hour = KINDS[kind]
    return Job(f"{kind}ly", kind, day, hour, "Counts.", lambda task: f"counted {task.first}")


def due_of(kind, at, *, since=date(2026, 9, 1)):
    job = job_of(kind)
    return [job.label(first) for first in job.due_since(since, datetime.fromisoformat(at))]


@pytest.mark.parametrize(
    ("kind", "first", "due_at"),
    [
        ("day", date(2026, 10, 31), "2026-11-01T03:00+08:00"),
        ("month", date(2026, 12, 1), "2027-01-05T06:00+08:00"),
        ("quarter", date(2026, 10, 1), "2027-01-01T05:00+08:00"),
        ("year", date(2026, 1, 1), "2027-01-31T04:00+08:00"),
    ],
)
def test_a_period_is_due_so_many_days_after_its_end(kind, first, due_at):
    assert job_of(kind).due_at(first) == datetime.fromisoformat(due_at)


@pytest.mark.parametrize(
    ("kind", "at", "due"),
    [
        ("day", "2026-10-15T02:59+08:00", ["2026-10-13"]),
        ("day", "2026-10-15T03:00+08:00", ["2026-10-14"]),
        ("month", "2026-11-05T06:00+08:00", ["2026-09", "2026-10"]),
        ("quarter", "2026-12-31T23:00+08:00", ["2026-Q3"]),
        ("quarter", "2027-01-01T05:00+08:00", ["2026-Q3", "2026-Q4"]),
        ("year", "2027-01-31T03:59+08:00", []),
        ("year", "2027-01-31T04:00+08:00", ["2026"]),
    ],
)
def test_what_is_due_when(kind, at, due):
    assert due_of(kind, at) == due


def test_of_days_missed_only_the_last_is_made_up_for():
    assert due_of("day", "2027-03-01T12:00+08:00") == ["2027-02-28"]


def test_before_the_first_night_nothing_is_due():
    assert due_of("day", "2026-09-01T12:00+08:00") == []


@pytest.mark.parametrize(("span", "period"), [("day", "2026-10-14"), ("quarter", "2026-Q3"), ("year", "2025")])
def test_a_run_is_kept_under_its_period(app, span, period, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: local_instant(date(2026, 10, 15), time(12)))
    job = job_of(span)
    outcome = runs.run(job, job.first(job.first(date(2026, 10, 15)) - timedelta(days=1)))
    assert (outcome.period, outcome.state, outcome.is_new) == (period, "done", True)
    assert not runs.run(job, date.fromisoformat(outcome.result.removeprefix("counted "))).is_new


@pytest.mark.parametrize(
    ("span", "said"), [("day", "2026-10"), ("month", "2026-10-15"), ("quarter", "2026"), ("year", "2026-H1")]
)
def test_a_period_of_another_kind_is_refused(app, span, said, monkeypatch):
    monkeypatch.setitem(table.BY_NAME, "close", job_of(span))
    result = app.test_cli_runner().invoke(cli.group(lambda: app), ["jobs", "run", "close", "--period", said])
    assert result.exit_code == 1
    assert "时间段写得不对" in result.output and "The period is not written" in result.output and "bad_period" in result.output
