"""`bank jobs run / list / serve`, the last two kinds of test as processes of their own."""

import os
import signal
from datetime import timedelta

import pytest

from bank import cli, clock
from bank.db import db, transaction
from bank.jobs.models import JobRun
from bank.ledger import actions as ledger
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
        result = app.test_cli_runner().invoke(cli.group(lambda: app), ["jobs", *arguments])
        db.session.rollback()
        return result.exit_code, result.output

    return run


@pytest.fixture
def process(app, tmp_path):
    """Start `bank jobs ...` as a process on the test's database; it prints to `bank.out` in the folder of that name."""
    env = server.environment(app.config["DATABASE_URL"], tmp_path)

    started = []

    def start(*arguments, name):
        (tmp_path / name).mkdir(exist_ok=True)
        started.append(server.begin("jobs", *arguments, env=env, folder=tmp_path / name))
        return started[-1]

    yield start
    for each in started:
        each.kill()  # Else a test that fails would wait for it without end.


def test_run_says_what_it_did_and_then_that_it_is_done(command, last_month):
    label = f"{last_month:%Y-%m}"
    code, said = command("run", "statements", "--month", label)
    before = [
        f"expire {label}: 0 位储户有积分到期。0 members' points expired",
        f"close {label}: 结了 1 个月的账。1 months closed",
    ]
    issued = "出了 6 份对账单，通知了 1 位储户。6 statements issued, 1 members told"
    assert (code, said.splitlines()) == (0, [*before, f"statements {label}: {issued}"])
    assert command("run", "statements") == (0, f"statements {label}: 之前已完成 already done ({issued})\n")


def test_a_month_that_is_not_over_is_refused_and_leaves_no_alarm(command, last_month):
    for label in (f"{clock.today():%Y-%m}", "2098-01"):
        code, output = command("run", "close", "--month", label)
        assert code == 1 and f"{label} 还没有过完" in output and f"{label} is not over yet" in output
    assert db.session.scalars(db.select(JobRun)).all() == []


def test_what_fails_is_kept_and_tried_again_when_asked(command, last_month, monkeypatch):
    label = f"{last_month:%Y-%m}"
    monkeypatch.setattr(ledger, "expire", lambda **_: 1 / 0)
    assert command("run", "close", "--month", label)[0] == 1
    assert db.session.get_one(JobRun, ("expire", label)).state == "failed"
    monkeypatch.undo()
    assert command("retry", "expire", label)[0] == 0
    assert db.session.get_one(JobRun, ("expire", label)).attempts == 2
    assert "not_failed" in command("retry", "expire", label)[1]
    assert "run_not_found" in command("retry", "seal", f"{clock.today():%Y-%m-%d}")[1]


@pytest.mark.parametrize("arguments", [("close", "--month", "October"), ("statements", "--month", "2020-01"), ("sweep",)])
def test_what_cannot_be_run_is_refused(command, last_month, arguments):
    assert command("run", *arguments)[0] != 0


def test_list_shows_jobs_and_runs(command, last_month, monkeypatch):
    command("run", "statements")
    assert "…" not in command("list")[1]
    monkeypatch.setenv("COLUMNS", "200")
    code, output = command("list")
    assert code == 0
    for word in ("close", "每月 1 日 2 点", "on day 1", "结账", "完成", "done", "6 份对账单", "issued"):
        assert word in output, word


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
        assert lines[0].startswith("定时任务进程已启动。Jobs: expire, close") and "points expired" in lines[1]
        serving.terminate()
        assert said.read().splitlines()[-1] == "定时任务进程已停止。Jobs: stopped."
    serving.join(timeout=120)
    assert serving.exitcode == 0


def test_a_run_that_was_killed_is_taken_over_once_when_its_lease_is_over(app, command, last_month, tmp_path):
    label = f"{last_month:%Y-%m}"
    crashed = server.LOADED.Process(target=crash, args=(app.config["DATABASE_URL"], str(tmp_path)))
    crashed.start()
    crashed.join(timeout=120)
    assert crashed.exitcode == -signal.SIGKILL
    assert command("run", "expire") == (1, f"expire {label}: 进行中 under way, 由别的进程 elsewhere\n")
    with transaction():
        run = db.session.get_one(JobRun, ("expire", label))
        assert (run.state, run.attempts) == ("running", 1)
        run.lease_ends_at = clock.now() - timedelta(seconds=1)
    assert [command("run", "expire")[1].endswith("points expired\n") for _ in range(2)] == [True, False]
    assert (run.state, run.attempts) == ("done", 2)
