"""What the clock starts is done once per period: twice, after a failure, after a crash, and by several processes at once."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from bank import clock
from bank.clock import local_instant
from bank.db import db, transaction
from bank.jobs import actions, queries, rules, runs, table
from bank.jobs.models import JobRun
from bank.jobs.table import BY_NAME, JOBS
from bank.ledger import actions as ledger
from bank.ledger import queries as books
from bank.people.rules import RoleMissing
from bank.statements import telling
from bank.statements.actions import issue
from bank.statements.models import Statement
from tests.statements.conftest import enrol, serve

__all__ = ["enrol", "serve"]

EXPIRE, CLOSE, STATEMENTS = MONTHLY = tuple(job for job in JOBS if job.kind == "month")
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture
def now(monkeypatch):
    """Sets the clock, which only faces such as this one read: `now(datetime(...))`."""
    return lambda at: monkeypatch.setattr(clock, "now", lambda: at)


@pytest.fixture
def november(alice, serve, now, monkeypatch):
    """A service in September and one in October; it is 5 November, 06:00, and there is nothing but the months' jobs."""
    monkeypatch.setattr(table, "JOBS", MONTHLY)
    for day in (date(2026, 9, 3), date(2026, 10, 3)):
        serve(alice, 60, day)
    now(local_instant(date(2026, 11, 5), time(6)))


@pytest.fixture
def closed(november):
    """Both months are closed, so that their statements may be made."""
    for month in (SEPTEMBER, OCTOBER):
        assert [runs.run(job, month).state for job in (EXPIRE, CLOSE)] == ["done", "done"]


def row(job, period):
    db.session.rollback()
    return db.session.get(JobRun, (job.name, period))


def statement_count(month):
    return db.session.scalar(db.select(db.func.count()).select_from(Statement).where(Statement.month == month))


def failing(task):
    raise ZeroDivisionError("the disk is full")


def test_a_run_is_kept_with_its_result(closed):
    outcome = runs.run(STATEMENTS, OCTOBER)
    assert (outcome.state, outcome.result, outcome.is_new) == ("done", '{"issued": 6, "told": 1}', True)
    assert statement_count(OCTOBER) == 6


def test_the_second_run_is_told_that_it_is_done(closed):
    runs.run(STATEMENTS, OCTOBER)
    again = runs.run(STATEMENTS, OCTOBER)
    assert (again.state, again.is_new) == ("done", False)
    assert row(STATEMENTS, "2026-10").attempts == 1


def test_a_failed_run_is_kept_with_its_error_and_may_be_run_again(closed):
    with pytest.raises(ZeroDivisionError):
        runs.run(replace(STATEMENTS, act=failing), OCTOBER)
    kept = row(STATEMENTS, "2026-10")
    assert (kept.state, kept.result) == ("failed", "ZeroDivisionError: the disk is full")
    assert runs.run(STATEMENTS, OCTOBER).state == "done"
    assert row(STATEMENTS, "2026-10").attempts == 2


def test_a_run_under_way_is_left_alone(closed):
    with transaction():
        assert runs.claim("statements", "2026-10", "another", clock.now())
    outcome = runs.run(STATEMENTS, OCTOBER)
    assert (outcome.state, outcome.is_new, statement_count(OCTOBER)) == ("running", False, 0)


def test_a_crashed_run_is_taken_over_after_its_lease(closed):
    with transaction():
        runs.claim("statements", "2026-10", "crashed", clock.now() - rules.LEASE - timedelta(seconds=1))
    assert runs.run(STATEMENTS, OCTOBER).state == "done"


def test_who_lost_the_lease_keeps_nothing(closed):
    def slow(task):
        issue(month=OCTOBER, at=task.at)
        thief = db.update(JobRun).values(owner="thief")
        db.session.execute(thief)
        return "issued"

    with pytest.raises(rules.LeaseLost):
        runs.run(replace(STATEMENTS, act=slow, is_stepwise=False), OCTOBER)
    assert statement_count(OCTOBER) == 0


def test_everything_due_is_caught_up_in_order(november):
    done = [(each.job, each.period, each.state) for each in runs.catch_up()]
    assert done == [(job, month, "done") for month in ("2026-09", "2026-10") for job in ("expire", "close", "statements")]
    assert runs.catch_up() == []


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
    assert [(job.name, month) for job, month in queries.due(datetime.fromisoformat(at))] == due


def test_a_bank_without_entries_has_only_its_nights(app, now):
    now(local_instant(date(2026, 11, 5), time(6)))
    assert {job.kind for job, _ in queries.due(clock.now())} == {"day"}


def test_one_failure_does_not_keep_the_others_from_running(november, monkeypatch, caplog):
    monkeypatch.setattr(table, "JOBS", (replace(CLOSE, after=None, act=failing), replace(EXPIRE, name="other")))
    states = [(each.job, each.period, each.state) for each in runs.catch_up()]
    assert ("close", "2026-09", "failed") in states and ("other", "2026-10", "done") in states
    assert "Job close failed" in caplog.text


def test_a_month_does_not_close_before_its_points_have_expired(november, monkeypatch):
    monkeypatch.setattr(table, "JOBS", (replace(EXPIRE, act=failing), CLOSE, STATEMENTS))
    assert {each.job for each in runs.catch_up()} == {"expire"}
    assert books.last_closed_month() is None
    with pytest.raises(rules.NotYet):
        runs.run(CLOSE, SEPTEMBER)


