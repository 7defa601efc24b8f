"""Twenty processes on five members' accounts, in both directions and both units: nothing is lost, nobody is refused."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from bank.db import db, is_postgres, transaction
from bank.ledger import actions, queries
from bank.ledger.audit import differences
from bank.ledger.models import JournalEntry
from bank.ledger.rules import NewEntry, NewTransfer
from tests.ledger import hammer
from tests.ledger.conftest import Books
from tests.ledger.hammer import MEMBERS
from tests.server import LOADED

WEALTH = 10_000_000


@pytest.fixture
def members(books: Books) -> list[tuple[int, int]]:
    """Five members who cannot run out, however the blows fall."""
    with transaction():
        opened = actions.open_member_accounts(keys=[f"hammer{number}" for number in range(MEMBERS)], at=books.at)
        transfers = [NewTransfer("points", books.issued, points_id, WEALTH) for points_id, _ in opened]
        transfers += [NewTransfer("minutes", books.served, minutes_id, WEALTH) for _, minutes_id in opened]
        start = NewEntry(
            key="start", kind="import", effective_on=date(2026, 10, 1), transfers=tuple(transfers), recorded_by="hammer"
        )
        actions.post([start], at=books.at)
    return opened


def deadlocks() -> int:
    """The server's own counter for this database."""
    db.session.rollback()
    counted = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return int(db.session.scalar(counted) or 0) if is_postgres() else 0


@pytest.mark.parametrize(("on_postgres", "on_sqlite", "batch"), [((20, 1000), (6, 1000), 1), ((5, 20), (5, 20), 100)])
def test_nothing_is_lost_and_nobody_refused(
    app: Flask, members: list[tuple[int, int]], on_postgres: tuple[int, int], on_sqlite: tuple[int, int], batch: int
) -> None:
    processes, count = on_postgres if is_postgres() else on_sqlite
    before = deadlocks()
    db.session.rollback()
    hammering = LOADED.Process(target=hammer.main, args=(app.config["DATABASE_URL"], processes, count, batch))
    hammering.start()
    hammering.join()
    assert hammering.exitcode == 0
    assert db.session.scalar(select(func.count()).select_from(JournalEntry)) == 1 + processes * count * batch
    for side in (0, 1):
        assert sum(queries.balance(each[side]) for each in members) == MEMBERS * WEALTH
    assert list(differences()) == []
    assert deadlocks() == before
