"""Scans as they came, and what was decided about those that somebody had to look at."""

import sqlalchemy as sa
from alembic import op


revision = "0020"
down_revision = "0019"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "scan",
        sa.Column("id", ID, nullable=False),
        sa.Column("nonce", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("way", sa.String(length=12)),
        sa.Column("activity_id", ID),
        sa.Column("person_id", ID),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("device_id", ID),
        sa.Column("browser_hash", sa.String(length=64)),
        sa.Column("code_hash", sa.String(length=64)),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("skew_seconds", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=30), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("shown_name", sa.String(length=50)),
        sa.Column("reason", sa.String(length=200)),
        sa.Column("look", sa.String(length=12)),
        sa.Column("undoes_id", ID),
        sa.CheckConstraint("kind IN ('in', 'out', 'undo')", name=op.f("ck_scan_kind")),
        sa.CheckConstraint("way IN ('link', 'typed', 'static', 'card', 'phone', 'list')", name=op.f("ck_scan_way")),
        sa.CheckConstraint("look IN ('same_device', 'clock', 'conflict')", name=op.f("ck_scan_look")),
        sa.CheckConstraint(
            "(answer = 'to_review') = (look IS NOT NULL AND look <> 'same_device')", name=op.f("ck_scan_to_review")
        ),
        sa.CheckConstraint("(answer = 'undone') = (undoes_id IS NOT NULL)", name=op.f("ck_scan_undoes")),
        sa.CheckConstraint(
            "answer NOT IN ('checked_in', 'checked_out', 'undone', 'to_review')"
            " OR (activity_id IS NOT NULL AND person_id IS NOT NULL)",
            name=op.f("ck_scan_accepted"),
        ),
        sa.CheckConstraint("way <> 'list' OR reason IS NOT NULL", name=op.f("ck_scan_list_reason")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_scan_activity_id_activity")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_scan_person_id_person")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_scan_by_id_person")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_scan_device_id_device")),
        sa.ForeignKeyConstraint(["undoes_id"], ["scan.id"], name=op.f("fk_scan_undoes_id_scan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
        sa.UniqueConstraint("nonce", name=op.f("uq_scan_nonce")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_scan_undoes_id")),
    )
    op.create_index(op.f("ix_scan_person_id"), "scan", ["person_id"])
    op.create_index(op.f("ix_scan_by_id"), "scan", ["by_id"])
    op.create_index(op.f("ix_scan_activity_id"), "scan", ["activity_id", "person_id"])
    op.create_index(op.f("ix_scan_browser_hash"), "scan", ["browser_hash", "received_at"])
    op.create_table(
        "scan_review",
        sa.Column("scan_id", ID, nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200)),
        sa.Column("decided_by_id", ID, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_scan_review_scan_id_scan")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_scan_review_decided_by_id_person")),
        sa.PrimaryKeyConstraint("scan_id", name=op.f("pk_scan_review")),
    )
