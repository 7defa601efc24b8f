"""Guardians object to hours of their children: who raised an objection stands beside whose hours they are."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("objection", sa.Column("raised_by_id", ID))
    op.execute("UPDATE objection SET raised_by_id = person_id")
    # No table names this one, so that SQLite may rebuild it.
    with op.batch_alter_table("objection") as batch:
        batch.alter_column("raised_by_id", existing_type=ID, nullable=False)
        batch.create_foreign_key(op.f("fk_objection_raised_by_id_person"), "person", ["raised_by_id"], ["id"])
        batch.create_check_constraint("who_raised", "answered_by_id <> raised_by_id")
    op.create_index(op.f("ix_objection_raised_by_id"), "objection", ["raised_by_id"])
