"""Evaluations of service records: marks, codes to give them by, words beside them, withdrawals."""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluation_invitation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("service_record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > issued_at", name=op.f("ck_evaluation_invitation_expiry")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["person.id"], name=op.f("fk_evaluation_invitation_issued_by_id_person")),
        sa.ForeignKeyConstraint(
            ["service_record_id"], ["service_record.id"], name=op.f("fk_evaluation_invitation_service_record_id_service_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_invitation")),
    )
    op.create_index(
        "uq_evaluation_invitation_live",
        "evaluation_invitation",
        ["service_record_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "evaluation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("service_record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("mark", sa.SmallInteger(), nullable=True),
        sa.Column("way", sa.String(length=12), nullable=False),
        sa.Column("given_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("invitation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("device", sa.String(length=20), nullable=True),
        sa.Column("supersedes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("approved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(way = 'code') = (invitation_id IS NOT NULL)", name=op.f("ck_evaluation_code")),
        sa.CheckConstraint("(way = 'withdrawal') = (mark IS NULL)", name=op.f("ck_evaluation_withdrawal")),
        sa.CheckConstraint(
            "reason IN ('slip', 'wrong_record', 'under_pressure', 'not_from_recipient', 'involved')",
            name=op.f("ck_evaluation_reason"),
        ),
        sa.CheckConstraint("role = 'recipient' OR way NOT IN ('code', 'call_back')", name=op.f("ck_evaluation_recipient_ways")),
        sa.CheckConstraint("role IN ('recipient', 'leader', 'completion')", name=op.f("ck_evaluation_role")),
        sa.CheckConstraint(
            "way <> 'withdrawal' OR (supersedes_id IS NOT NULL AND reason IS NOT NULL AND approved_by_id IS NOT NULL AND approved_by_id <> given_by_id)",
            name=op.f("ck_evaluation_second_person"),
        ),
        sa.CheckConstraint("way = 'code' OR given_by_id IS NOT NULL", name=op.f("ck_evaluation_given_by")),
        sa.CheckConstraint("way IN ('signed_in', 'code', 'call_back', 'withdrawal')", name=op.f("ck_evaluation_way")),
        sa.CheckConstraint("mark BETWEEN 1 AND 5", name=op.f("ck_evaluation_mark")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_evaluation_approved_by_id_person")),
        sa.ForeignKeyConstraint(["given_by_id"], ["person.id"], name=op.f("fk_evaluation_given_by_id_person")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["evaluation_invitation.id"], name=op.f("fk_evaluation_invitation_id_evaluation_invitation")
        ),
        sa.ForeignKeyConstraint(
            ["service_record_id", "role", "supersedes_id"],
            ["evaluation.service_record_id", "evaluation.role", "evaluation.id"],
            name="fk_evaluation_supersedes_id_evaluation",
        ),
        sa.ForeignKeyConstraint(
            ["service_record_id"], ["service_record.id"], name=op.f("fk_evaluation_service_record_id_service_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_evaluation_invitation_id")),
        sa.UniqueConstraint("service_record_id", "role", "id", name=op.f("uq_evaluation_service_record_id_role_id")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_evaluation_supersedes_id")),
    )
    op.create_index(op.f("ix_evaluation_given_by_id"), "evaluation", ["given_by_id"], unique=False)
    op.create_index(
        "uq_evaluation_first",
        "evaluation",
        ["service_record_id", "role"],
        unique=True,
        sqlite_where=sa.text("supersedes_id IS NULL"),
        postgresql_where=sa.text("supersedes_id IS NULL"),
    )
    op.create_table(
        "evaluation_text",
        sa.Column("evaluation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("(state = 'erased') = (text IS NULL)", name=op.f("ck_evaluation_text_erased")),
        sa.CheckConstraint("kind IN ('comment', 'called', 'reason')", name=op.f("ck_evaluation_text_kind")),
        sa.CheckConstraint(
            "state = 'erased' OR (kind = 'comment') = (state <> 'kept')", name=op.f("ck_evaluation_text_moderated")
        ),
        sa.CheckConstraint("state IN ('pending', 'shown', 'refused', 'kept', 'erased')", name=op.f("ck_evaluation_text_state")),
        sa.CheckConstraint(
            "state NOT IN ('shown', 'refused') OR decided_by_id IS NOT NULL", name=op.f("ck_evaluation_text_decided")
        ),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_evaluation_text_decision")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_evaluation_text_decided_by_id_person")),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_evaluation_text_evaluation_id_evaluation")),
        sa.PrimaryKeyConstraint("evaluation_id", "kind", name=op.f("pk_evaluation_text")),
    )
    op.create_index(op.f("ix_evaluation_text_state_written_at"), "evaluation_text", ["state", "written_at"], unique=False)
    op.create_table(
        "evaluation_withdrawal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("evaluation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_agreed", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('slip', 'wrong_record', 'under_pressure', 'not_from_recipient', 'involved')",
            name=op.f("ck_evaluation_withdrawal_reason"),
        ),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_evaluation_withdrawal_decision")),
        sa.CheckConstraint("(decided_at IS NULL) = (is_agreed IS NULL)", name=op.f("ck_evaluation_withdrawal_agreed")),
        sa.CheckConstraint("decided_by_id <> asked_by_id", name=op.f("ck_evaluation_withdrawal_second_person")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_evaluation_withdrawal_asked_by_id_person")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_evaluation_withdrawal_decided_by_id_person")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluation.id"], name=op.f("fk_evaluation_withdrawal_evaluation_id_evaluation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_withdrawal")),
    )
    op.create_index(
        "uq_evaluation_withdrawal_open",
        "evaluation_withdrawal",
        ["evaluation_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("evaluation_withdrawal")
    op.drop_table("evaluation_text")
    op.drop_table("evaluation")
    op.drop_table("evaluation_invitation")