def test_a_failed_run_is_tried_again_later_and_later(november, now, monkeypatch):
    monkeypatch.setattr(table, "JOBS", (replace(EXPIRE, act=failing),))
    first = clock.now()
    tried = []
    for minutes in range(0, 200, 5):
        now(first + timedelta(minutes=minutes))
        tried += [minutes for each in runs.catch_up() if each.period == "2026-09"]
    assert tried == [0, 10, 30, 70, 150]


def test_an_admin_may_ask_for_a_failed_run_at_once(november, dave, alice, monkeypatch):
    monkeypatch.setattr(table, "JOBS", (replace(EXPIRE, act=failing),))
    runs.catch_up()
    assert queries.health(clock.now()).failed == 2
    for _ in range(2):
        with transaction():
            actions.retry(by=dave, job="expire", period="2026-10", at=clock.now())
    monkeypatch.setattr(table, "JOBS", (EXPIRE,))
    assert [(each.period, each.state) for each in runs.catch_up()] == [("2026-10", "done")]
    with pytest.raises(RoleMissing), transaction():
        actions.retry(by=alice, job="expire", period="2026-09", at=clock.now())
    for period, refusal in (("2026-10", rules.NotFailed), ("2020-01", rules.RunNotFound)):
        with pytest.raises(refusal), transaction():
            actions.retry(by=None, job="expire", period=period, at=clock.now())


def test_signs_of_life_keep_the_lease_and_show_how_far_a_run_is(november, now):
    def long(task):
        for count in range(3):
            task.progress(count, 3)
            now(clock.now() + rules.LEASE * 0.8)
            with transaction():
                assert runs.beat("expire", "2026-09", row(EXPIRE, "2026-09").owner, task)
                assert not runs.claim("expire", "2026-09", "another", clock.now())
        task.log("counted to three")
        return "counted"

    assert runs.run(replace(EXPIRE, act=long, is_stepwise=True), SEPTEMBER).result == "counted"
    kept = row(EXPIRE, "2026-09")
    assert (kept.progress_count, kept.progress_total, kept.attempts) == (2, 3, 1)
    assert kept.log.endswith("counted to three")


def test_a_failure_keeps_where_it_happened_and_no_values(november):
    with pytest.raises(ZeroDivisionError):
        runs.run(replace(EXPIRE, act=failing), SEPTEMBER)
    log = row(EXPIRE, "2026-09").log
    assert "in failing" in log and "the disk is full\n" not in log.partition("in failing")[0]


def test_a_clock_set_back_runs_nothing_twice(november, now):
    runs.catch_up()
    now(clock.now() - timedelta(hours=1))
    assert runs.catch_up() == []
    now(clock.now() + timedelta(hours=1))
    assert runs.catch_up() == []
    assert {each.attempts for each in db.session.scalars(db.select(JobRun))} == {1}


def test_a_month_closed_by_hand_keeps_nobody_from_going_on(november):
    with transaction():
        ledger.close_through(month=SEPTEMBER, at=clock.now())
    assert {each.state for each in runs.catch_up()} == {"done"}


def test_every_job_is_named_once_and_waits_for_one_of_its_kind():
    assert len(BY_NAME) == len(JOBS)
    assert all(BY_NAME[job.after].kind == job.kind for job in JOBS if job.after)


def test_closing_alone_closes_and_states_nothing(november):
    runs.run(EXPIRE, SEPTEMBER)
    runs.run(CLOSE, SEPTEMBER)
    assert (books.last_closed_month(), statement_count(SEPTEMBER)) == (SEPTEMBER, 0)


@pytest.mark.parametrize(("setting", "left"), [("36", 200), ("1", 100), ("year_end", 200), ("never", 200)])
def test_points_expire_at_the_months_end_before_it_closes(setting, left, november, alice, app, monkeypatch):
    monkeypatch.setitem(app.config, "EXPIRY", setting)
    runs.catch_up()
    assert books.balance(alice.points_account_id) == left
    kinds = {line.kind: line.effective_on for line in books.history(alice.points_account_id)}
    assert kinds.get("expire") == (date(2026, 10, 31) if left == 100 else None)


def test_how_far_the_statements_are_is_seen_while_they_are_made(november, enrol, serve, monkeypatch):
    for number in range(3):
        serve(enrol(f"1391111110{number}"), 60, date(2026, 9, 4))
    for job in (EXPIRE, CLOSE):
        runs.run(job, SEPTEMBER)
    seen, tell = [], table.tell_ready

    def looked_at(**given):
        with db.engine.connect() as another:
            run = db.select(JobRun.progress_count, JobRun.progress_total).where(JobRun.state == "running")
            seen.append(tuple(another.execute(run).one()))
        return tell(**given)

    monkeypatch.setattr(telling, "AT_ONCE", 2)
    monkeypatch.setattr(table, "tell_ready", looked_at)
    assert runs.run(STATEMENTS, SEPTEMBER).state == "done"
    assert seen == [(0, 4), (2, 4)]
    assert row(STATEMENTS, "2026-09").progress_count == 4


def test_whoever_loses_the_run_between_two_steps_stops(november, monkeypatch):
    for job in (EXPIRE, CLOSE):
        runs.run(job, SEPTEMBER)

    def stolen(month):
        with transaction():
            db.session.execute(db.update(JobRun).values(owner="thief"))
        return {}

    monkeypatch.setattr(table, "ready", stolen)
    with pytest.raises(rules.LeaseLost):
        runs.run(STATEMENTS, SEPTEMBER)
    assert (row(STATEMENTS, "2026-09").owner, row(STATEMENTS, "2026-09").state) == ("thief", "running")
