"""The guards alone look whether a transfer's entry and accounts exist: foreign keys asked the same again, row by row.

Only reversals stand in the index that lets each entry be reversed once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("transfer") as transfer:
        transfer.drop_constraint("fk_transfer_credit_id_unit_account", type_="foreignkey")
        transfer.drop_constraint("fk_transfer_debit_id_unit_account", type_="foreignkey")
        transfer.drop_constraint("fk_transfer_entry_id_journal_entry", type_="foreignkey")
    with op.batch_alter_table("account") as account:
        account.drop_constraint("uq_account_id_unit", type_="unique")
    with op.batch_alter_table("journal_entry") as journal_entry:
        journal_entry.drop_constraint("uq_journal_entry_reverses_id", type_="unique")
    is_reversal = sa.text("reverses_id IS NOT NULL")
    op.create_index(
        "uq_journal_entry_reverses_id", "journal_entry", ["reverses_id"], unique=True,
        sqlite_where=is_reversal, postgresql_where=is_reversal,
    )
