"""Hours on show before they are posted, objections, supplements with a second person, and check-outs that were forgotten."""

import sqlalchemy as sa
from alembic import op


revision = "0016"
down_revision = "0015"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_publicity()
    _create_objections()
    _create_supplements()
    op.execute(
        f"ALTER TABLE attendance ADD COLUMN forgotten_at {_instant()}"
        " CONSTRAINT ck_attendance_forgotten CHECK (forgotten_at IS NULL OR checked_out_at IS NULL)"
    )


def _instant() -> str:
    return "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"


def _create_publicity() -> None:
    op.create_table(
        "publicity",
        sa.Column("id", ID, nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("service", sa.JSON(), nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("put_up_at", INSTANT, nullable=False),
        sa.Column("put_up_by_id", ID, nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["put_up_by_id"], ["person.id"], name=op.f("fk_publicity_put_up_by_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_publicity_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publicity")),
    )
    for column in ("ends_on", "source", "unit_id"):
        op.create_index(op.f(f"ix_publicity_{column}"), "publicity", [column], unique=False)
    op.create_table(
        "public_part",
        sa.Column("id", ID, nullable=False),
        sa.Column("publicity_id", ID, nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("stays", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("approved_by_id", ID, nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1440 AND points >= 0", name=op.f("ck_public_part_amounts")),
        sa.CheckConstraint("state IN ('shown', 'posted', 'struck')", name=op.f("ck_public_part_state")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_public_part_approved_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_public_part_person_id_person")),
        sa.ForeignKeyConstraint(["publicity_id"], ["publicity.id"], name=op.f("fk_public_part_publicity_id_publicity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_part")),
        sa.UniqueConstraint("source", "person_id", name=op.f("uq_public_part_source_person_id")),
    )
    for column in ("person_id", "publicity_id"):
        op.create_index(op.f(f"ix_public_part_{column}"), "public_part", [column], unique=False)


def _create_objections() -> None:
    op.create_table(
        "objection",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("part_id", ID, nullable=True),
        sa.Column("service_record_id", ID, nullable=True),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=True),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=200), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answered_by_id", ID, nullable=True),
        sa.Column("held_points", sa.BigInteger(), nullable=False),
        sa.Column("hold_entry_id", ID, nullable=True),
        sa.Column("reversal_entry_id", ID, nullable=True),
        sa.CheckConstraint("(part_id IS NULL) <> (service_record_id IS NULL)", name=op.f("ck_objection_of_one")),
        sa.CheckConstraint("(state = 'open') = (answered_at IS NULL)", name=op.f("ck_objection_answered")),
        sa.CheckConstraint("answered_by_id <> person_id", name=op.f("ck_objection_another_answers")),
        sa.CheckConstraint(
            "answered_at IS NULL OR (answer IS NOT NULL AND answered_by_id IS NOT NULL)", name=op.f("ck_objection_answer")
        ),
        sa.CheckConstraint(
            "held_points >= 0 AND (held_points > 0) = (hold_entry_id IS NOT NULL)", name=op.f("ck_objection_held")
        ),
        sa.CheckConstraint("state IN ('open', 'kept', 'taken_back')", name=op.f("ck_objection_state")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_objection_answered_by_id_person")),
        sa.ForeignKeyConstraint(["hold_entry_id"], ["journal_entry.id"], name=op.f("fk_objection_hold_entry_id_journal_entry")),
        sa.ForeignKeyConstraint(["part_id"], ["public_part.id"], name=op.f("fk_objection_part_id_public_part")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_objection_person_id_person")),
        sa.ForeignKeyConstraint(
            ["reversal_entry_id"], ["journal_entry.id"], name=op.f("fk_objection_reversal_entry_id_journal_entry")
        ),
        sa.ForeignKeyConstraint(
            ["service_record_id"], ["service_record.id"], name=op.f("fk_objection_service_record_id_service_record")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_objection_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("key", name=op.f("uq_objection_key")),
    )
    for column in ("person_id", "unit_id"):
        op.create_index(op.f(f"ix_objection_{column}"), "objection", [column], unique=False)
    is_open = {"sqlite_where": sa.text("state = 'open'"), "postgresql_where": sa.text("state = 'open'")}
    op.create_index("uq_objection_open_part", "objection", ["part_id"], unique=True, **is_open)
    op.create_index("uq_objection_open_record", "objection", ["service_record_id"], unique=True, **is_open)


def _create_supplements() -> None:
    op.create_table(
        "supplement",
        sa.Column("id", ID, nullable=False),
        sa.Column("activity_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("is_bulk", sa.Boolean(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("asked_by_id", ID, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_supplement_decided_by")),
        sa.CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name=op.f("ck_supplement_decided")),
        sa.CheckConstraint("asked_by_id <> person_id", name=op.f("ck_supplement_not_oneself")),
        sa.CheckConstraint(
            "decided_by_id <> person_id AND decided_by_id <> asked_by_id", name=op.f("ck_supplement_second_person")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_supplement_ends_after_start")),
        sa.CheckConstraint("state IN ('asked', 'agreed', 'refused')", name=op.f("ck_supplement_state")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_supplement_activity_id_activity")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_supplement_asked_by_id_person")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_supplement_decided_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_supplement_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplement")),
    )
    for column in ("asked_by_id", "person_id"):
        op.create_index(op.f(f"ix_supplement_{column}"), "supplement", [column], unique=False)
    is_live = {"sqlite_where": sa.text("state <> 'refused'"), "postgresql_where": sa.text("state <> 'refused'")}
    op.create_index("uq_supplement_live", "supplement", ["activity_id", "person_id"], unique=True, **is_live)
