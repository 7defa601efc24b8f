"""A member may agree that the household sees the own months."""

from alembic import op


revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    with op.batch_alter_table("consent") as batch:
        batch.drop_constraint(op.f("ck_consent_purpose"), type_="check")
        batch.create_check_constraint(
            op.f("ck_consent_purpose"), "purpose IN ('board', 'public_list', 'home_unit', 'contact', 'minor', 'household')"
        )
