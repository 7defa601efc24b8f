"""A clerk's role may hold at one counter alone."""

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    # No table names this one, so that SQLite may rebuild it.
    with op.batch_alter_table("grant") as batch_op:
        batch_op.add_column(sa.Column("counter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
        batch_op.create_foreign_key(op.f("fk_grant_counter_id_counter"), "counter", ["counter_id"], ["id"])
        batch_op.create_check_constraint("counter", "counter_id IS NULL OR role = 'clerk'")
