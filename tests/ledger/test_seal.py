"""Whatever is changed in the journal after it was sealed is found; that which left a whole chain, by the seals kept outside."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from bank.db import db, is_postgres, transaction
from bank.ledger import guards, seal
from bank.ledger.models import Seal
from bank.ledger.tree import seal_hash
from tests.ledger.conftest import Books, anchored, differences, told

FORGED = "'{zeros}', 'deposit', '2026-10-05', '2026-10-05 00:00:00.000000', 'bob', NULL, NULL, NULL, NULL, 1"
HEAD = "fingerprint, kind, effective_on, recorded_at, recorded_by, approved_by, reason, rule_version, reverses_id, transfer_count"
SWAPPED = "UPDATE {table} SET {column} = CASE {column} WHEN {a} THEN {b} ELSE {a} END WHERE {column} IN ({a}, {b})"

# Of the four sealed entries, ids {one} to {four}, the first two are in seal 1 and the others in seal 2.
TAMPERINGS = {
    "entry key": "UPDATE journal_entry SET key = 'other' WHERE id = {one}",
    "entry fingerprint": "UPDATE journal_entry SET fingerprint = '{zeros}' WHERE id = {one}",
    "entry kind": "UPDATE journal_entry SET kind = 'import' WHERE id = {one}",
    "entry effective_on": "UPDATE journal_entry SET effective_on = '2026-10-06' WHERE id = {one}",
    "entry recorded_at": "UPDATE journal_entry SET recorded_at = '2026-10-15 01:00:00.000001' WHERE id = {one}",
    "entry recorded_by": "UPDATE journal_entry SET recorded_by = 'eve' WHERE id = {one}",
    "entry approved_by": "UPDATE journal_entry SET approved_by = 'eve' WHERE id = {one}",
    "entry reason": "UPDATE journal_entry SET reason = '' WHERE id = {one}",
    "entry rule_version": "UPDATE journal_entry SET rule_version = 1 WHERE id = {one}",
    "entry reverses_id": "UPDATE journal_entry SET reverses_id = {two} WHERE id = {four}",
    "entry transfer_count": "UPDATE journal_entry SET transfer_count = 3 WHERE id = {one}",
    "entry id": "UPDATE transfer SET entry_id = 999 WHERE entry_id = {one}; UPDATE journal_entry SET id = 999 WHERE id = {one};"
    "UPDATE sealed_entry SET entry_id = 999 WHERE entry_id = {one}",
    "transfer entry_id": "UPDATE transfer SET entry_id = {four} WHERE entry_id = {one} AND line = 2",
    "transfer line": "UPDATE transfer SET line = 3 WHERE entry_id = {one} AND line = 1",
    "transfer unit": "UPDATE transfer SET unit = 'minutes' WHERE entry_id = {one} AND line = 1",
    "transfer debit_id": "UPDATE transfer SET debit_id = {second} WHERE entry_id = {one} AND line = 1",
    "transfer credit_id": "UPDATE transfer SET credit_id = {second} WHERE entry_id = {one} AND line = 1",
    "transfer amount": "UPDATE transfer SET amount = amount + 1 WHERE entry_id = {one} AND line = 1",
    "transfer effective_on": "UPDATE transfer SET effective_on = '2026-10-06' WHERE entry_id = {one} AND line = 1",
    "account code": "UPDATE account SET code = 'member/eve' WHERE id = {first}",
    "two accounts change their names": "UPDATE account SET code = 'x' WHERE id = {first};"
    "UPDATE account SET code = 'member/first' WHERE id = {second}; UPDATE account SET code = 'member/second' WHERE id = {first}",
    "account unit": "UPDATE account SET unit = 'minutes', code = 'x' WHERE id = {first}",
    "account floor": "UPDATE account SET has_floor = false, balance = NULL WHERE id = {first}",
    "account opened_at": "UPDATE account SET opened_at = '2020-01-01 00:00:00.000000' WHERE id = {first}",
    "account deleted": "DELETE FROM account WHERE id = {first}",
    "first entry deleted": "DELETE FROM transfer WHERE entry_id = {one}; DELETE FROM journal_entry WHERE id = {one};"
    "DELETE FROM sealed_entry WHERE entry_id = {one}",
    "middle entry deleted, its place left": "DELETE FROM transfer WHERE entry_id = {two};"
    "DELETE FROM journal_entry WHERE id = {two}",
    "last entry deleted": "DELETE FROM transfer WHERE entry_id = {four}; DELETE FROM journal_entry WHERE id = {four};"
    "DELETE FROM sealed_entry WHERE entry_id = {four}",
    "all entries deleted": "DELETE FROM transfer; DELETE FROM journal_entry; DELETE FROM sealed_entry",
    "all transfers of an entry deleted": "DELETE FROM transfer WHERE entry_id = {two}",
    "one transfer deleted": "DELETE FROM transfer WHERE entry_id = {two} AND line = 2",
    "a transfer added": "INSERT INTO transfer SELECT entry_id, 3, unit, debit_id, credit_id, amount, effective_on FROM transfer "
    "WHERE entry_id = {one} AND line = 1",
    "two entries swapped within a seal": "UPDATE sealed_entry SET entry_id = 999 WHERE position = 1;"
    "UPDATE sealed_entry SET entry_id = {one} WHERE position = 2; UPDATE sealed_entry SET entry_id = {two} WHERE position = 1",
    "two entries swapped between seals": "UPDATE sealed_entry SET entry_id = 999 WHERE position = 1;"
    "UPDATE sealed_entry SET entry_id = {one} WHERE position = 4; UPDATE sealed_entry SET entry_id = {four} WHERE position = 1",
    "an entry put in at the end": f"INSERT INTO journal_entry (id, key, {HEAD}) VALUES (999, 'new', {FORGED});"
    "INSERT INTO transfer SELECT 999, 1, unit, debit_id, credit_id, amount, effective_on FROM transfer "
    "WHERE entry_id = {one} AND line = 1; INSERT INTO sealed_entry (position, entry_id) VALUES (5, 999)",
    "an entry put in the place of another": f"INSERT INTO journal_entry (id, key, {HEAD}) VALUES (999, 'new', {FORGED});"
    "INSERT INTO transfer SELECT 999, line, unit, debit_id, credit_id, amount, effective_on FROM transfer "
    "WHERE entry_id = {two}; UPDATE sealed_entry SET entry_id = 999 WHERE position = 2",
    "places forgotten": "DELETE FROM sealed_entry",
    "seal number": "UPDATE seal SET number = 3 WHERE number = 2",
    "seal entry_count": "UPDATE seal SET entry_count = 1 WHERE number = 2",
    "seal last_position": "UPDATE seal SET last_position = 5 WHERE number = 2",
    "seal root": "UPDATE seal SET root = '{zeros}' WHERE number = 2",
    "seal previous_hash": "UPDATE seal SET previous_hash = '{zeros}' WHERE number = 2; ",
    "seal sealed_at": "UPDATE seal SET sealed_at = '2026-10-15 02:00:00.000000' WHERE number = 2",
    "seal hash": "UPDATE seal SET hash = '{zeros}' WHERE number = 2",
    "first seal deleted": "DELETE FROM seal WHERE number = 1",
    "last seal deleted": "DELETE FROM seal WHERE number = 2",
    "all seals deleted": "DELETE FROM seal",
}
# What is changed in the second seal, whose hash is reckoned again, and what is wrong with it then.
REHASHED = {
    "another before it": ("previous_hash = '{zeros}'", "Seal 2 does not follow from the one before it."),
    "one missing between": ("number = 3", "Between seals 1 and 3 others are missing."),
    "a place left out": ("entry_count = 1", "Seal 2 does not begin where the one before it ends."),
}
# What leaves a whole chain behind is found by the seals kept outside.
REWRITINGS = {
    "rewritten forward": "DELETE FROM seal; DELETE FROM sealed_entry; UPDATE journal_entry SET reason = 'gift' WHERE id = {one}",
    "rewritten from the second seal": "DELETE FROM seal WHERE number = 2; DELETE FROM sealed_entry WHERE position > 2;"
    "UPDATE transfer SET amount = amount + 1 WHERE entry_id = {three}",
    "rewritten without an entry": "DELETE FROM seal; DELETE FROM sealed_entry; DELETE FROM transfer WHERE entry_id = {two};"
    "DELETE FROM journal_entry WHERE id = {two}",
}


@pytest.fixture
def tamper(sealed: dict[str, object]) -> Callable[[str], None]:
    """Change rows with all the powers over the database: no guards, no foreign keys, no checks."""

    def run(sql: str) -> None:
        db.session.rollback()
        if not is_postgres():  # Only outside a transaction does SQLite let its foreign keys be switched.
            db.session.remove()
            pragma("foreign_keys = OFF", "ignore_check_constraints = ON")
        with transaction():
            connection = db.session.connection()
            guards.drop(connection)
            if is_postgres():
                connection.execute(text(WITHOUT_CONSTRAINTS))
            for statement in filter(str.strip, sql.format(**sealed).split(";")):
                connection.execute(text(statement))
            guards.renew(connection)

    return run


WITHOUT_CONSTRAINTS = """
    DO $$ DECLARE each record; BEGIN
        FOR each IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint
                    WHERE connamespace = CAST(current_schema() AS regnamespace) AND contype IN ('f', 'c') LOOP
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', each.owner, each.conname);
        END LOOP; END $$"""


def pragma(*settings: str) -> None:
    connection = db.engine.raw_connection()
    for each in settings:
        connection.cursor().execute(f"PRAGMA {each}")
    connection.close()


def test_a_sealed_journal_has_no_differences(sealed: dict[str, object], outside: Path) -> None:
    assert differences() == anchored(outside) == []
    assert seal.unsealed_count() == 0


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_tampering_is_found(name: str, tamper: Callable[[str], None], outside: Path) -> None:
    tamper(TAMPERINGS[name])
    assert differences() or "all seals" in name
    assert differences() or anchored(outside)


@pytest.mark.parametrize("name", REHASHED)
def test_a_seal_that_got_a_fresh_hash_still_has_to_fit_its_neighbour(name: str, tamper: Callable[[str], None]) -> None:
    change, sign = REHASHED[name]
    tamper(f"UPDATE seal SET {change} WHERE number = 2")
    forged = db.session.scalars(select(Seal).order_by(Seal.number.desc())).first()
    assert forged is not None
    tamper(f"UPDATE seal SET hash = '{seal_hash(seal.fields(forged))}' WHERE number = {forged.number}")
    found = told(differences())
    assert any(sign in each for each in found)
    assert not any("is not what was sealed" in each for each in found)


@pytest.mark.parametrize("name", REWRITINGS)
def test_a_journal_rewritten_with_fresh_seals_is_found_by_the_anchor(
    name: str, tamper: Callable[[str], None], books: Books, outside: Path, tmp_path: Path
) -> None:
    tamper(REWRITINGS[name])
    seal.seal_all(published=tmp_path / "forged.txt", at=books.at + timedelta(days=1))
    assert differences() == []
    assert anchored(outside)


def test_a_chain_rolled_back_is_found_by_the_anchor(tamper: Callable[[str], None], outside: Path) -> None:
    tamper("DELETE FROM seal WHERE number = 2; DELETE FROM sealed_entry WHERE position > 2")
    assert differences() == []
    assert anchored(outside) == ["Seal 2 was published, but is not in the database."]


def test_nothing_is_sealed_over_seals_that_were_published_otherwise(
    tamper: Callable[[str], None], books: Books, outside: Path
) -> None:
    tamper("DELETE FROM seal WHERE number = 2; DELETE FROM sealed_entry WHERE position > 2")
    with pytest.raises(seal.SealsDiffer):
        seal.seal_all(published=outside, at=books.at)
    assert db.session.scalar(select(func.count()).select_from(Seal)) == 1
