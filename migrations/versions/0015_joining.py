"""Drafts and series of activities, insurance of risky ones, and who takes part; whoever has come before had a place."""

import sqlalchemy as sa
from alembic import op


revision = "0015"
down_revision = "0014"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "activity_series",
        sa.Column("id", ID, nullable=False),
        sa.Column("every_weeks", sa.SmallInteger(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by_id", ID, nullable=False),
        sa.CheckConstraint("every_weeks BETWEEN 1 AND 8 AND until_on >= first_on", name=op.f("ck_activity_series_span")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_activity_series_made_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_series")),
    )
    op.create_table(
        "activity_draft",
        sa.Column("id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("saved_by_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_activity_draft_saved_by_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_activity_draft_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_draft")),
    )
    op.create_index(op.f("ix_activity_draft_unit_id"), "activity_draft", ["unit_id"], unique=False)
    _extend_activity()
    _create_joins()


def _extend_activity() -> None:
    """By plain statements: a column with its constraint needs no copy of the table, whose rows others refer to."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    number, falsehood = ("INTEGER", "0") if is_sqlite else ("BIGINT", "false")
    for column in (
        f"series_id {number} CONSTRAINT fk_activity_series_id_activity_series REFERENCES activity_series (id)",
        f"is_risky BOOLEAN DEFAULT {falsehood} NOT NULL",
        "insurance_number VARCHAR(40) CONSTRAINT ck_activity_insured CHECK (insurance_number IS NOT NULL OR NOT is_risky)",
    ):
        op.execute(f"ALTER TABLE activity ADD COLUMN {column}")
    op.create_index(op.f("ix_activity_series_id"), "activity", ["series_id"], unique=False)


def _create_joins() -> None:
    op.create_table(
        "activity_join",
        sa.Column("id", ID, nullable=False),
        sa.Column("activity_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("way", sa.String(length=12), nullable=False),
        sa.Column("team_id", ID, nullable=True),
        sa.Column("is_workplace_agreed", sa.Boolean(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("asked_by_id", ID, nullable=True),
        sa.Column("joined_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_by_id", ID, nullable=True),
        sa.CheckConstraint("state IN ('joined', 'waiting', 'left', 'removed')", name=op.f("ck_activity_join_state")),
        sa.CheckConstraint("way IN ('self', 'guardian', 'organizer', 'team', 'walk_in')", name=op.f("ck_activity_join_way")),
        sa.CheckConstraint("(state IN ('left', 'removed')) = (ended_at IS NOT NULL)", name=op.f("ck_activity_join_ended")),
        sa.CheckConstraint("state <> 'joined' OR joined_at IS NOT NULL", name=op.f("ck_activity_join_joined")),
        sa.CheckConstraint("state <> 'waiting' OR joined_at IS NULL", name=op.f("ck_activity_join_waiting")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_join_activity_id_activity")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_activity_join_asked_by_id_person")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_activity_join_ended_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_activity_join_person_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["unit.id"], name=op.f("fk_activity_join_team_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_join")),
    )
    op.create_index(op.f("ix_activity_join_person_id"), "activity_join", ["person_id"], unique=False)
    columns = ["activity_id", "state", "asked_at"]
    op.create_index(op.f("ix_activity_join_activity_id_state_asked_at"), "activity_join", columns, unique=False)
    open_only = {"sqlite_where": sa.text("ended_at IS NULL"), "postgresql_where": sa.text("ended_at IS NULL")}
    op.create_index("uq_activity_join_open", "activity_join", ["activity_id", "person_id"], unique=True, **open_only)
    falsehood = "0" if op.get_bind().dialect.name == "sqlite" else "false"
    op.execute(
        "INSERT INTO activity_join (activity_id, person_id, state, way, is_workplace_agreed, asked_at, joined_at)"
        f" SELECT activity_id, person_id, 'joined', 'walk_in', {falsehood}, MIN(checked_in_at), MIN(checked_in_at)"
        " FROM attendance GROUP BY activity_id, person_id"
    )
