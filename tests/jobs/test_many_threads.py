"""Thirty periods and three at once: each period has exactly one winner."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from bank.db import db
from bank.jobs import runs
from bank.jobs.models import JobRun
from bank.jobs.schedule import Job
from bank.statements.rules import months_after


def test_three_at_once_each_period_once(app):
    done = []
    job = Job("count", "month", 1, 2, "Counts.", lambda task: done.append(task.first) or "counted")
    months = [months_after(date(2024, 1, 1), count) for count in range(30)]

    def run_all(_):
        with app.app_context():
            return sum(runs.run(job, month).is_new for month in months)

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(run_all, range(3))) == 30
    assert sorted(done) == months
    assert {each.state for each in db.session.scalars(db.select(JobRun))} == {"done"}
