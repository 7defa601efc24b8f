"""The books are sealed each night."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bank import clock
from bank.db import db
from bank.jobs import runs
from bank.jobs.table import BY_NAME
from bank.ledger.models import Seal
from tests.statements.conftest import serve

__all__ = ["serve"]


@pytest.fixture
def look(app, at, tmp_path, monkeypatch):
    """Do what the night before is due, some hours after `at`; answers how many seals there are."""
    app.config["DATA_DIR"] = str(tmp_path)

    def run(hours: int) -> int:
        monkeypatch.setattr(clock, "now", lambda: at + timedelta(hours=hours))
        runs.run(BY_NAME["seal"], clock.today() - timedelta(days=1))
        return db.session.scalar(db.select(db.func.count()).select_from(Seal))

    return run


def test_a_day_gets_one_seal(look, alice, serve):
    serve(alice, 60, date(2026, 10, 3))
    assert look(0) == 1
    serve(alice, 60, date(2026, 10, 4))
    assert look(1) == 1
    assert look(24) == 2


def test_a_day_without_entries_gets_none(look, alice, serve, tmp_path):
    assert look(0) == 0
    serve(alice, 60, date(2026, 10, 3))
    assert [look(1), look(24), look(48)] == [0, 1, 1]
    assert len(Path(tmp_path, "seals.txt").read_text().splitlines()) == 1
