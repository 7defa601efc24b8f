"""Why time was supplemented stands in the record, where it can be erased, and no longer in the sealed journal."""

import sqlalchemy as sa
from alembic import op


revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("service_record", sa.Column("reason", sa.String(length=200)))
    op.execute(
        "UPDATE service_record SET reason = (SELECT reason FROM journal_entry WHERE journal_entry.id = entry_id)"
        " WHERE evidence = 'supplemented'"
    )
