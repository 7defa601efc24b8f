"""Admins see what runs by the clock, loudly what failed, and ask for it again; programs that watch see it too."""

from datetime import timedelta

import pytest

from bank import clock
from bank.backup.rules import BackupFailed
from bank.db import db, transaction
from bank.jobs import queries, rules, runs
from bank.jobs.models import JobRun
from bank.jobs.table import BY_NAME
from bank.ledger import guards
from bank.ledger.models import Account
from tests.browser import Browser
from tests.cases import cases


@pytest.fixture
def failed(app):
    """A close that failed, while a process is at work."""
    runs.start_process("office")
    at = clock.now()
    with transaction():
        db.session.add(
            JobRun(
                job="close", period="2026-09", state="failed", owner="office", attempts=2, started_at=at, lease_ends_at=at,
                finished_at=at, retry_at=at + timedelta(hours=1), result="ZeroDivisionError: the disk is <full>", log="in line 7",
            )
        )  # fmt: skip


def test_an_admin_sees_what_failed_and_asks_for_it_again(failed, client, dave):
    browser = Browser(client).sign_in(dave)
    assert "有 1 项定时任务失败" in browser.get("/").text
    page = browser.get("/jobs")
    assert "the disk is &lt;full&gt;" in page.text and "in line 7" in page.text
    assert [browser.submit(page, to="/retry").status_code for _ in range(2)] == [303, 303]
    db.session.rollback()
    assert db.session.get_one(JobRun, ("close", "2026-09")).retry_at <= clock.now()


def test_a_refusal_is_told_in_words(failed, client, dave):
    with transaction():
        run = db.session.get_one(JobRun, ("close", "2026-09"))
        run.result = rules.told(BackupFailed(reason="No space left on device"))
    page = Browser(client).sign_in(dave).get("/jobs").text
    assert "备份没有写成：No space left on device请检查磁盘空间" in page and "backup_failed" not in page


def test_results_are_told_in_the_readers_language(failed, client, dave):
    at = clock.now()
    shared = {"state": "done", "owner": "office", "attempts": 1, "started_at": at, "lease_ends_at": at, "finished_at": at}
    with transaction():
        db.session.add(JobRun(job="statements", period="2026-08", result='{"issued": 5, "told": 3}', **shared))
        db.session.add(JobRun(job="seal", period="2026-08-31", result="7 entries sealed", **shared))
    browser = Browser(client).sign_in(dave)
    page = browser.get("/jobs").text
    assert "出了 5 份对账单，通知了 3 位储户" in page and "7 entries sealed" in page
    client.set_cookie("language", "en")
    assert "5 statements issued, 3 members told" in browser.get("/jobs").text


def test_a_night_that_failed_is_forgotten_when_a_later_one_was_done(failed, client, dave):
    at = clock.now()
    shared = {"owner": "office", "attempts": 1, "started_at": at, "lease_ends_at": at, "finished_at": at}
    with transaction():
        db.session.add(JobRun(job="seal", period="2026-10-01", state="failed", **shared))
    assert [each.period for each in queries.failed()] == ["2026-10-01", "2026-09"]
    with transaction():
        db.session.add(JobRun(job="seal", period="2026-10-02", state="done", **shared))
    assert [each.period for each in queries.failed()] == ["2026-09"]


def test_an_auditor_reads_and_others_do_not(failed, app, erin, alice):
    page = Browser(app.test_client()).sign_in(erin).get("/jobs").text
    assert "ZeroDivisionError" in page and "/retry" not in page
    assert Browser(app.test_client()).sign_in(alice).get("/jobs").status_code == 403


def test_it_is_loud_when_nobody_looks(client, dave):
    browser = Browser(client).sign_in(dave)
    assert "定时任务没有在运行" in browser.get("/").text
    assert "bank jobs serve" in browser.get("/jobs").text


@pytest.mark.parametrize(("job", "period"), [("close", "2020-01"), ("nothing", "x"), ("close", "2026-09" * 30)])
def test_what_never_ran_cannot_be_asked_for(failed, client, dave, job, period):
    browser = Browser(client).sign_in(dave)
    _, form = browser.form("/jobs", to="/retry")
    assert client.post(f"/jobs/{job}/{period}/retry", data=form).status_code == 404


def test_who_watches_is_told_how_things_are(failed, client, app):
    assert client.get("/readyz").json == {"status": "ready", "jobs": "1 failed"}
    figures = client.get("/metrics").text
    assert 'bank_job_runs{state="failed"} 1.0' in figures and "bank_jobs_silent 0.0" in figures
    assert 'bank_requests_total{method="GET",status="200"}' in figures


@cases(
    ("token", "address", "brought", "status"),
    [
        ("", "127.0.0.1", "", 200),
        ("", "10.0.0.9", "", 403),
        ("", "10.0.0.9", "Bearer ", 403),
        ("a token of 16 letters", "10.0.0.9", "Bearer a token of 16 letters", 200),
        ("a token of 16 letters", "127.0.0.1", "", 403),
        ("a token of 16 letters", "127.0.0.1", "Bearer ünrecht", 403),
    ],
)
def test_figures_are_for_this_machine_or_who_has_the_token(client, app, token, address, brought, status):
    app.config["METRICS_TOKEN"] = token
    headers = {"Authorization": brought.encode().decode("latin-1")} if brought else {}
    assert client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address}).status_code == status


def test_what_the_nightly_check_found_is_told_in_the_readers_language(app, client, alice, dave):
    with transaction(), guards.lowered(db.session.connection(), "account"):
        db.session.execute(db.update(Account).where(Account.id == alice.points_account_id).values(balance=7))
    with pytest.raises(rules.BooksDiffer):
        runs.run(BY_NAME["check"], clock.today() - timedelta(days=1))
    browser = Browser(client).sign_in(dave)
    page = browser.get("/jobs").text
    assert "账本有 1 处不符" in page and "存的余额是 7，分录合计却是 0。" in page and "balance_differs" not in page
    client.set_cookie("language", "en")
    assert "stores 7, but its transfers sum to 0." in browser.get("/jobs").text
