"""Where persons and units belonged when, households, guardians, basic data, consents on paper, and the record of changes."""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def _only_one(name: str, table: str, *columns: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, list(columns), unique=True, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    _change_units()
    _change_persons()
    _change_consents()
    _add_memberships()
    _add_households()
    _add_guardians()
    _add_changes()


def _change_units() -> None:
    with op.batch_alter_table("unit") as batch:
        batch.add_column(sa.Column("closed_at", INSTANT, nullable=True))
    op.create_table(
        "unit_place",
        sa.Column("id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("parent_id", ID, nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("since_at", INSTANT, nullable=False),
        sa.Column("until_at", INSTANT, nullable=True),
        sa.CheckConstraint("until_at >= since_at", name=op.f("ck_unit_place_until")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_place_parent_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_place_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_place")),
    )
    op.create_index(op.f("ix_unit_place_unit_id_since_at"), "unit_place", ["unit_id", "since_at"])
    _only_one("uq_unit_place_open", "unit_place", "unit_id", where="until_at IS NULL")
    op.execute("INSERT INTO unit_place (unit_id, parent_id, name, since_at) SELECT id, parent_id, name, added_at FROM unit")


def _change_persons() -> None:
    with op.batch_alter_table("person") as batch:
        batch.alter_column("phone", existing_type=sa.String(length=20), nullable=True)
        batch.add_column(sa.Column("contact", sa.String(length=100), nullable=True))
        batch.add_column(sa.Column("host_unit_id", ID, nullable=True))
        batch.add_column(sa.Column("is_volunteer", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch.add_column(sa.Column("sex", sa.String(length=6), nullable=True))
        batch.add_column(sa.Column("area", sa.String(length=100), nullable=True))
        batch.add_column(sa.Column("skills", sa.String(length=200), nullable=True))
        batch.add_column(sa.Column("service_kinds", sa.String(length=200), nullable=True))
        batch.add_column(sa.Column("id_hash", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("id_verified_at", INSTANT, nullable=True))
        batch.add_column(sa.Column("closed_at", INSTANT, nullable=True))
        batch.add_column(sa.Column("erased_at", INSTANT, nullable=True))
        batch.create_foreign_key(op.f("fk_person_host_unit_id_unit"), "unit", ["host_unit_id"], ["id"])
        batch.create_unique_constraint(op.f("uq_person_id_hash"), ["id_hash"])
        batch.create_check_constraint(op.f("ck_person_sex"), "sex IN ('female', 'male')")
        batch.create_check_constraint(op.f("ck_person_verified_id"), "id_verified_at IS NULL OR id_hash IS NOT NULL")
        batch.create_check_constraint(op.f("ck_person_kind"), "is_volunteer OR NOT is_in_service")
        batch.create_check_constraint(
            op.f("ck_person_erased"),
            "erased_at IS NULL OR (closed_at IS NOT NULL AND phone IS NULL AND contact IS NULL AND born_on IS NULL"
            " AND sex IS NULL AND area IS NULL AND skills IS NULL AND service_kinds IS NULL AND id_hash IS NULL"
            " AND pin_hash IS NULL)",
        )


def _change_consents() -> None:
    with op.batch_alter_table("consent") as batch:
        batch.add_column(sa.Column("manner", sa.String(length=8), server_default="tap", nullable=False))
        batch.add_column(sa.Column("is_by_guardian", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.add_column(sa.Column("recorded_by_id", ID, nullable=True))
        batch.create_foreign_key(op.f("fk_consent_recorded_by_id_person"), "person", ["recorded_by_id"], ["id"])
        batch.drop_constraint(op.f("ck_consent_purpose"), type_="check")
        batch.create_check_constraint(
            op.f("ck_consent_purpose"), "purpose IN ('board', 'public_list', 'home_unit', 'contact', 'minor')"
        )
        batch.create_check_constraint(op.f("ck_consent_manner"), "manner IN ('tap', 'paper', 'import')")


def _add_memberships() -> None:
    op.create_table(
        "membership",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("since_at", INSTANT, nullable=False),
        sa.Column("until_at", INSTANT, nullable=True),
        sa.CheckConstraint("kind IN ('enrolled', 'home_unit', 'host', 'team')", name=op.f("ck_membership_kind")),
        sa.CheckConstraint("until_at >= since_at", name=op.f("ck_membership_until")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_membership_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_unit_id"), "membership", ["unit_id"])
    op.create_index(op.f("ix_membership_person_id_since_at"), "membership", ["person_id", "since_at"])
    _only_one("uq_membership_open", "membership", "person_id", "kind", where="until_at IS NULL AND kind <> 'team'")
    _only_one("uq_membership_team", "membership", "person_id", "unit_id", where="until_at IS NULL AND kind = 'team'")
    for kind, column in (("enrolled", "unit_id"), ("home_unit", "home_unit_id")):
        op.execute(
            "INSERT INTO membership (person_id, unit_id, kind, since_at)"
            f" SELECT id, {column}, '{kind}', enrolled_at FROM person WHERE {column} IS NOT NULL"
        )


def _add_households() -> None:
    op.create_table(
        "household",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("formed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sa.UniqueConstraint("key", name=op.f("uq_household_key")),
    )
    op.create_table(
        "household_member",
        sa.Column("id", ID, nullable=False),
        sa.Column("household_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("joined_at", INSTANT, nullable=False),
        sa.Column("left_at", INSTANT, nullable=True),
        sa.CheckConstraint("left_at >= joined_at", name=op.f("ck_household_member_left")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_household_member_household_id_household")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_household_member_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_member")),
    )
    op.create_index(op.f("ix_household_member_household_id"), "household_member", ["household_id"])
    op.create_index(op.f("ix_household_member_person_id"), "household_member", ["person_id"])
    _only_one("uq_household_member_open", "household_member", "person_id", where="left_at IS NULL")


def _add_guardians() -> None:
    op.create_table(
        "guardian",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("guardian_id", ID, nullable=True),
        sa.Column("name", sa.String(length=50), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("relation", sa.String(length=12), nullable=False),
        sa.Column("since_at", INSTANT, nullable=False),
        sa.Column("until_at", INSTANT, nullable=True),
        sa.CheckConstraint("guardian_id <> person_id", name=op.f("ck_guardian_another")),
        sa.CheckConstraint("relation IN ('parent', 'grandparent', 'other')", name=op.f("ck_guardian_relation")),
        sa.CheckConstraint("until_at >= since_at", name=op.f("ck_guardian_until")),
        sa.ForeignKeyConstraint(["guardian_id"], ["person.id"], name=op.f("fk_guardian_guardian_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_guardian_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian")),
    )
    op.create_index(op.f("ix_guardian_person_id"), "guardian", ["person_id"])
    op.create_index(op.f("ix_guardian_guardian_id"), "guardian", ["guardian_id"])
    _only_one("uq_guardian_open", "guardian", "person_id", where="until_at IS NULL")


def _add_changes() -> None:
    op.create_table(
        "change",
        sa.Column("id", ID, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("changed_by_id", ID, nullable=True),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_key", sa.String(length=40), nullable=False),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_change_changed_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_change_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_change_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        info={"append_only": True},
    )
    for columns in (["changed_at"], ["changed_by_id"], ["unit_id"], ["person_id"], ["subject_kind", "subject_key"]):
        op.create_index(op.f(f"ix_change_{'_'.join(columns)}"), "change", columns)
    op.create_table(
        "change_detail",
        sa.Column("change_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_change_detail_change_id_change")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_change_detail_person_id_person")),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_change_detail")),
    )
    op.create_index(op.f("ix_change_detail_person_id"), "change_detail", ["person_id"])
