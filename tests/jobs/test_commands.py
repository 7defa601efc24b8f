"""`bank jobs run / list / serve`, the last two kinds of test as processes of their own."""

import os
import signal
from datetime import timedelta

import pytest

from bank import clock
from bank.cli.jobs import jobs as jobs_cli
from bank.db import db, transaction
from bank.jobs.models import JobRun
from bank.statements.models import Statement
from bank.statements.rules import months_after
from tests import server
from tests.jobs.crash import crash
from tests.statements.conftest import serve

__all__ = ["serve"]


@pytest.fixture
def last_month(alice, serve):
    """A month that is over by the real clock, with one service in it."""
    month = months_after(clock.today(), -1)
    serve(alice, 60, month.replace(day=2), at=clock.now())
    return month


@pytest.fixture
def command(app):
    """Run `bank jobs ...` here: `command("run", "statements")` answers exit code and output."""

    def run(*arguments):
        result = app.test_cli_runner().invoke(jobs_cli, arguments)
        db.session.rollback()
        return result.exit_code, result.output

    return run


@pytest.fixture
def process(app, tmp_path):
    """Start `bank jobs ...` as a process on the test's database; it prints to `bank.out` in the folder of that name."""
    env = server.environment(app.config["DATABASE_URL"], tmp_path)

    def start(*arguments, name):
        (tmp_path / name).mkdir(exist_ok=True)
        return server.begin("jobs", *arguments, env=env, folder=tmp_path / name)

    return start


def test_run_says_what_it_did_and_then_that_it_is_done(command, last_month):
    label = f"{last_month:%Y-%m}"
    code, said = command("run", "statements", "--month", label)
    before = [f"expire {label}: 0 members' points expired", f"close {label}: 1 months closed"]
    assert (code, said.splitlines()) == (0, [*before, f"statements {label}: 6 statements issued, 1 members told"])
    assert command("run", "statements") == (0, f"statements {label}: already done (6 statements issued, 1 members told)\n")


def test_a_month_that_is_not_over_fails_loudly_and_is_kept(command, last_month):
    label = f"{clock.today():%Y-%m}"
    code, output = command("run", "close", "--month", label)
    assert code == 1 and "not_over" in output
    assert db.session.get_one(JobRun, ("expire", label)).state == "failed"
    code, output = command("retry", "expire", label)
    assert code == 1 and db.session.get_one(JobRun, ("expire", label)).attempts == 2
    assert "run_not_found" in command("retry", "seal", f"{clock.today():%Y-%m-%d}")[1]


@pytest.mark.parametrize("arguments", [("close", "--month", "October"), ("statements", "--month", "2020-01"), ("sweep",)])
def test_what_cannot_be_run_is_refused(command, last_month, arguments):
    assert command("run", *arguments)[0] != 0


def test_list_shows_jobs_and_runs(command, last_month):
    command("run", "statements")
    code, output = command("list")
    assert code == 0 and "close" in output and "issued" in output


def test_three_processes_at_once_run_a_period_once(process, last_month, tmp_path):
    started = {name: process("run", "statements", name=name) for name in "abc"}
    for each in started.values():
        each.join(timeout=120)
    outputs = [(tmp_path / name / "bank.out").read_text() for name in started]
    assert sum(output.endswith("told\n") for output in outputs) == 1
    assert [each.attempts for each in db.session.scalars(db.select(JobRun))] == [1, 1, 1]
    assert db.session.scalar(db.select(db.func.count()).select_from(Statement)) == 6


def test_serve_catches_up_and_stops_when_told(process, last_month, tmp_path):
    (tmp_path / "serve").mkdir()
    os.mkfifo(tmp_path / "serve" / "bank.out")
    serving = process("serve", name="serve")
    with (tmp_path / "serve" / "bank.out").open() as said:
        lines = [said.readline() for _ in range(2)]
        assert lines[0].startswith("Jobs: expire on day 1 at 01:00") and "points expired" in lines[1]
        serving.terminate()
        assert said.read().splitlines()[-1] == "Jobs: stopped."
    serving.join(timeout=120)
    assert serving.exitcode == 0


def test_a_run_that_was_killed_is_taken_over_once_when_its_lease_is_over(app, command, last_month, tmp_path):
    label = f"{last_month:%Y-%m}"
    crashed = server.LOADED.Process(target=crash, args=(app.config["DATABASE_URL"], str(tmp_path)))
    crashed.start()
    crashed.join(timeout=120)
    assert crashed.exitcode == -signal.SIGKILL
    assert command("run", "expire") == (1, f"expire {label}: running elsewhere\n")
    with transaction():
        run = db.session.get_one(JobRun, ("expire", label))
        assert (run.state, run.attempts) == ("running", 1)
        run.lease_ends_at = clock.now() - timedelta(seconds=1)
    assert [command("run", "expire")[1].endswith("points expired\n") for _ in range(2)] == [True, False]
    assert (run.state, run.attempts) == ("done", 2)
