"""Long jobs go in steps: others write in between, how far they are is seen, and what was broken off goes on where it was."""

import sqlite3
from datetime import date, time
from pathlib import Path

import pytest

from bank import clock
from bank.backup import sqlite
from bank.clock import local_instant
from bank.db import db, is_postgres
from bank.jobs import runs, table
from bank.jobs.models import JobRun
from bank.jobs.table import BY_NAME
from bank.ledger import actions as ledger
from bank.ledger import queries as books
from tests.statements.conftest import enrol, serve

__all__ = ["enrol", "serve"]

SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def three(app, alice, enrol, serve, monkeypatch, tmp_path):
    """Three members with points that expire with September, one of whom expires at a time; it is 5 October, 08:00."""
    app.config |= {"EXPIRY": "1", "DATA_DIR": str(tmp_path)}
    monkeypatch.setattr(table, "EXPIRED_AT_ONCE", 1)
    members = [alice, enrol("13911111101"), enrol("13911111102")]
    for each in members:
        serve(each, 60, date(2026, 8, 3))
    monkeypatch.setattr(clock, "now", lambda: local_instant(date(2026, 10, 5), time(8)))
    return members


def of(job):
    db.session.rollback()
    run = db.session.scalars(db.select(JobRun).where(JobRun.job == job).order_by(JobRun.period.desc())).first()
    return run.state, run.progress_count, run.progress_total


def test_what_was_broken_off_between_two_steps_goes_on_where_it_was(three, monkeypatch):
    whole, seen = ledger.expire, []

    def broken(**given):
        if len(seen) == 2:
            raise OSError("the plug was pulled")
        seen.append(of("expire"))
        return whole(**given)

    monkeypatch.setattr(ledger, "expire", broken)
    with pytest.raises(OSError, match="plug"):
        runs.run(BY_NAME["expire"], SEPTEMBER)
    assert seen == [("running", None, None), ("running", 1, 3)]
    assert of("expire") == ("failed", 2, 3)
    monkeypatch.setattr(ledger, "expire", whole)
    assert runs.run(BY_NAME["expire"], SEPTEMBER).result == '{"expired": 1}'
    assert [books.balance(each.points_account_id) for each in three] == [0, 0, 0]
    assert books.trial_balance()["points"] == 0


def test_every_long_job_says_how_much_of_how_much_is_done(three):
    assert {each.state for each in runs.catch_up()} == {"done"}
    long = {name for name, job in BY_NAME.items() if job.is_stepwise and job.kind in {"month", "day"}}
    told = {name: of(name)[1:] for name in long}
    unsaid = {"expiring"} | ({"backup"} if is_postgres() else set())  # Nobody is to be told; pg_dump does not say.
    assert all(count == total for count, total in told.values())
    assert {name for name, (count, _) in told.items() if count is None} == unsaid
    assert told["ratings"] == (5, 5)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_backup_ends_and_is_of_one_moment_while_others_write_without_end(three, alice, monkeypatch, tmp_path):
    path = Path(db.engine.url.database)
    db.session.rollback()
    monkeypatch.setattr(sqlite, "PAGES_AT_ONCE", 10)
    told = []

    def meanwhile(done, total):
        told.append((done, total))
        assert len(told) < 1000, "it begins anew with each writing"
        runs.start_process(f"writer-{len(told)}")

    sqlite.dump(path, tmp_path / "copy.db", meanwhile)
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        assert copy.execute("SELECT count(*) FROM job_process").fetchone() == (0,)
    assert len(told) > 2 and told[-1][0] == told[-1][1]
