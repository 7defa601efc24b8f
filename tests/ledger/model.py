"""The ledger as a plain dictionary would keep it: an oracle of every action, and the same actions on the real one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bank import clock
from bank.db import db
from bank.errors import BankError
from bank.ledger import actions, audit, leaves, queries, seal, seal_audit
from bank.ledger.models import Account, JournalEntry
from bank.ledger.rules import Expiry, NewEntry, NewTransfer, due_before
from bank.ledger.words import Difference

AT = datetime(2026, 7, 1, 4, tzinfo=UTC)
DAYS = [date(2026, month, day) for month in (1, 2, 3) for day in (1, 14, 28)]
EXPIRY = Expiry("months", 1)
MEMBERS = ("m0", "m1", "m2")
BANK = ("issued", "served", "redeemed", "reserved", "expired", "shortfall")
INCOME = ("deposit", "import")


@dataclass(frozen=True)
class Asked:
    """A request in words that mean the same in every bank: accounts by code, the reversed entry by key."""

    key: str
    kind: str
    day: date
    moves: tuple[tuple[str, str, str, int], ...]  # unit, debited account, credited account, amount
    reverses: str | None = None

    def opposite(self) -> tuple[tuple[str, str, str, int], ...]:
        return tuple((unit, target, source, amount) for unit, source, target, amount in self.moves)


@dataclass
class Oracle:
    """What should be: entries by key, in order, and which months are closed. Every answer is worked out from these."""

    entries: dict[str, Asked] = field(default_factory=dict)
    closed: list[date] = field(default_factory=list)

    def balance(self, account: str, unit: str = "points", until: date = date.max) -> int:
        moves = ((each, move) for each in self.entries.values() if each.day <= until for move in each.moves)
        return sum(
            amount * ((target == account) - (source == account))
            for _, (of, source, target, amount) in moves
            if of == unit
        )  # fmt: skip

    def refusals(self, asked: Asked) -> set[str]:
        """Every reason but its price for which the request may be refused; a repeat has none but another content."""
        if asked.key in self.entries:
            return set() if self.entries[asked.key] == asked else {"key_reused"}
        found = {"month_closed"} if asked.day.replace(day=1) <= max(self.closed, default=date.min) else set()
        if asked.reverses and self.entries[asked.reverses].kind == "reversal":
            found.add("bad_entry")
        if asked.reverses and self.reversal_of(asked.reverses):
            found.add("already_reversed")
        return found

    def post(self, *batch: Asked) -> set[str]:
        """Keep all or none, whatever their order; why it may be refused."""
        before = dict(self.entries)
        found: set[str] = set()
        for asked in batch:
            reasons = self.refusals(asked)
            found |= reasons
            if not reasons:
                self.entries.setdefault(asked.key, asked)
        if any(self.balance(account, unit) < 0 for account in MEMBERS for unit in ("points", "minutes")):
            found.add("balance_too_low")
        if found:
            self.entries = before
        return found

    def reversal_of(self, key: str) -> Asked | None:
        return next((each for each in self.entries.values() if each.reverses == key), None)

    def with_shortfall(self, moves: tuple[tuple[str, str, str, int], ...]) -> tuple[tuple[str, str, str, int], ...]:
        """The moves as far as the points are there, and the rest from `shortfall`."""
        parts = []
        for unit, source, target, amount in moves:
            there = amount
            if unit == "points" and source in MEMBERS:
                there = min(amount, self.balance(source))
            parts += [(unit, source, target, there), (unit, "shortfall", target, amount - there)]
        return tuple(each for each in parts if each[3])

    def opening(self, account: str, unit: str, before: date) -> tuple[int, int, int, int, int]:
        """Balance, earned, spent, expired, corrected, from all that is dated before a day."""
        sums = dict.fromkeys(("earned", "spent", "expired", "corrected"), 0)
        for each in self.entries.values():
            kind = self.entries[each.reverses].kind if each.reverses else each.kind
            for of, source, target, amount in each.moves:
                if of == unit and each.day < before:
                    change = amount * ((target == account) - (source == account))
                    if kind in INCOME:
                        sums["corrected" if each.reverses else "earned"] += change
                    else:
                        sums["expired" if kind == "expire" else "spent"] -= change
        return (sums["earned"] - sums["spent"] - sums["expired"] + sums["corrected"], *sums.values())

    def expire(self, day: date) -> None:
        """What was earned before the bound and has not left by the day's end nor expired since; never more than was left."""
        bound = due_before(day, EXPIRY)
        assert bound is not None
        first_open = clock.next_month(max(self.closed)) if self.closed else date.min
        later = [each for each in self.entries.values() if each.day > day]
        ending = []
        for account in MEMBERS:
            due = self.opening(account, "points", bound)[1]
            held, earned, *_ = self.opening(account, "points", day + timedelta(days=1))
            lowest = min([held, *(self.balance(account, until=each.day) for each in later)])
            moves = [move for each in later for move in each.moves if "expired" in move[1:3]]
            expired_later = sum(amount * ((source == account) - (target == account)) for _, source, target, amount in moves)
            amount = max(0, min(due - max(0, earned - held + expired_later), lowest))
            key = f"expire:{day}:{account}"
            if amount and due > earned - held and key not in self.entries:
                ending.append(Asked(key, "expire", max(day, first_open), (("points", account, "expired", amount),)))
        self.entries |= {each.key: each for each in ending}

    def close(self) -> None:
        """The earliest open month takes no more entries."""
        if self.closed:
            self.closed.append(clock.next_month(self.closed[-1]))
        elif self.entries:
            self.closed.append(min(each.day for each in self.entries.values()).replace(day=1))

    def facts(self) -> dict[str, object]:
        """What the real books should say, in the same words."""
        names = [(account, unit) for account in (*MEMBERS, *BANK) for unit in ("points", "minutes")]
        openings = {
            (month, *name): self.opening(*name, clock.next_month(month)) for month in self.closed for name in names
        }  # fmt: skip
        return {
            "entries": self.entries,
            "balances": {name: held for name in names if (held := self.balance(*name))},
            "openings": {name: opening for name, opening in openings.items() if any(opening)},
            "closed": self.closed,
        }


