"""On SQLite each transfer moves its balances by itself; its rows stand in their key's own tree, and a kind is not looked up."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

KINDS = ("deposit", "redeem", "reserve", "hand_over", "release", "expire", "reversal", "import")


def upgrade() -> None:
    op.add_column("account", sa.Column("last_line", sa.SmallInteger()))
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("journal_entry") as journal_entry:
            journal_entry.drop_constraint("kind", type_="check")
            journal_entry.create_check_constraint("kind", " OR ".join(f"kind = '{each}'" for each in KINDS))
        _move_transfers()


def _move_transfers() -> None:
    # A table keeps how its rows stand, so it is made anew.
    op.execute("""
        CREATE TABLE transfer_by_key (
            entry_id INTEGER NOT NULL, line SMALLINT NOT NULL, unit VARCHAR(8) NOT NULL, debit_id INTEGER NOT NULL,
            credit_id INTEGER NOT NULL, amount BIGINT NOT NULL, effective_on DATE NOT NULL,
            CONSTRAINT pk_transfer PRIMARY KEY (entry_id, line),
            CONSTRAINT ck_transfer_two_accounts CHECK (debit_id <> credit_id),
            CONSTRAINT ck_transfer_amount CHECK (amount BETWEEN 1 AND 1000000000000)
        ) WITHOUT ROWID""")
    columns = "entry_id, line, unit, debit_id, credit_id, amount, effective_on"
    op.execute(f"INSERT INTO transfer_by_key SELECT {columns} FROM transfer ORDER BY entry_id, line")
    op.drop_table("transfer")
    op.rename_table("transfer_by_key", "transfer")
    for side in ("credit_id", "debit_id"):
        op.create_index(f"ix_transfer_{side}_effective_on", "transfer", [side, "effective_on"])
