"""On PostgreSQL the guards look at all new service records at once: foreign keys asked the same row by row."""

from alembic import op

revision = "0025"
down_revision = "0024"

KEYS = ("service_id_service", "person_id_person", "rule_version_rule_set", "confirmed_by_id_person", "entry_id_journal_entry")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for key in KEYS:
            op.drop_constraint(f"fk_service_record_{key}", "service_record", type_="foreignkey")
