"""On PostgreSQL the guards look at a month's openings and statements at once: foreign keys asked the same row by row."""

from alembic import op

revision = "0027"
down_revision = "0026"

KEYS = {"opening": ("account_id_account",), "statement": ("person_id_person", "unit_id_unit")}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, keys in KEYS.items():
            for key in keys:
                op.drop_constraint(f"fk_{table}_{key}", table, type_="foreignkey")
