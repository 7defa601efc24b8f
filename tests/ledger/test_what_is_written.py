"""What each action writes down, field by field, at the edges of its days and batches, and what a refusal names."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from bank import clock
from bank.app import create_app
from bank.db import Base, db, transaction
from bank.ledger import actions, queries
from bank.ledger.actions import BATCH, SYSTEM_ACCOUNTS
from bank.ledger.intake import BadJournal, Told, ToldTransfer
from bank.ledger.models import Account, EntryRepeat, JournalEntry, Opening
from bank.ledger.queries import NoSuchEntry
from bank.ledger.rules import AlreadyReversed, BalanceTooLow, DayNotOver, Expiry, KeyReused, MonthNotOver, NewEntry, NewTransfer
from tests.ledger.conftest import Books
from tests.server import SECRET

OCTOBER, NOVEMBER_1 = date(2026, 10, 1), date(2026, 11, 1)


def midnight(day: date) -> datetime:
    """The first instant of a local day."""
    return clock.local_instant(day, time(0))


def told(key: str, *, at: datetime, reverses: str | None = None, debit: str = "issued/test") -> Told:
    """An entry of an exported journal that gives somebody one point, or takes it back."""
    sides = ("member/told", debit) if reverses else (debit, "member/told")
    return Told(
        key=key, kind="reversal" if reverses else "deposit", effective_on=date(2026, 10, 5), recorded_at=at, recorded_by="bob",
        approved_by="dave" if reverses else None, reason="wrong" if reverses else None, rule_version=3, reverses=reverses,
        transfers=(ToldTransfer("points", *sides, 100),),
    )  # fmt: skip


def take_in(books: Books, *entries: Told) -> actions.Imported:
    with transaction():
        return actions.import_journal(entries=entries, at=books.at)


def test_a_new_bank_has_each_of_its_own_accounts_once_without_a_floor() -> None:
    at = datetime(2026, 10, 15, 1, tzinfo=UTC)
    with create_app({"DATABASE_URL": "sqlite://", "SECRET_KEY": SECRET}).app_context():
        Base.metadata.create_all(db.engine, tables=[Account.__table__])
        for _ in range(2):
            actions.open_system_accounts(at=at)
        rows = db.session.execute(select(Account.code, Account.unit, Account.has_floor, Account.balance, Account.opened_at)).all()
        assert sorted(tuple(row) for row in rows) == sorted((*name, False, None, at) for name in SYSTEM_ACCOUNTS)
        db.session.rollback()
        db.engine.dispose()


def test_an_account_is_opened_with_what_it_was_asked_with(books: Books) -> None:
    with transaction():
        floored, free = (
            actions.open_account(code=code, unit="minutes", has_floor=has_floor, at=books.at)
            for code, has_floor in (("member/x", True), ("clearing/x", False))
        )
    rows = [db.session.get_one(Account, each) for each in (floored, free)]
    assert [(row.code, row.unit, row.has_floor, row.balance, row.opened_at) for row in rows] == [
        ("member/x", "minutes", True, 0, books.at),
        ("clearing/x", "minutes", False, None, books.at),
    ]


def test_members_get_points_and_minutes_each_with_a_floor(books: Books) -> None:
    with transaction():
        assert actions.open_member_accounts(keys=[], at=books.at) == []
        [(points, minutes)] = actions.open_member_accounts(keys=["x"], at=books.at)
    rows = [db.session.get_one(Account, each) for each in (points, minutes)]
    assert [(row.code, row.unit, row.has_floor, row.balance, row.opened_at) for row in rows] == [
        ("member/x", unit, True, 0, books.at) for unit in ("points", "minutes")
    ]


def test_no_entries_are_no_posting(books: Books) -> None:
    assert books.post() == []


def test_a_reversal_keeps_who_when_why_and_what(books: Books) -> None:
    [deposit] = books.post(books.deposit("one"))
    at = books.at + timedelta(days=1)
    with transaction():
        posted = actions.reverse(
            entry_id=deposit.entry_id, key="undo", reason="wrong", recorded_by="bob", approved_by="dave",
            effective_on=date(2026, 10, 6), at=at,
        )  # fmt: skip
    entry = queries.entry(posted.entry_id)
    assert (entry.kind, entry.key, entry.reason, entry.recorded_by, entry.approved_by) == (
        "reversal",
        "undo",
        "wrong",
        "bob",
        "dave",
    )
    assert (entry.effective_on, entry.recorded_at, entry.reverses_id) == (date(2026, 10, 6), at, deposit.entry_id)


def test_without_a_word_no_shortfall_is_booked(books: Books) -> None:
    [deposit, _] = books.post(books.deposit("one"), books.redeem("spend", points=60))
    with pytest.raises(BalanceTooLow), transaction():
        actions.reverse(
            entry_id=deposit.entry_id, key="undo", reason="wrong", recorded_by="bob", approved_by="dave",
            effective_on=date(2026, 10, 6), at=books.at,
        )  # fmt: skip


@pytest.mark.parametrize(("is_there", "refusal"), [(True, AlreadyReversed), (False, NoSuchEntry)])
def test_a_refused_reversal_names_the_entry(books: Books, is_there: bool, refusal: type[Exception]) -> None:
    [deposit] = books.post(books.deposit("one"))
    entry_id = deposit.entry_id if is_there else 999_999
    wanted = {"reason": "r", "recorded_by": "bob", "approved_by": "dave", "effective_on": date(2026, 10, 6), "at": books.at}
    with pytest.raises(refusal) as refused:
        for key in ("a", "b"):
            with transaction():
                actions.reverse(entry_id=entry_id, key=key, **wanted)
    assert refused.value.details == {"entry_id": entry_id}  # type: ignore[attr-defined]


def test_a_month_closes_from_the_first_midnight_after_it(books: Books) -> None:
    books.post(books.deposit("one"))
    with pytest.raises(MonthNotOver) as refused, transaction():
        actions.close_month(month=OCTOBER, at=midnight(NOVEMBER_1) - timedelta(microseconds=1))
    assert refused.value.details == {"month": "2026-10-01"}
    with transaction():
        assert actions.close_month(month=OCTOBER, at=midnight(NOVEMBER_1)) is True
    assert db.session.scalar(select(func.count()).select_from(Opening)) == 4


def test_several_months_close_in_order_and_are_counted(books: Books) -> None:
    books.post(books.deposit("one", on=date(2026, 8, 5)))
    with transaction():
        assert actions.close_through(month=date(2026, 9, 1), at=books.at) == 2
        assert actions.close_through(month=date(2026, 9, 1), at=books.at) == 0
    assert queries.last_closed_month() == date(2026, 9, 1)


def test_points_expire_from_the_midnight_after_their_last_day(books: Books) -> None:
    books.post(books.deposit("one"))
    day = date(2026, 11, 30)
    with pytest.raises(DayNotOver) as refused, transaction():
        actions.expire(on=day, expiry=Expiry("months", 1), at=midnight(date(2026, 12, 1)) - timedelta(microseconds=1))
    assert refused.value.details == {"day": "2026-11-30"}
    at = midnight(date(2026, 12, 1))
    with transaction():
        assert actions.expire(on=day, expiry=Expiry("months", 1), at=at) == 1
    entry = db.session.scalars(select(JournalEntry).where(JournalEntry.kind == "expire")).one()
    assert (entry.key, entry.effective_on, entry.recorded_at, entry.recorded_by) == ("expire:2026-11-30:first", day, at, "bank")
    [moved] = queries.transfers_of(entry.id)
    assert moved == NewTransfer("points", books.first[0], queries.system_account("expired", "points"), 100)


def test_more_members_than_one_batch_expire_and_are_imported_all(books: Books) -> None:
    with transaction():
        members = actions.open_member_accounts(keys=[f"m{number}" for number in range(BATCH + 1)], at=books.at)
        moves = [NewTransfer("points", books.issued, points, 7) for points, _ in members]
        for number, part in enumerate((moves[:BATCH], moves[BATCH:])):
            entry = NewEntry(
                key=f"{number}", kind="deposit", effective_on=date(2026, 10, 5), transfers=tuple(part), recorded_by="bob"
            )
            actions.post([entry], at=books.at)
    with transaction():
        assert actions.expire(on=date(2026, 11, 30), expiry=Expiry("months", 1), at=midnight(date(2026, 12, 1))) == BATCH + 1
    assert queries.balance(queries.system_account("expired", "points")) == 7 * (BATCH + 1)
    assert db.session.scalar(select(func.count()).select_from(EntryRepeat)) == 0
    many = [told(f"t{number}", at=books.at) for number in range(BATCH + 1)]
    assert take_in(books, *many) == actions.Imported(new=BATCH + 1, known=0)


def test_an_imported_entry_keeps_every_field_and_its_account_is_opened_now(books: Books) -> None:
    long_ago = books.at - timedelta(days=300)
    assert take_in(books, told("a", at=long_ago), told("b", at=long_ago, reverses="a")) == actions.Imported(new=2, known=0)
    entry, undone = db.session.scalars(select(JournalEntry).order_by(JournalEntry.id)).all()
    assert (entry.key, entry.kind, entry.effective_on, entry.recorded_at) == ("a", "deposit", date(2026, 10, 5), long_ago)
    assert (entry.recorded_by, entry.approved_by, entry.reason, entry.rule_version) == ("bob", None, None, 3)
    assert (undone.approved_by, undone.reason, undone.reverses_id, undone.recorded_at) == ("dave", "wrong", entry.id, long_ago)
    account = queries.account_by_name("member/told")
    assert (account.has_floor, account.balance, account.opened_at) == (True, 0, books.at)


def test_a_bank_s_own_account_that_is_missing_is_opened_without_a_floor(books: Books) -> None:
    take_in(books, told("a", at=books.at, debit="issued/elsewhere"))
    account = queries.account_by_name("issued/elsewhere")
    assert (account.has_floor, account.balance, queries.balance(account.id)) == (False, None, -100)


def test_a_refused_import_names_the_key(books: Books) -> None:
    take_in(books, told("a", at=books.at))
    with pytest.raises(KeyReused) as reused:
        take_in(books, told("a", at=books.at + timedelta(seconds=1)))
    with pytest.raises(BadJournal) as bad:
        take_in(books, told("b", at=books.at, reverses="nothing"))
    assert (reused.value.details, bad.value.details) == ({"key": "a"}, {"key": "b"})


AWKWARD = (
    '"',
    "\\",
    '\\"',
    "{a,b}",
    "NULL",
    "null",
    " ",
    ",",
    "'",
    "a\nb",
    "\t",
    "{}",
    '""',
    "\\N",
    "好",
    "🀄",
    "%s",
    "$1",
    "\u2028",
)


def test_any_text_stands_in_the_journal_as_it_was_asked(books: Books) -> None:
    entries = [
        NewEntry(
            key=f"awkward {text}", kind="deposit", effective_on=date(2026, 10, 5), recorded_by=f"r{text}",
            approved_by=f"a{text}", reason=text, transfers=(NewTransfer("points", books.issued, books.first[0], 1),),
        )
        for text in AWKWARD
    ]  # fmt: skip
    with transaction():
        assert all(each.is_new for each in actions.post(entries, at=books.at))
    with transaction():
        assert not any(each.is_new for each in actions.post(entries, at=books.at))
    columns = (JournalEntry.key, JournalEntry.recorded_by, JournalEntry.approved_by, JournalEntry.reason)
    found = db.session.execute(select(*columns).where(JournalEntry.key.startswith("awkward "))).all()
    assert {tuple(row) for row in found} == {(f"awkward {text}", f"r{text}", f"a{text}", text) for text in AWKWARD}
