"""What people wrote in their own words about somebody goes with him; of a row that never changes, only those words can go."""

from datetime import date

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError

from bank.db import db, transaction
from bank.ledger.guards import append_only_tables, erasable_columns
from bank.privacy import actions
from tests.cases import cases
from tests.privacy.conftest import NAME, PHONE


def table(name):
    return db.metadata.tables[name]


@pytest.fixture
def step(member, serve, redeem):
    """Writes a step of the member's redemption with a reason: `step("给欧阳忘忧的女儿")`."""
    serve(member, 240, date(2026, 9, 12))
    redeem(member, 100, date(2026, 9, 20))

    def write(reason):
        row = dict(db.session.execute(select(table("redemption_step")).limit(1)).mappings().one())
        del row["id"]
        with transaction():
            db.session.execute(
                insert(table("redemption_step")).values(row | {"reason": reason, "kind": "reminded", "entry_id": None})
            )

    return write


def reasons():
    return set(
        db.session.scalars(select(table("redemption_step").c.reason).where(table("redemption_step").c.reason.is_not(None)))
    )


@pytest.mark.parametrize("reason", [f"交给{NAME}的女儿", f"打过电话 {PHONE}"])
def test_a_reason_that_names_the_erased_goes(reason, step, member, dave, at):
    step(reason)
    step("缺货")
    with transaction():
        actions.erase(by=dave, person_id=member.id, at=at)
    assert reasons() == {"*", "缺货"}


@cases(
    "statement",
    ["UPDATE redemption_step SET reason = 'x'", "UPDATE redemption_step SET reason = NULL", "DELETE FROM redemption_step",
     "UPDATE redemption_step SET reason = '*', by_id = 1", "UPDATE journal_entry SET reason = '*'"],
)  # fmt: skip
def test_no_other_change_of_such_a_row_is_possible(statement, step):
    step("缺货")
    with pytest.raises(DBAPIError, match="append_only"), transaction():
        db.session.execute(db.text(statement))


def test_nothing_sealed_can_be_erased(app):
    assert "journal_entry" in append_only_tables()
    assert erasable_columns("journal_entry") == []
    assert erasable_columns("redemption_step") == ["reason"]
