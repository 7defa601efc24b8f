"""The journal as a stream of whole entries, and its export for hledger, beancount and spreadsheets."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, TextIO

from sqlalchemy import select
from sqlalchemy.orm import QueryableAttribute, aliased

from bank.db import db
from bank.ledger.models import Account, JournalEntry, Transfer
from bank.ledger.rules import NewEntry, NewTransfer

FORMATS = ("hledger", "beancount", "csv")
BATCH = 5000
BY_DAY = (JournalEntry.effective_on, JournalEntry.recorded_at, JournalEntry.id)
BY_RECORDING = (JournalEntry.id,)
# All that another bank needs to write the same journal; `bank ledger import` reads it.
CSV_COLUMNS = (
    "entry", "line", "lines", "effective_on", "recorded_at", "kind", "key", "debit", "credit", "unit", "amount", "reason",
    "recorded_by", "approved_by", "rule_version", "reverses",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A posted entry: what was asked, what the journal added, and the key of the entry that it reverses."""

    id: int
    asked: NewEntry
    recorded_at: datetime
    reverses_key: str | None


def journal(order: tuple[QueryableAttribute[Any], ...] = BY_DAY) -> Iterator[Entry]:
    """Every entry with its transfers: by effective date and then by when it was recorded, or in another order."""
    entry, transfer, reversed_entry = JournalEntry, Transfer, aliased(JournalEntry)
    statement = (
        select(
            entry.id, entry.key, entry.kind, entry.effective_on, entry.recorded_at, entry.recorded_by,
            entry.approved_by, entry.reason, entry.rule_version, entry.reverses_id,
            reversed_entry.key, transfer.unit, transfer.debit_id, transfer.credit_id, transfer.amount,
        )
        .join(transfer, transfer.entry_id == entry.id)
        .outerjoin(reversed_entry, reversed_entry.id == entry.reverses_id)
        .order_by(*order, transfer.line)
        .execution_options(yield_per=BATCH)
    )  # fmt: skip
    for _, rows in groupby(db.session.execute(statement), itemgetter(0)):
        yield _entry(list(rows))


def _entry(rows: list[Any]) -> Entry:
    entry_id, key, kind, effective_on, recorded_at, recorded_by, approved_by, reason, version, reverses_id, other = rows[0][:11]
    asked = NewEntry(
        key=key, kind=kind, effective_on=effective_on, transfers=tuple(NewTransfer(*row[11:15]) for row in rows),
        recorded_by=recorded_by, approved_by=approved_by, reason=reason, rule_version=version, reverses_id=reverses_id,
    )  # fmt: skip
    return Entry(entry_id, asked, recorded_at, other)


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
    table.writerow(CSV_COLUMNS)
    for entry in journal(BY_RECORDING):
        asked = entry.asked
        texts = [plain_cell(text) for text in (asked.reason, asked.recorded_by, asked.approved_by)]
        for line, each in enumerate(asked.transfers, 1):
            table.writerow([
                entry.id, line, len(asked.transfers), asked.effective_on, entry.recorded_at.isoformat(), asked.kind,
                plain_cell(asked.key),
                names[each.debit_id][0], names[each.credit_id][0], each.unit, amount_text(each.amount, each.unit),
                *texts, asked.rule_version, plain_cell(entry.reverses_key),
            ])  # fmt: skip


def plain_cell(text: str | None) -> str:
    """Text that no spreadsheet takes for a formula and `text_of_cell` gives back as it was."""
    if text is None:
        return ""
    return f"'{text}" if not text or text[0] in "'=+-@\t\r" else text


def text_of_cell(cell: str) -> str | None:
    """The text that `plain_cell` has put into a cell."""
    return cell.removeprefix("'") if cell else None
