"""Other tools read the journal and find the same balances."""

import csv
import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from bank.db import db
from bank.ledger import queries
from bank.ledger.journal import amount_text, export, hledger_name, plain_cell
from bank.ledger.models import Account
from tests.ledger.conftest import Books


def written(form: str) -> str:
    out = io.StringIO()
    export(form, out)
    return out.getvalue()


@pytest.fixture
def busy(books: Books) -> Books:
    for entry in (
        books.deposit("a", points=190, minutes=95),
        books.redeem("b", points=5),
        books.deposit("c", to=books.second[0]),
    ):
        books.post(entry)
    return books


@pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed")
def test_hledger_accepts_the_journal_and_finds_every_balance(busy: Books, tmp_path: Path) -> None:
    journal = tmp_path / "bank.journal"
    journal.write_text(written("hledger"))
    subprocess.run(["hledger", "-f", journal, "check", "--strict"], check=True)
    printed = subprocess.run(
        ["hledger", "-f", journal, "balance", "--flat", "--empty", "--no-total", "-O", "csv"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    found = {row["account"]: row["balance"] for row in csv.DictReader(io.StringIO(printed))}
    for account in db.session.scalars(select(Account)):
        balance = queries.balance(account.id)
        shown = found.get(hledger_name(account.code, account.unit), "0")
        assert shown == (f"{amount_text(balance, account.unit)} {account.unit}" if balance else "0")


def test_beancount_accepts_the_journal(busy: Books, tmp_path: Path) -> None:
    journal = tmp_path / "bank.beancount"
    journal.write_text(written("beancount"))
    check = Path(sys.executable).with_name("bean-check")
    if not check.exists():
        pytest.skip("beancount is not installed")
    subprocess.run([check, journal], check=True)


def test_the_csv_has_a_line_per_transfer(busy: Books) -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv"))))
    assert [row["amount"] for row in rows] == ["1.90", "95", "0.05", "1.00", "60"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert plain_cell(text) == f"'{text}"
