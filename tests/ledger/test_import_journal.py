"""An exported journal can be taken in again: by the same bank, which then changes nothing, or by an empty one."""

import csv
import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from bank.app import create_app
from bank.cli.ledger import books as group
from bank.db import db, transaction
from bank.ledger import actions, intake, journal
from bank.ledger.actions import Imported
from bank.ledger.audit import differences
from bank.ledger.intake import BadJournal
from bank.ledger.models import Account, JournalEntry
from bank.ledger.rules import BadEntry, KeyReused, NewEntry, NewTransfer
from tests.cases import cases
from tests.cast import AT
from tests.ledger.conftest import Books
from tests.server import SECRET


def exported() -> str:
    """The whole journal as CSV."""
    db.session.rollback()
    out = io.StringIO()
    journal.export("csv", out)
    return out.getvalue()


def take_in(text: str) -> Imported:
    with transaction():
        return actions.import_journal(entries=intake.read(io.StringIO(text, newline="")), at=AT)


def facts(text: str) -> list[dict[str, str]]:
    """What an export says, but for the entries' numbers, which are each bank's own."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return sorted(({**row, "entry": ""} for row in rows), key=lambda row: (row["key"], int(row["line"])))


def changed(text: str, **cells: str) -> str:
    """An export with other cells in its first line."""
    head, first, *rest = csv.reader(io.StringIO(text, newline=""))
    out = io.StringIO()
    csv.writer(out).writerows([head, [cells.get(name, cell) for name, cell in zip(head, first, strict=True)], *rest])
    return out.getvalue()


@pytest.fixture
def busy(books: Books) -> Books:
    """Entries of many kinds and days, recorded in another order than they happened, with texts that spreadsheets twist."""
    books.post(books.deposit("a", points=190, minutes=95), books.deposit("=b", to=books.second[0], on=date(2026, 10, 9)))
    [late] = books.post(books.deposit("late", points=7, on=date(2026, 10, 2)), at=books.at + timedelta(seconds=1))
    books.post(books.redeem("soap", points=50, on=date(2026, 10, 1)), at=books.at + timedelta(seconds=2))
    with transaction():
        actions.reverse(
            entry_id=late.entry_id, key="undo", reason='=1+1 "两次",\r\n\'x', recorded_by="bob", approved_by="dave",
            effective_on=date(2026, 10, 1), at=books.at + timedelta(seconds=3),
        )  # fmt: skip
    return books


@pytest.fixture
def empty(kind: str, new_database: Callable[[str], str], app: Flask) -> Iterator[Callable[[], object]]:
    """Another bank with nothing in its books: `with empty():`."""
    other = create_app({"DATABASE_URL": new_database(kind), "SECRET_KEY": SECRET, "TESTING": True})

    @contextmanager
    def inside() -> Iterator[None]:
        with other.app_context():
            yield
            db.session.rollback()

    yield inside
    with other.app_context():
        db.engine.dispose()


def test_the_same_bank_takes_in_nothing_new(busy: Books) -> None:
    before = exported()
    assert take_in(before) == Imported(new=0, known=5)
    assert exported() == before


def test_an_empty_bank_has_the_same_journal_afterwards(busy: Books, empty: Callable[[], object]) -> None:
    original = exported()
    with empty():  # type: ignore[attr-defined]
        assert take_in(original) == Imported(new=5, known=0)
        assert facts(exported()) == facts(original)
        assert list(differences()) == []
        balances = dict(db.session.execute(select(Account.code, Account.balance).where(Account.unit == "points")).all())
    assert (balances["member/first"], balances["member/second"], balances["issued/test"]) == (140, 100, None)


@pytest.mark.parametrize("is_newest_first", [False, True])
def test_overlapping_exports_in_any_order_add_each_entry_once(
    busy: Books, empty: Callable[[], object], is_newest_first: bool
) -> None:
    exports = [exported()]
    busy.post(busy.deposit("later"), at=busy.at + timedelta(days=1))
    exports.append(exported())
    with empty():  # type: ignore[attr-defined]
        counts = [take_in(each) for each in (exports[::-1] if is_newest_first else exports) * 2]
        assert sum(each.new for each in counts) == 6
        assert facts(exported()) == facts(exports[1])


@cases(
    "cells",
    [
        {"amount": "1.91"},
        {"credit": "member/second"},
        {"effective_on": "2026-10-06"},
        {"recorded_by": "dave"},
        {"approved_by": "dave"},
        {"reason": "because"},
        {"rule_version": "2"},
    ],
)
def test_the_same_key_with_other_content_is_refused(busy: Books, cells: dict[str, str]) -> None:
    lines = exported().splitlines(keepends=True)
    one_line = changed("".join([lines[0], next(line for line in lines if ",soap," in line)]), **cells)
    with pytest.raises(KeyReused):
        take_in(one_line)


def test_another_time_of_recording_is_other_content_too(busy: Books) -> None:
    text = exported()
    with pytest.raises(KeyReused):
        take_in(text.replace(busy.at.astimezone(tz=None).isoformat()[:10], "2026-10-14").replace("T01:00:00", "T01:00:09"))


def test_a_file_with_one_bad_line_adds_nothing(busy: Books, empty: Callable[[], object]) -> None:
    text = exported()
    with empty():  # type: ignore[attr-defined]
        with pytest.raises(BadJournal):
            take_in(text[: text.rindex(",points") + 4])
        assert db.session.scalar(select(func.count()).select_from(JournalEntry)) == 0
        assert db.session.scalar(select(func.count()).where(Account.code == "member/first")) == 0


@cases(
    "cells",
    [
        {"entry": "0"},
        {"entry": "x"},
        {"line": "2"},
        {"lines": "3"},
        {"kind": "gift"},
        {"kind": "reversal"},
        {"unit": "yuan"},
        {"unit": "minutes"},
        {"amount": "-1.90"},
        {"amount": "1.9"},
        {"amount": "1e3"},
        {"amount": "99999999999999.00"},
        {"debit": ""},
        {"credit": "m" * 81},
        {"effective_on": "5.10.2026"},
        {"recorded_at": "2026-10-15T01:00:00"},
        {"recorded_by": "x" * 41},
        {"approved_by": "bob"},
        {"reason": "x" * 201},
        {"rule_version": "2147483648"},
        {"reverses": "a"},
    ],
)
def test_what_we_never_wrote_is_refused_by_its_line(busy: Books, cells: dict[str, str]) -> None:
    with pytest.raises(BadJournal):
        list(intake.read(io.StringIO(changed(exported(), **cells), newline="")))


@pytest.mark.parametrize("cells", [{"amount": "0.00"}, {"key": ""}, {"debit": "member/first", "credit": "member/first"}])
def test_what_no_ledger_may_hold_is_refused(busy: Books, empty: Callable[[], object], cells: dict[str, str]) -> None:
    lines = exported().splitlines(keepends=True)
    one_line = changed("".join([lines[0], next(line for line in lines if ",soap," in line)]), **cells)
    with empty(), pytest.raises(BadEntry):  # type: ignore[attr-defined]
        take_in(one_line)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\x00", '"'])
def test_another_file_is_refused(text: str) -> None:
    with pytest.raises(BadJournal):
        list(intake.read(io.StringIO(text)))


def test_a_file_in_another_order_is_refused(busy: Books) -> None:
    lines = exported().split("\r\n")
    with pytest.raises(BadJournal):
        list(intake.read(io.StringIO("\r\n".join([lines[0], lines[3], lines[4], lines[1], lines[2]]))))


def test_a_reversal_of_what_is_not_there_is_refused(busy: Books, empty: Callable[[], object]) -> None:
    lines = exported().splitlines(keepends=True)
    only_reversal = lines[0] + "".join(exported().partition("\r\n5,")[1:]).lstrip("\r\n")
    with empty(), pytest.raises(BadJournal):  # type: ignore[attr-defined]
        take_in(only_reversal)


def test_what_came_in_one_call_is_taken_in_whatever_its_order(books: Books, empty: Callable[[], object]) -> None:
    def move(key: str, source: int, target: int) -> NewEntry:
        transfers = (NewTransfer("points", source, target, 100),)
        return NewEntry(key=key, kind="redeem", effective_on=date(2026, 10, 5), transfers=transfers, recorded_by="bob")

    books.post(books.deposit("z"), move("a", books.first[0], books.redeemed))
    rows = list(csv.DictReader(io.StringIO(exported(), newline="")))
    spent_first = sorted(rows, key=lambda row: (row["key"], row["line"]))
    out = io.StringIO()
    table = csv.DictWriter(out, journal.CSV_COLUMNS)
    table.writeheader()
    table.writerows({**row, "entry": "1" if row["key"] == "a" else "2"} for row in spent_first)
    with empty():  # type: ignore[attr-defined]
        assert take_in(out.getvalue()) == Imported(new=2, known=0)
        assert list(differences()) == []


def test_many_who_import_at_once_add_each_entry_once(busy: Books, kind: str, new_database: Callable[[str], str]) -> None:
    text = exported()
    other = create_app({"DATABASE_URL": new_database(kind), "SECRET_KEY": SECRET, "TESTING": True})

    def send(_: int) -> Imported:
        with other.app_context():
            return take_in(text)

    with ThreadPoolExecutor(8) as threads:
        counts = list(threads.map(send, range(16)))
    with other.app_context():
        assert sum(each.new for each in counts) == 5
        assert list(differences()) == []
        db.session.rollback()
        db.engine.dispose()


def test_the_command_says_what_was_new_and_refuses_in_words(busy: Books, app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "journal.csv"
    file.write_text("\ufeff" + exported(), encoding="utf-8", newline="")
    done = app.test_cli_runner().invoke(group, ["import", str(file)])
    assert (done.exit_code, "0 entries are new, 5 were there" in done.output) == (0, True), done.output
    file.write_text("nothing")
    assert isinstance(app.test_cli_runner().invoke(group, ["import", str(file)]).exception, BadJournal)
