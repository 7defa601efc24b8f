"""The journal as a stream of whole entries, and its export for hledger, beancount and spreadsheets."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, TextIO

from sqlalchemy import select

from bank.db import db
from bank.ledger.models import Account, JournalEntry, Transfer
from bank.ledger.rules import NewEntry, NewTransfer

FORMATS = ("hledger", "beancount", "csv")
BATCH = 5000


@dataclass(frozen=True)
class Entry:
    """A posted entry: what was asked, and what the journal added."""

    id: int
    asked: NewEntry
    recorded_at: datetime


def journal() -> Iterator[Entry]:
    """Every entry with its transfers, ordered by effective date, then by when it was recorded."""
    entry, transfer = JournalEntry, Transfer
    statement = (
        select(
            entry.id, entry.key, entry.kind, entry.effective_on, entry.recorded_at, entry.recorded_by,
            entry.approved_by, entry.reason, entry.rule_version, entry.reverses_id,
            transfer.unit, transfer.debit_id, transfer.credit_id, transfer.amount,
        )
        .join(transfer, transfer.entry_id == entry.id)
        .order_by(entry.effective_on, entry.recorded_at, entry.id, transfer.line)
        .execution_options(yield_per=BATCH)
    )  # fmt: skip
    for _, rows in groupby(db.session.execute(statement), itemgetter(0)):
        yield _entry(list(rows))


def _entry(rows: list[Any]) -> Entry:
    entry_id, key, kind, effective_on, recorded_at, recorded_by, approved_by, reason, version, reverses_id = rows[0][:10]
    asked = NewEntry(
        key=key, kind=kind, effective_on=effective_on, transfers=tuple(NewTransfer(*row[10:14]) for row in rows),
        recorded_by=recorded_by, approved_by=approved_by, reason=reason, rule_version=version, reverses_id=reverses_id,
    )  # fmt: skip
    return Entry(entry_id, asked, recorded_at)


def export(form: str, out: TextIO) -> None:
    """Write the whole journal as `hledger`, `beancount` or `csv`.

    Amounts keep our sign, balance = credits - debits, so that the other tool finds the balances our pages show.
    """
    names = {row.id: (row.code, row.unit) for row in db.session.execute(select(Account.id, Account.code, Account.unit))}
    {"hledger": _hledger, "beancount": _beancount, "csv": _csv}[form](names, out)


def hledger_name(code: str, unit: str) -> str:
    """`member/4f..` in points becomes `member:4f..:points`."""
    return f"{code.replace('/', ':')}:{unit}"


def beancount_name(code: str, unit: str) -> str:
    """`member/4f..` in points becomes `Liabilities:Member:4F..:Points`; what is not a member's is equity."""
    root = "Liabilities" if code.startswith("member/") else "Equity"
    first, *rest = code.split("/")
    return ":".join([root, first.capitalize(), *(part.upper() for part in rest), unit.capitalize()])


def amount_text(amount: int, unit: str) -> str:
    """Hundredths of a point as points with two places; minutes as they are."""
    if unit == "minutes":
        return str(amount)
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02}"


def _hledger(names: dict[int, tuple[str, str]], out: TextIO) -> None:
    out.write("; balance = credits - debits\ncommodity 1000.00 points\ncommodity 1000. minutes\n")
    out.writelines(f"account {hledger_name(*name)}\n" for name in names.values())
    for entry in journal():
        out.write(f"\n{entry.asked.effective_on} ({entry.id}) {entry.asked.kind}\n")
        for each in entry.asked.transfers:
            amount = amount_text(each.amount, each.unit)
            out.write(f"    {hledger_name(*names[each.credit_id])}  {amount} {each.unit}\n")
            out.write(f"    {hledger_name(*names[each.debit_id])}  -{amount} {each.unit}\n")


def _beancount(names: dict[int, tuple[str, str]], out: TextIO) -> None:
    out.write("; balance = credits - debits\n")
    out.writelines(f"1900-01-01 open {beancount_name(*name)} {name[1].upper()}\n" for name in names.values())
    for entry in journal():
        out.write(f'\n{entry.asked.effective_on} * "{entry.asked.kind}"\n  entry: {entry.id}\n')
        for each in entry.asked.transfers:
            amount = amount_text(each.amount, each.unit)
            out.write(f"  {beancount_name(*names[each.credit_id])}  {amount} {each.unit.upper()}\n")
            out.write(f"  {beancount_name(*names[each.debit_id])}  -{amount} {each.unit.upper()}\n")


def _csv(names: dict[int, tuple[str, str]], out: TextIO) -> None:
    table = csv.writer(out)
    table.writerow(["entry", "line", "effective_on", "recorded_at", "kind", "key", "debit", "credit", "unit", "amount", "reason"])
    for entry in journal():
        asked = entry.asked
        for line, each in enumerate(asked.transfers, 1):
            table.writerow([
                entry.id, line, asked.effective_on, entry.recorded_at.isoformat(), asked.kind, asked.key,
                names[each.debit_id][0], names[each.credit_id][0], each.unit, amount_text(each.amount, each.unit),
                plain_cell(asked.reason),
            ])  # fmt: skip


def plain_cell(text: str | None) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text and text[0] in "=+-@\t\r" else text or ""
