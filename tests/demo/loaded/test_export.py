"""The town's journal in other tools, and taken in by a bank that has nothing yet."""

import csv
import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from bank.app import create_app
from bank.db import db, transaction
from bank.ledger import actions, audit, intake, journal, totals
from bank.ledger.actions import Imported
from bank.ledger.journal import amount_text, beancount_name, hledger_name
from bank.ledger.models import Account
from tests import databases, server
from tests.cast import AT

BEAN_CHECK = Path(sys.executable).with_name("bean-check")


def exported(form: str) -> str:
    out = io.StringIO()
    journal.export(form, out)
    return out.getvalue()


def taken_in(text: str) -> Imported:
    with transaction():
        return actions.import_journal(entries=intake.read(io.StringIO(text, newline="")), at=AT)


def facts(text: str) -> list[dict[str, str]]:
    """What an export says, but for the entries' numbers, which are each bank's own."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return sorted(({**row, "entry": ""} for row in rows), key=lambda row: (row["key"], int(row["line"])))


def balances() -> dict[tuple[str, str], int]:
    """What every account holds that was ever moved, by code and unit, from the journal itself."""
    sums = totals.sums().subquery()
    held = select(Account.code, Account.unit, sums.c.balance).join(sums, sums.c.account_id == Account.id)
    return {(code, unit): int(total) for code, unit, total in db.session.execute(held)}


@pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed")
def test_hledger_finds_every_balance_of_the_town(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "town.journal"
    file.write_text(exported("hledger"))
    command = ["hledger", "-f", file, "balance", "--flat", "--empty", "--no-total", "-O", "csv"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = {row["account"]: row["balance"] for row in csv.DictReader(io.StringIO(printed))}
    for (code, unit), total in balances().items():
        assert found[hledger_name(code, unit)] == (f"{amount_text(total, unit)} {unit}" if total else "0")


@pytest.mark.skipif(not BEAN_CHECK.exists(), reason="beancount is not installed")
def test_beancount_finds_every_balance_of_the_town(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "town.beancount"
    asserted = "".join(
        f"2099-01-01 balance {beancount_name(code, unit)} {amount_text(total, unit)} {unit.upper()}\n"
        for (code, unit), total in balances().items()
    )
    file.write_text(exported("beancount") + asserted)
    subprocess.run([BEAN_CHECK, file], check=True)


def test_the_town_takes_in_its_own_journal_without_a_new_entry(app: Flask) -> None:
    text = exported("csv")
    imported = taken_in(text)
    assert imported.new == 0 < imported.known
    assert exported("csv") == text


def test_an_empty_bank_that_takes_in_the_town_has_its_journal(
    app: Flask, kind: str, databases_of: Callable[[str], databases.Databases], tmp_path: Path
) -> None:
    text, held = exported("csv"), balances()
    url = databases_of(kind).create()
    server.bank("init", database_url=url, folder=tmp_path)
    with create_app({"DATABASE_URL": url, "SECRET_KEY": server.SECRET}).app_context():
        assert [taken_in(each).new > 0 for each in (_first_half(text), text, text)] == [True, True, False]
        assert (balances(), facts(exported("csv"))) == (held, facts(text))
        assert list(audit.differences()) == []
        db.session.rollback()
        db.engine.dispose()
    databases_of(kind).drop(url)


def _first_half(text: str) -> str:
    """An export from when the town had half its entries."""
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    numbers = [int(row[0]) for row in rows]
    out = io.StringIO()
    csv.writer(out).writerows([head, *(row for row, number in zip(rows, numbers, strict=True) if number <= max(numbers) // 2)])
    return out.getvalue()
