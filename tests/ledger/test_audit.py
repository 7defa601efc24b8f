"""What somebody with the database's own powers changed is found."""

import sys
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from bank.db import db, is_postgres, transaction
from bank.ledger import actions, guards, seal_audit
from bank.ledger.audit import differences
from bank.ledger.words import Difference
from tests.ledger.conftest import Books, told

TAMPERINGS = {
    "an amount": ("UPDATE transfer SET amount = amount + 1 WHERE line = 1", "entry_changed"),
    "a side": ("UPDATE transfer SET credit_id = {second} WHERE line = 1", "entry_changed"),
    "a reason": ("UPDATE journal_entry SET reason = 'gift'", "entry_changed"),
    "a kind": ("UPDATE journal_entry SET kind = 'import'", "entry_changed"),
    "a missing line": ("DELETE FROM transfer WHERE line = 2", "entry_incomplete"),
    "a balance": ("UPDATE account SET balance = balance + 1 WHERE id = {first}", "balance_differs"),
    "an opening": ("UPDATE opening SET balance = balance + 1, earned = earned + 1", "opening_differs"),
}


@pytest.fixture
def tamper(books: Books) -> Callable[[str], None]:
    """Change rows behind the guards' back, and put the guards up again."""
    books.post(books.deposit("august", on=date(2026, 8, 3)), books.deposit("one"))
    with transaction():
        actions.close_through(month=date(2026, 8, 1), at=books.at + timedelta(minutes=1))

    def run(sql: str) -> None:
        with transaction():
            connection = db.session.connection()
            guards.drop(connection)
            connection.execute(text(sql.format(first=books.first[0], second=books.second[0])))
            guards.renew(connection)

    return run


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_change_is_found(name: str, tamper: Callable[[str], None]) -> None:
    sql, code = TAMPERINGS[name]
    assert list(differences()) == []
    tamper(sql)
    assert code in {each.code for each in differences()}


