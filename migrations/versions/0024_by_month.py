"""What each month writes for everybody is found by month first, so that it touches the same few pages after ten years as after one."""

from alembic import op


revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("ix_opening_account_id_month"), "opening")
    with op.batch_alter_table("statement") as batch:
        batch.drop_index(op.f("ix_statement_person_id_month"))
        batch.drop_constraint(op.f("uq_statement_code"), type_="unique")
        batch.create_unique_constraint(op.f("uq_statement_month_code"), ["month", "code"])
