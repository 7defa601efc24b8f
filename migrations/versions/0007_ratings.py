"""Ratings: rule versions, standings and results of members and communities, awards, feedback sheets."""

import sqlalchemy as sa
from alembic import op


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "award_proposal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(kind = 'honour' AND level BETWEEN 1 AND 5) OR (kind = 'medal' AND level BETWEEN 1 AND 3)",
            name=op.f("ck_award_proposal_level"),
        ),
        sa.CheckConstraint("proposed_by_id <> person_id", name=op.f("ck_award_proposal_not_oneself")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_award_proposal_person_id_person")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_award_proposal_proposed_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_proposal")),
        sa.UniqueConstraint("id", "proposed_by_id", "person_id", name=op.f("uq_award_proposal_id_proposed_by_id_person_id")),
    )
    op.create_index(op.f("ix_award_proposal_person_id"), "award_proposal", ["person_id"], unique=False)
    op.create_table(
        "feedback_sheet",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("home_unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leaves_on", sa.Date(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("left_at > shown_at AND withdrawn_at >= shown_at", name=op.f("ck_feedback_sheet_order")),
        sa.ForeignKeyConstraint(["home_unit_id"], ["unit.id"], name=op.f("fk_feedback_sheet_home_unit_id_unit")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_feedback_sheet_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_sheet")),
        sa.UniqueConstraint("person_id", "quarter", name=op.f("uq_feedback_sheet_person_id_quarter")),
    )
    op.create_index(op.f("ix_feedback_sheet_quarter_home_unit_id"), "feedback_sheet", ["quarter", "home_unit_id"], unique=False)
    op.create_table(
        "rating_rules",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_rating_rules_added_by_id_person")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_rating_rules")),
        sa.UniqueConstraint("starts_on", name=op.f("uq_rating_rules_starts_on")),
    )
    op.create_table(
        "award_answer",
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_agreed", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "answered_by_id <> proposed_by_id AND answered_by_id <> person_id", name=op.f("ck_award_answer_second_person")
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_award_answer_answered_by_id_person")),
        sa.ForeignKeyConstraint(
            ["proposal_id", "proposed_by_id", "person_id"],
            ["award_proposal.id", "award_proposal.proposed_by_id", "award_proposal.person_id"],
            name="fk_award_answer_proposal_id_award_proposal",
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_award_answer")),
    )
    op.create_table(
        "community_result",
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("services", sa.Integer(), nullable=False),
        sa.Column("timely", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("evaluated", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("stars", sa.SmallInteger(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "stars BETWEEN 0 AND 5 AND timely <= services AND evaluated <= records", name=op.f("ck_community_result_stars")
        ),
        sa.ForeignKeyConstraint(
            ["rule_version"], ["rating_rules.version"], name=op.f("fk_community_result_rule_version_rating_rules")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_community_result_unit_id_unit")),
        sa.PrimaryKeyConstraint("year", "unit_id", name=op.f("pk_community_result")),
    )
    op.create_table(
        "community_standing",
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("services", sa.Integer(), nullable=False),
        sa.Column("timely", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("evaluated", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("stars", sa.SmallInteger(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "stars BETWEEN 0 AND 5 AND timely <= services AND evaluated <= records", name=op.f("ck_community_standing_stars")
        ),
        sa.ForeignKeyConstraint(
            ["rule_version"], ["rating_rules.version"], name=op.f("fk_community_standing_rule_version_rating_rules")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_community_standing_unit_id_unit")),
        sa.PrimaryKeyConstraint("year", "unit_id", name=op.f("pk_community_standing")),
    )
    op.create_table(
        "micro_result",
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("rated", sa.Integer(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("stars", sa.SmallInteger(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stars BETWEEN 0 AND 5 AND score BETWEEN 0 AND 100", name=op.f("ck_micro_result_stars")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_micro_result_person_id_person")),
        sa.ForeignKeyConstraint(
            ["rule_version"], ["rating_rules.version"], name=op.f("fk_micro_result_rule_version_rating_rules")
        ),
        sa.PrimaryKeyConstraint("year", "person_id", name=op.f("pk_micro_result")),
    )
    op.create_index(op.f("ix_micro_result_person_id"), "micro_result", ["person_id"], unique=False)
    op.create_table(
        "micro_standing",
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("services", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("rated", sa.Integer(), nullable=False),
        sa.Column("rated_minutes", sa.Integer(), nullable=False),
        sa.Column("weighted", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("stars", sa.SmallInteger(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "rated <= services AND rated_minutes <= minutes AND weighted <= 100 * rated_minutes",
            name=op.f("ck_micro_standing_sums"),
        ),
        sa.CheckConstraint("stars BETWEEN 0 AND 5 AND score BETWEEN 0 AND 100", name=op.f("ck_micro_standing_stars")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_micro_standing_person_id_person")),
        sa.ForeignKeyConstraint(
            ["rule_version"], ["rating_rules.version"], name=op.f("fk_micro_standing_rule_version_rating_rules")
        ),
        sa.PrimaryKeyConstraint("year", "person_id", name=op.f("pk_micro_standing")),
    )
    op.create_table(
        "award",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("turn", sa.SmallInteger(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("minutes_min", sa.BigInteger(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("awarded_on", sa.Date(), nullable=False),
        sa.Column("awarded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('honour', 'medal') AND ((kind = 'honour' AND level BETWEEN 1 AND 5) OR (kind = 'medal' AND level BETWEEN 1 AND 3))",
            name=op.f("ck_award_level"),
        ),
        sa.CheckConstraint("minutes >= minutes_min AND turn >= 0", name=op.f("ck_award_minutes")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_award_person_id_person")),
        sa.ForeignKeyConstraint(["proposal_id"], ["award_answer.proposal_id"], name=op.f("fk_award_proposal_id_award_answer")),
        sa.ForeignKeyConstraint(["rule_version"], ["rating_rules.version"], name=op.f("fk_award_rule_version_rating_rules")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint("number", name=op.f("uq_award_number")),
        sa.UniqueConstraint("person_id", "kind", "level", "turn", name=op.f("uq_award_person_id_kind_level_turn")),
    )
    op.create_table(
        "award_revocation",
        sa.Column("award_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("cause", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(cause = 'decision') = (proposal_id IS NOT NULL)", name=op.f("ck_award_revocation_decision")),
        sa.CheckConstraint("cause IN ('reversal', 'decision')", name=op.f("ck_award_revocation_cause")),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_award_revocation_award_id_award")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["award_answer.proposal_id"], name=op.f("fk_award_revocation_proposal_id_award_answer")
        ),
        sa.PrimaryKeyConstraint("award_id", name=op.f("pk_award_revocation")),
    )
    op.create_index(op.f("ix_award_revocation_revoked_at"), "award_revocation", ["revoked_at"], unique=False)


def downgrade() -> None:
    op.drop_table("award_revocation")
    op.drop_table("award")
    op.drop_table("micro_standing")
    op.drop_table("micro_result")
    op.drop_table("community_standing")
    op.drop_table("community_result")
    op.drop_table("award_answer")
    op.drop_table("rating_rules")
    op.drop_table("feedback_sheet")
    op.drop_table("award_proposal")
