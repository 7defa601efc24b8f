"""Reads a journal that was exported as CSV into entries that another bank can post; asks no database."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from bank.errors import Invalid
from bank.ledger.journal import CSV_COLUMNS, text_of_cell
from bank.ledger.rules import KINDS

AMOUNTS = {"points": re.compile(r"[0-9]{1,13}\.[0-9]{2}"), "minutes": re.compile(r"[0-9]{1,13}")}
OF_LINE = ("line", "debit", "credit", "unit", "amount")


class BadJournal(Invalid):
    """A file that can be imported is an exported journal, whole and unchanged."""


@dataclass(frozen=True)
class ToldTransfer:
    """One line: its unit, the codes of both accounts, and the amount in hundredths of a point or minutes."""

    unit: str
    debit: str
    credit: str
    amount: int


@dataclass(frozen=True)
class Told:
    """An entry as a file tells it: accounts by code, the reversed entry by key, and when the first bank learnt of it."""

    key: str
    kind: str
    effective_on: date
    recorded_at: datetime
    recorded_by: str
    approved_by: str | None
    reason: str | None
    rule_version: int | None
    reverses: str | None
    transfers: tuple[ToldTransfer, ...]


def read(lines: Iterable[str]) -> Iterator[Told]:
    """Every entry of a CSV export, in the order of recording. Raises BadJournal with the line that is not as we wrote it."""
    table = csv.DictReader(lines, strict=True)
    last = 0
    try:
        if tuple(table.fieldnames or ()) != CSV_COLUMNS:
            raise ValueError
        for number, rows in groupby(table, itemgetter("entry")):
            told = _entry(list(rows))
            if int(number) <= last:  # Sorted anew, a member might spend before earning.
                raise ValueError
            last = int(number)
            yield told
    except (ValueError, KeyError, AttributeError, TypeError, csv.Error):
        raise BadJournal(line=table.line_num) from None


def _entry(rows: list[dict[str, str]]) -> Told:
    """One entry from its lines, of which none is missing, in order. Raises ValueError, KeyError, AttributeError, TypeError."""
    head = {name: cell for name, cell in rows[0].items() if name not in OF_LINE}
    if any({name: cell for name, cell in row.items() if name not in OF_LINE} != head for row in rows):
        raise ValueError
    if [row["line"] for row in rows] != [str(number) for number in range(1, int(head["lines"]) + 1)]:
        raise ValueError
    told = Told(
        key=head["key"].removeprefix("'"),
        kind=head["kind"],
        effective_on=date.fromisoformat(head["effective_on"]),
        recorded_at=datetime.fromisoformat(head["recorded_at"]),
        recorded_by=head["recorded_by"].removeprefix("'"),
        approved_by=text_of_cell(head["approved_by"]),
        reason=text_of_cell(head["reason"]),
        rule_version=int(head["rule_version"]) if head["rule_version"] else None,
        reverses=text_of_cell(head["reverses"]),
        transfers=tuple(_transfer(row) for row in rows),
    )
    if not _is_possible(told):
        raise ValueError
    return told


def _transfer(row: dict[str, str]) -> ToldTransfer:
    if not AMOUNTS[row["unit"]].fullmatch(row["amount"]) or not (0 < len(row["debit"]) <= 80 and 0 < len(row["credit"]) <= 80):
        raise ValueError
    return ToldTransfer(row["unit"], row["debit"], row["credit"], int(row["amount"].replace(".", "")))


def _is_possible(told: Told) -> bool:
    """Whether the database could hold it: a reversal has a reason and a second person, texts have their length."""
    is_reversal = told.kind == "reversal"
    has_what_it_takes = not is_reversal or (told.reason and told.approved_by)
    texts = ((told.recorded_by, 40), (told.approved_by or "", 40), (told.reason or "", 200))
    return bool(
        told.kind in KINDS
        and told.recorded_at.tzinfo
        and is_reversal == (told.reverses is not None)
        and has_what_it_takes
        and told.recorded_by != told.approved_by
        and 0 <= (told.rule_version or 0) < 2**31
        and all(len(text) <= longest for text, longest in texts)
    )
