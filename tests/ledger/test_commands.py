"""`bank ledger ...`: the books as an accountant reads them."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from bank.cli.ledger import books as group
from bank.db import db, transaction
from bank.ledger import actions
from tests.cases import cases
from tests.ledger.conftest import Books

Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(app: Flask, books: Books) -> Command:
    """Run `bank ledger ...` here on books with a deposit, a redemption, a late record and a reversal."""
    books.post(books.deposit("one", points=190, minutes=95), books.redeem("soap", points=50))
    [late] = books.post(books.deposit("late", points=7, on=date(2026, 10, 2)), at=books.at + timedelta(hours=1))
    with transaction():
        actions.reverse(
            entry_id=late.entry_id, key="undo", reason="twice", recorded_by="bob", approved_by="dave",
            effective_on=date(2026, 10, 9), at=books.at + timedelta(days=2),
        )  # fmt: skip
    runner = app.test_cli_runner()

    def run(*arguments: object) -> tuple[int, str]:
        done = runner.invoke(group, [str(each) for each in arguments], env={"COLUMNS": "160"})
        db.session.rollback()
        return done.exit_code, done.output

    return run


def told(command: Command, *arguments: object) -> Any:
    code, output = command(*arguments, "--json")
    assert code == 0, output
    return json.loads(output)


def test_accounts_shows_what_the_bank_holds_and_members_only_when_asked(command: Command) -> None:
    balances = {each["code"]: each["balance"] for each in told(command, "accounts")}
    assert (balances["issued/test"], balances["redeemed"], balances["shortfall"]) == (-190, 50, 0)
    assert "member/first" not in balances
    assert "member/first" in command("accounts", "--members")[1]


def test_show_tells_both_sides_of_a_reversal(command: Command) -> None:
    late, undo = (told(command, "show", number) for number in (3, 4))
    assert (late["reversed_by_id"], undo["reverses_id"], undo["reason"]) == (4, 3, "twice")
    assert [each["amount"] for each in undo["transfers"]] == [7, 60]
    assert "0.07" in command("show", 4)[1]


def test_history_shows_each_line_with_the_balance_after_it(command: Command) -> None:
    lines = told(command, "history", "member/first")["lines"]
    assert [(each["amount"], each["balance"]) for each in lines] == [(7, 7), (190, 197), (-50, 147), (-7, 140)]
    assert "1.97" in command("history", "member/first")[1]


def test_history_answers_by_day_and_by_what_was_known(command: Command) -> None:
    asked = {
        ("--from", "2026-10-05"): ([190, -50, -7], 140),
        ("--to", "2026-10-04"): ([7], 140),
        ("--as-of", "2026-10-08"): ([7, 190, -50], 147),
        ("--known-at", "2026-10-15T09:00"): ([190, -50], 140),
        ("--known-at", "2026-10-15"): ([7, 190, -50], 147),
        ("--as-of", "2026-10-04", "--known-at", "2026-10-15T09:00"): ([], 0),
    }
    for options, (amounts, balance) in asked.items():
        history = told(command, "history", "member/first:points", *options)
        assert ([each["amount"] for each in history["lines"]], history["balance"]) == (amounts, balance), options


@cases("name", ["member/first:minutes", "served", "999999", "nobody"])
def test_history_finds_an_account_by_number_or_by_code_and_unit(name: str, command: Command) -> None:
    code, _output = command("history", name)
    assert (code == 0) == (name == "member/first:minutes")


@pytest.mark.parametrize("option", ["--from", "--known-at"])
def test_what_is_no_day_is_refused_in_words(option: str, command: Command) -> None:
    code, output = command("history", 1, option, "soon")
    assert code == 2
    assert "such as 2026-10-31" in output


def test_the_trial_balance_sums_to_zero(command: Command) -> None:
    found = told(command, "trial-balance")
    assert (found["sums"], found["members"]) == ({"minutes": 0, "points": 0}, {"minutes": 95, "points": 140})
    assert "all members" in command("trial-balance")[1]