class Real:
    """The same actions on the real ledger, inside one transaction of the database that is never committed."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        columns = (Account.code, Account.unit, Account.id)
        self.accounts = {(_name(code), unit): found for code, unit, found in db.session.execute(select(*columns))}
        self.whose = {found: name for name, found in self.accounts.items()}
        self.names = {found: name for found, (name, _unit) in self.whose.items()}
        db.session.rollback()

    def begin(self) -> None:
        self.ids = {}
        db.session.rollback()
        self.connection = db.session.connection()
        self.driver: Any = self.connection.connection.driver_connection

    def end(self) -> None:
        db.session.rollback()

    def do(self, action: str, *arguments: object) -> object:
        """What an action answers, or the code of its refusal, after which nothing of it is left."""
        self.driver.execute("SAVEPOINT step")
        try:
            answer = getattr(self, action)(*arguments)
            db.session.flush()
        except BankError as refusal:
            self.driver.execute("ROLLBACK TO SAVEPOINT step")
            db.session.expunge_all()
            answer = refusal.code
        self.driver.execute("RELEASE SAVEPOINT step")
        return answer

    def post(self, *batch: Asked) -> list[bool]:
        posted = actions.post([self._entry(asked) for asked in batch], at=AT)
        self.ids |= {asked.key: each.entry_id for asked, each in zip(batch, posted, strict=True)}
        return [each.is_new for each in posted]

    def reverse(self, asked: Asked, books_shortfall: bool) -> list[bool]:
        posted = actions.reverse(
            entry_id=self.ids[asked.reverses or ""], key=asked.key, reason="wrong", recorded_by="bob", approved_by="dave",
            effective_on=asked.day, at=AT, books_shortfall=books_shortfall,
        )  # fmt: skip
        self.ids[asked.key] = posted.entry_id
        return [posted.is_new]

    def expire(self, day: date) -> None:
        actions.expire(on=day, expiry=EXPIRY, at=AT)
        self.ids |= dict(db.session.execute(select(JournalEntry.key, JournalEntry.id)).all())

    def close(self) -> None:
        month = queries.open_month()
        if month is not None:
            actions.close_through(month=month, at=AT)

    def rebuild(self) -> None:
        actions.rebuild()

    def seal(self) -> None:
        while batch := seal.read_batch(after=0, accounts=leaves.Accounts()):
            assert seal.append(batch, at=AT)
            db.session.flush()

    def facts(self) -> dict[str, object]:
        """What the tables say, in words that mean the same in every bank."""
        rows = self.driver.execute(_JOURNAL).fetchall()
        moves: dict[str, list[tuple[str, str, str, int]]] = {row[0]: [] for row in rows}
        for key, *_, unit, debit_id, credit_id, amount in rows:
            moves[key].append((unit, self.names[debit_id], self.names[credit_id], amount))
        heads = {key: (key, kind, _day(day), tuple(moves[key]), reverses) for key, kind, day, reverses, *_ in rows}
        openings = self.driver.execute("SELECT month, account_id, balance, earned, spent, expired, corrected FROM opening")
        return {
            "entries": {key: Asked(*head) for key, head in heads.items()},
            "balances": dict(self._balances()),
            "openings": {
                (_month_before(_day(month)), *self.whose[account_id]): tuple(sums)
                for month, account_id, *sums in openings
                if any(sums)
            },
            "closed": [_day(month) for (month,) in self.driver.execute("SELECT month FROM month_close ORDER BY month")],
        }

    def _balances(self) -> Iterator[tuple[tuple[str, str], int]]:
        """What is stored where there is a floor; the bank's own accounts are what all transfers make of them."""
        stored = self.driver.execute("SELECT id, balance FROM account WHERE has_floor")
        held = {account_id: int(total) for account_id, total in self.driver.execute(_SUMS)} | dict(stored.fetchall())
        return ((self.whose[account_id], total) for account_id, total in held.items() if total)

    def differences(self) -> list[Difference]:
        """What audit and seals find wrong."""
        held = [*queries.member_accounts(), *queries.bank_accounts()]
        assert {(_name(each.code), each.unit): each.balance for each in held if each.balance} == dict(self._balances())
        found = [each for _, sentences in seal_audit.differences(first=1) for each in sentences]
        return [*audit.in_the_books(), *found]

    def _entry(self, asked: Asked) -> NewEntry:
        moves = (NewTransfer(unit, self.accounts[s, unit], self.accounts[t, unit], amount) for unit, s, t, amount in asked.moves)
        return NewEntry(
            key=asked.key, kind=asked.kind, effective_on=asked.day, transfers=tuple(moves), recorded_by="bob"
        )  # fmt: skip


def _name(code: str) -> str:
    return code.removeprefix("member/")


def _month_before(day: date) -> date:
    return (day - timedelta(days=1)).replace(day=1)


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


_JOURNAL = """
    SELECT e.key, e.kind, e.effective_on, r.key, t.unit, t.debit_id, t.credit_id, t.amount
    FROM journal_entry e JOIN transfer t ON t.entry_id = e.id LEFT JOIN journal_entry r ON r.id = e.reverses_id
    ORDER BY e.id, t.line"""
_SUMS = """
    SELECT account_id, sum(amount) FROM (
        SELECT credit_id AS account_id, amount FROM transfer UNION ALL SELECT debit_id, -amount FROM transfer) AS side
    GROUP BY account_id"""
