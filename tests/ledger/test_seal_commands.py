"""`bank seal`, `bank verify` and `bank prove` as an operator calls them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from bank.db import db, transaction
from bank.ledger import guards, proof, seal, seal_audit
from bank.main import commands
from tests.cases import cases
from tests.ledger.conftest import Books

Command = Callable[..., Result]


@pytest.fixture
def bank(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run a command with its data folder in the test's own."""
    app.config["DATA_DIR"] = str(tmp_path)
    monkeypatch.chdir(tmp_path)
    group = commands()

    def run(name: str, *arguments: str) -> Result:
        db.session.rollback()
        return app.test_cli_runner().invoke(group.commands[name], arguments)

    return run


def tamper(sql: str) -> None:
    with transaction():
        guards.drop(db.session.connection())
        db.session.execute(text(sql))
        guards.renew(db.session.connection())


def test_seal_prints_the_newest_seal_and_keeps_it_outside(bank: Command, books: Books, tmp_path: Path) -> None:
    books.post(books.deposit("one"))
    printed = bank("seal").output
    line = (tmp_path / "seals.txt").read_text()
    assert "1 new entries sealed" in printed and line in printed
    assert line.split()[:3] == ["1", "1", "1"]
    assert bank("seal").output.endswith(line)
    assert (tmp_path / "seals.txt").read_text() == line


def test_verify_passes_over_right_books(bank: Command, books: Books) -> None:
    books.post(books.deposit("one"))
    bank("seal")
    books.post(books.deposit("two"))
    done = bank("verify", "--anchor", "seals.txt")
    assert (done.exit_code, "The books are right" in done.output) == (0, True)
    assert "1 entries are newer than seal 1" in done.output


def test_verify_says_what_it_did_not_look_at(bank: Command, books: Books) -> None:
    assert "Nothing is sealed yet" in bank("verify").output
    for key in ("one", "two"):
        books.post(books.deposit(key))
        bank("seal")
    printed = bank("verify", "--from-seal", "2").output
    assert "Seals before 2 were not looked at" in printed and "Not compared with seals kept outside" in printed


def test_verify_finds_what_was_changed(bank: Command, books: Books) -> None:
    books.post(books.deposit("one"))
    bank("seal")
    tamper("UPDATE journal_entry SET rule_version = 7")
    done = bank("verify")
    assert (done.exit_code, "The entries of seal 1" in done.output) == (1, True)


def test_verify_compares_with_seals_kept_elsewhere(bank: Command, books: Books, tmp_path: Path) -> None:
    books.post(books.deposit("one"))
    bank("seal")
    (tmp_path / "paper.txt").write_text(f"1 {'0' * 64}\n")
    done = bank("verify", "--anchor", "paper.txt")
    assert (done.exit_code, "Seal 1 was published as 0000" in done.output) == (1, True)


@cases("content", ["hello\n", "1 zz\n", f"x {'0' * 64}\n", "1\n"])
def test_a_file_that_holds_no_seals_is_refused(content: str, books: Books) -> None:
    with pytest.raises(seal.BadAnchor):
        seal.read_anchors(content)


def test_going_on_behind_the_last_seal_is_refused(sealed: dict[str, object]) -> None:
    assert list(seal_audit.differences(first=3)) == []
    with pytest.raises(seal_audit.NoSuchSeal):
        list(seal_audit.differences(first=4))


def test_who_stops_verify_is_told_where_to_go_on(
    bank: Command, books: Books, sealed: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = seal_audit.differences

    def stopped(*, first: int):  # type: ignore[no-untyped-def]
        yield next(whole(first=first))
        raise KeyboardInterrupt

    monkeypatch.setattr(seal_audit, "differences", stopped)
    done = bank("verify")
    assert (done.exit_code, "--from-seal 2" in done.output) == (130, True)


def test_prove_writes_a_small_file_that_proves(bank: Command, books: Books, tmp_path: Path) -> None:
    entry_id = books.post(books.deposit("one"))[0].entry_id
    bank("seal")
    assert f"proof-{entry_id}.json" in bank("prove", str(entry_id)).output
    content = (tmp_path / f"proof-{entry_id}.json").read_text(encoding="utf-8")
    assert proof.is_proved(content, json.loads(content)["seal"]["hash"])
    assert len(content) < 5000