# What no database can refuse to its owner, and what `bank verify` says of it afterwards.
DEPOSIT = (
    "INSERT INTO journal_entry (key, fingerprint, kind, effective_on, recorded_at, recorded_by, transfer_count) "
    "VALUES ('new', 'f', 'deposit', '2026-10-05', '2026-10-05', 'x', {count})"
)
LINE = "INSERT INTO transfer SELECT max(id), 1, 'points', {debit}, {credit}, {amount}, '2026-10-05' FROM journal_entry"
BY_OWNER: dict[str, tuple[str, ...]] = {
    "an entry of whom nobody asked": ("not what was posted", DEPOSIT.format(count=1), LINE),
    "an entry with a line too few": ("should have 2 transfers but has 1", DEPOSIT.format(count=2), LINE),
    "a seal forged": (
        "does not follow from the one before",
        "INSERT INTO seal VALUES (7, 1, 9, 'a', 'b', '2026-10-05 00:00:00.000000', 'c')",
    ),
    "an opening added to a closed month": (
        "The opening of account",
        "INSERT INTO opening SELECT month, {second}, 5, 5, 0, 0, 0 FROM opening LIMIT 1",
    ),
    "an index dropped": ("constraint uq_journal_entry_reverses_id is missing", "DROP INDEX uq_journal_entry_reverses_id"),
}
BY_OWNER_OF_SQLITE = {
    "a guard dropped": ("guard transfer__checked is missing", "DROP TRIGGER transfer__checked"),
    "a guard that refuses nothing": (
        "guard transfer__checked is not as",
        "DROP TRIGGER transfer__checked", "CREATE TRIGGER transfer__checked BEFORE INSERT ON transfer BEGIN SELECT 1; END",
    ),
    "a trigger in between": (
        "trigger gift is not one of", "CREATE TRIGGER gift BEFORE INSERT ON transfer BEGIN SELECT RAISE(IGNORE); END"
    ),
    "rules not looked at": (
        "1 rows of transfer break", "PRAGMA ignore_check_constraints = ON", DEPOSIT.format(count=1),
        LINE.replace("{amount}", "-5"),
    ),
    "a rule written otherwise": (
        "constraint ck_account_floor is missing", "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'balance >= 0', 'balance >= -9') WHERE name = 'account'",
    ),
    "guards written out of the schema": (
        "guard account__no_delete is missing", "PRAGMA writable_schema = ON", "DELETE FROM sqlite_master WHERE type = 'trigger'"
    ),
    "balances kept as they are": (
        "transfers sum to -", "CREATE TEMPORARY TRIGGER skip BEFORE UPDATE ON main.account BEGIN SELECT RAISE(IGNORE); END",
        DEPOSIT.format(count=1), LINE.format(debit="{first}", credit="{issued}", amount=900_000),
    ),
    "a month written into the calendar": (
        "closed months do not follow", "DROP TRIGGER month_close__in_order",
        "INSERT INTO month_close VALUES ('9999-12-01', '2026-10-05')",
    ),
    "an opening that nothing closed": (
        "but the month before is not closed", "DROP TRIGGER opening__checked",
        "INSERT INTO opening SELECT '2026-12-01', account_id, 7, 7, 0, 0, 0 FROM opening LIMIT 1",
    ),
    "an account that is not there": (
        "1 transfers are not between", "DROP TRIGGER transfer__checked", DEPOSIT.format(count=1),
        LINE.format(debit="{issued}", credit="999999", amount=5),
    ),
}  # fmt: skip
BY_OWNER_OF_POSTGRES = {
    "a guard switched off": ("guard transfer__moves_balance is not as", "ALTER TABLE transfer DISABLE TRIGGER USER"),
    "guards that do not look at this session": (
        "not what was posted", "SET LOCAL session_replication_role = replica", "UPDATE transfer SET amount = amount + 1"
    ),
    "a function that refuses nothing": (
        "guard check_entries is not as",
        "CREATE OR REPLACE FUNCTION check_entries() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    ),
    "a function misled about its tables": ("guard check_month is not as", "ALTER FUNCTION check_month() RESET search_path"),
    "a guard that looks at nothing": (
        "guard account__starts_empty is not as", 'DROP TRIGGER "account__starts_empty" ON account',
        """CREATE TRIGGER "account__starts_empty" BEFORE INSERT ON account FOR EACH ROW WHEN (NEW.balance < -5)
           EXECUTE FUNCTION refuse_change('account')""",
    ),
    "a trigger in between": (
        "trigger gift is not one of",
        "CREATE TRIGGER gift BEFORE INSERT ON transfer FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ),
    "a balance moved from a trigger of his own": (
        "transfers sum to", "CREATE TEMPORARY TABLE own (x int)",
        """CREATE FUNCTION pg_temp.rich() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN UPDATE account SET balance = balance + 9; RETURN NULL; END'""",
        "CREATE TRIGGER rich AFTER INSERT ON own EXECUTE FUNCTION pg_temp.rich()", "INSERT INTO own VALUES (1)",
    ),
    "a rule in between": ("rule skip on account is not", "CREATE RULE skip AS ON UPDATE TO account DO INSTEAD NOTHING"),
    "rows in a table that inherits": ("table heir adds its rows", "CREATE TABLE heir () INHERITS (transfer)"),
    "a rule dropped": ("constraint ck_account_floor is missing", "ALTER TABLE account DROP CONSTRAINT ck_account_floor"),
    "a rule that was dropped for a while": (
        "1 rows of transfer break", "ALTER TABLE transfer DROP CONSTRAINT ck_transfer_amount", DEPOSIT.format(count=1),
        LINE.replace("{amount}", "-5"),
    ),
}  # fmt: skip


def test_what_only_its_owner_can_do_is_found(sealed: dict[str, object], books: Books) -> None:
    ids = {"first": books.first[0], "second": books.second[0], "issued": books.issued}
    books.post(books.deposit("august", on=date(2026, 8, 3)))
    with transaction():
        actions.close_through(month=date(2026, 8, 1), at=books.at)
    card = {}
    for name, (sign, *statements) in (BY_OWNER | (BY_OWNER_OF_POSTGRES if is_postgres() else BY_OWNER_OF_SQLITE)).items():
        for sql in statements:
            db.session.connection().exec_driver_sql(sql.format(debit=ids["issued"], credit=ids["first"], amount=5, **ids))
        found = told([*differences(), *seals_differ()])
        card[name] = next((each for each in found if sign in each), f"only {found}")
        forget()
    sys.stdout.write("".join(f"{name:48} {said}\n" for name, said in card.items()))
    assert [name for name, said in card.items() if said.startswith("only")] == []
    assert list(differences()) == []


def seals_differ() -> list[Difference]:
    return [each for _, sentences in seal_audit.differences() for each in sentences]


def forget() -> None:
    """Take everything back, the settings of the connection too."""
    db.session.rollback()
    if not is_postgres():
        db.session.remove()
        db.engine.dispose()


def test_a_missing_guard_is_found(books: Books) -> None:
    with transaction():
        guards.drop(db.session.connection())
    missing = [each for each in told(differences()) if "is missing" in each]
    expected = len(guards.definitions(db.engine.dialect.name)) + (len(guards.functions()) if is_postgres() else 0)
    assert len(missing) == expected
