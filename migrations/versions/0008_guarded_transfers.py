"""The guards alone look whether a transfer's entry and accounts exist: foreign keys asked the same again, row by row."""

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
