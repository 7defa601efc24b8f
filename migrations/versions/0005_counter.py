"""the counter"""

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# The three tables that were there get other columns and rules. Their rows are set aside, the tables made anew, and the rows
# put back: so it is the same on both databases. Every reward's stock becomes one batch at the first counter of its unit.
OLD = ("stock_movement", "redemption", "reward")
SET_ASIDE = "CREATE TABLE old_{0} AS SELECT * FROM {0}"
PUT_BACK = (
    """INSERT INTO counter (unit_id, name, opened_at)
       SELECT unit_id, '兑换点', min(added_at) FROM old_reward GROUP BY unit_id ORDER BY unit_id""",
    """INSERT INTO reward (id, number, kind, name, about, is_counted, monthly_limit, unit_id, is_offered, stars_min, added_at)
       SELECT id, number, kind, name, '', stock IS NOT NULL, monthly_limit, unit_id, is_offered, 0, added_at
       FROM old_reward ORDER BY id""",
    "INSERT INTO reward_price (reward_id, points, since_at) SELECT id, points, added_at FROM old_reward ORDER BY id",
    """INSERT INTO reward_place (reward_id, counter_id)
       SELECT old_reward.id, counter.id FROM old_reward JOIN counter ON counter.unit_id = old_reward.unit_id""",
    """INSERT INTO batch (reward_id, counter_id, label, free, held, last_movement_id)
       SELECT old_reward.id, counter.id, '', stock, 0,
              (SELECT max(id) FROM old_stock_movement WHERE reward_id = old_reward.id)
       FROM old_reward JOIN counter ON counter.unit_id = old_reward.unit_id
       WHERE stock IS NOT NULL ORDER BY old_reward.id""",
    """INSERT INTO redemption (id, "key", person_id, reward_id, counter_id, quantity, points, state, made_at, entry_id, code_turn,
                               handed_over_at, handed_over_by_id, consent, undone_at, undone_by_id, undo_entry_id)
       SELECT old_redemption.id, "key", person_id, old_redemption.reward_id, reward_place.counter_id, quantity, points,
              CASE WHEN undone_at IS NULL THEN 'handed_over' ELSE 'undone' END, handed_over_at, entry_id, 0,
              handed_over_at, handed_over_by_id, 'checked', undone_at, undone_by_id, undo_entry_id
       FROM old_redemption JOIN reward_place ON reward_place.reward_id = old_redemption.reward_id ORDER BY old_redemption.id""",
    """INSERT INTO redemption_step (redemption_id, kind, at, by_id, counter_id, entry_id)
       SELECT id, 'handed_over', handed_over_at, handed_over_by_id, counter_id, entry_id FROM redemption ORDER BY id""",
    """INSERT INTO redemption_step (redemption_id, kind, at, by_id, counter_id, reason, entry_id)
       SELECT redemption.id, 'undone', undone_at, undone_by_id, counter_id, journal_entry.reason, undo_entry_id
       FROM redemption JOIN journal_entry ON journal_entry.id = undo_entry_id ORDER BY redemption.id""",
    """INSERT INTO stock_movement (id, batch_id, kind, free, held, redemption_id, reason, moved_at, moved_by_id)
       SELECT old_stock_movement.id, batch.id, kind, quantity, 0, redemption_id, reason, moved_at, moved_by_id
       FROM old_stock_movement JOIN batch ON batch.reward_id = old_stock_movement.reward_id ORDER BY old_stock_movement.id""",
)
NEXT_NUMBER = "SELECT setval(pg_get_serial_sequence('{0}', 'id'), coalesce(max(id), 0) + 1, false) FROM {0}"
NUMBERED = ("reward", "redemption", "stock_movement")


def upgrade() -> None:
    for table in OLD:
        op.execute(SET_ASIDE.format(table))
    for table in OLD:
        op.drop_table(table)
    _create_catalogue()
    _create_redemptions()
    for statement in PUT_BACK:
        op.execute(statement)
    for table in NUMBERED if op.get_bind().dialect.name == "postgresql" else ():
        op.execute(NEXT_NUMBER.format(table))
    for table in OLD:
        op.drop_table(f"old_{table}")


def downgrade() -> None:
    raise NotImplementedError("Reservations and batches have no place in the tables of before: restore the backup instead.")


def _create_catalogue() -> None:
    op.create_table(
        "counter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_counter_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
        sa.UniqueConstraint("unit_id", "name", name=op.f("uq_counter_unit_id_name")),
    )
    op.create_table(
        "reward",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.Column("monthly_limit", sa.SmallInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("offered_from", sa.Date(), nullable=True),
        sa.Column("offered_until", sa.Date(), nullable=True),
        sa.Column("stars_min", sa.SmallInteger(), nullable=False),
        sa.Column("age_min", sa.SmallInteger(), nullable=True),
        sa.Column("age_max", sa.SmallInteger(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('service', 'honour', 'goods')", name=op.f("ck_reward_kind")),
        sa.CheckConstraint(
            "age_min BETWEEN 0 AND 150 AND age_max BETWEEN 0 AND 150 AND age_max >= age_min", name=op.f("ck_reward_ages")
        ),
        sa.CheckConstraint("monthly_limit > 0", name=op.f("ck_reward_monthly_limit")),
        sa.CheckConstraint("offered_until >= offered_from", name=op.f("ck_reward_window")),
        sa.CheckConstraint("stars_min BETWEEN 0 AND 5", name=op.f("ck_reward_stars_min")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reward_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward")),
        sa.UniqueConstraint("number", name=op.f("uq_reward_number")),
    )
    op.create_index(op.f("ix_reward_unit_id"), "reward", ["unit_id"], unique=False)
    op.create_table(
        "reward_price",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reward_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("points > 0", name=op.f("ck_reward_price_points")),
        sa.ForeignKeyConstraint(["reward_id"], ["reward.id"], name=op.f("fk_reward_price_reward_id_reward")),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_reward_price_set_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_price")),
    )
    op.create_index(op.f("ix_reward_price_reward_id"), "reward_price", ["reward_id"], unique=False)
    op.create_table(
        "reward_place",
        sa.Column("reward_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name=op.f("fk_reward_place_counter_id_counter")),
        sa.ForeignKeyConstraint(["reward_id"], ["reward.id"], name=op.f("fk_reward_place_reward_id_reward")),
        sa.PrimaryKeyConstraint("reward_id", "counter_id", name=op.f("pk_reward_place")),
    )
    op.create_index(op.f("ix_reward_place_counter_id"), "reward_place", ["counter_id"], unique=False)
    op.create_table(
        "reward_picture",
        sa.Column("reward_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("media_type IN ('image/png', 'image/jpeg', 'image/webp')", name=op.f("ck_reward_picture_media_type")),
        sa.ForeignKeyConstraint(["reward_id"], ["reward.id"], name=op.f("fk_reward_picture_reward_id_reward")),
        sa.PrimaryKeyConstraint("reward_id", name=op.f("pk_reward_picture")),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reward_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("best_before", sa.Date(), nullable=True),
        sa.Column("free", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("last_movement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("free >= 0", name=op.f("ck_batch_free")),
        sa.CheckConstraint("held >= 0", name=op.f("ck_batch_held")),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name=op.f("fk_batch_counter_id_counter")),
        sa.ForeignKeyConstraint(["reward_id"], ["reward.id"], name=op.f("fk_batch_reward_id_reward")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_index(op.f("ix_batch_reward_id_counter_id"), "batch", ["reward_id", "counter_id"], unique=False)


def _create_redemptions() -> None:
    op.create_table(
        "redemption",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reward_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", sa.SmallInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hold_ends_on", sa.Date(), nullable=True),
        sa.Column("code_turn", sa.SmallInteger(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("hand_over_entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("consent", sa.String(length=12), nullable=True),
        sa.Column("consent_note", sa.String(length=60), nullable=True),
        sa.Column("fetched_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undo_entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(state IN ('cancelled', 'expired', 'undone', 'returned')) = (undone_at IS NOT NULL)",
            name=op.f("ck_redemption_ended"),
        ),
        sa.CheckConstraint(
            "(state IN ('handed_over', 'return_asked', 'undone', 'returned')) = (handed_over_at IS NOT NULL)",
            name=op.f("ck_redemption_handed_over"),
        ),
        sa.CheckConstraint("consent IN ('phone', 'pin', 'checked', 'pickup_code')", name=op.f("ck_redemption_consent")),
        sa.CheckConstraint(
            "state IN ('reserved', 'handed_over', 'return_asked', 'cancelled', 'expired', 'undone', 'returned')",
            name=op.f("ck_redemption_state"),
        ),
        sa.CheckConstraint(
            "(hand_over_entry_id IS NOT NULL) = (hold_ends_on IS NOT NULL AND handed_over_at IS NOT NULL)",
            name=op.f("ck_redemption_settled"),
        ),
        sa.CheckConstraint("(handed_over_at IS NULL) = (consent IS NULL)", name=op.f("ck_redemption_consented")),
        sa.CheckConstraint("(hold_ends_on IS NULL) = (code_hash IS NULL)", name=op.f("ck_redemption_hold_has_code")),
        sa.CheckConstraint("(undone_at IS NULL) = (undo_entry_id IS NULL)", name=op.f("ck_redemption_undone")),
        sa.CheckConstraint("quantity BETWEEN 1 AND 99", name=op.f("ck_redemption_quantity")),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name=op.f("fk_redemption_counter_id_counter")),
        sa.ForeignKeyConstraint(["entry_id"], ["journal_entry.id"], name=op.f("fk_redemption_entry_id_journal_entry")),
        sa.ForeignKeyConstraint(["fetched_by_id"], ["person.id"], name=op.f("fk_redemption_fetched_by_id_person")),
        sa.ForeignKeyConstraint(
            ["hand_over_entry_id"], ["journal_entry.id"], name=op.f("fk_redemption_hand_over_entry_id_journal_entry")
        ),
        sa.ForeignKeyConstraint(["handed_over_by_id"], ["person.id"], name=op.f("fk_redemption_handed_over_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_redemption_person_id_person")),
        sa.ForeignKeyConstraint(["reward_id"], ["reward.id"], name=op.f("fk_redemption_reward_id_reward")),
        sa.ForeignKeyConstraint(["undo_entry_id"], ["journal_entry.id"], name=op.f("fk_redemption_undo_entry_id_journal_entry")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["person.id"], name=op.f("fk_redemption_undone_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemption")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_redemption_code_hash")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_redemption_entry_id")),
        sa.UniqueConstraint("hand_over_entry_id", name=op.f("uq_redemption_hand_over_entry_id")),
        sa.UniqueConstraint("key", name=op.f("uq_redemption_key")),
        sa.UniqueConstraint("undo_entry_id", name=op.f("uq_redemption_undo_entry_id")),
    )
    op.create_index(op.f("ix_redemption_handed_over_at"), "redemption", ["handed_over_at"], unique=False)
    op.create_index(
        op.f("ix_redemption_person_id_reward_id_made_at"), "redemption", ["person_id", "reward_id", "made_at"], unique=False
    )
    op.create_index(op.f("ix_redemption_reward_id"), "redemption", ["reward_id"], unique=False)
    op.create_index(op.f("ix_redemption_state_hold_ends_on"), "redemption", ["state", "hold_ends_on"], unique=False)
    op.create_table(
        "stock_movement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("free", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("redemption_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(kind IN ('received', 'returned') AND free > 0 AND held = 0) OR (kind = 'written_off' AND free < 0 AND held = 0) OR (kind = 'counted' AND free <> 0 AND held = 0) OR (kind = 'reserved' AND free < 0 AND held = -free) OR (kind = 'released' AND held < 0 AND free = -held) OR (kind = 'handed_over' AND free <= 0 AND held <= 0 AND free + held < 0)",
            name=op.f("ck_stock_movement_amounts"),
        ),
        sa.CheckConstraint(
            "(kind IN ('reserved', 'released', 'handed_over', 'returned')) = (redemption_id IS NOT NULL) OR kind = 'written_off'",
            name=op.f("ck_stock_movement_redemption"),
        ),
        sa.CheckConstraint(
            "kind IN ('received', 'reserved', 'released', 'handed_over', 'returned', 'written_off', 'counted')",
            name=op.f("ck_stock_movement_kind"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_stock_movement_batch_id_batch")),
        sa.ForeignKeyConstraint(["moved_by_id"], ["person.id"], name=op.f("fk_stock_movement_moved_by_id_person")),
        sa.ForeignKeyConstraint(["redemption_id"], ["redemption.id"], name=op.f("fk_stock_movement_redemption_id_redemption")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movement")),
        sa.UniqueConstraint("redemption_id", "batch_id", "kind", name=op.f("uq_stock_movement_redemption_id_batch_id_kind")),
    )
    op.create_index(op.f("ix_stock_movement_batch_id"), "stock_movement", ["batch_id"], unique=False)
    op.create_table(
        "stock_count",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reward_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("counted = expected OR reason IS NOT NULL", name=op.f("ck_stock_count_difference_has_reason")),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_stock_count_counted")),
        sa.ForeignKeyConstraint(["counted_by_id"], ["person.id"], name=op.f("fk_stock_count_counted_by_id_person")),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name=op.f("fk_stock_count_counter_id_counter")),
        sa.ForeignKeyConstraint(["reward_id"], ["reward.id"], name=op.f("fk_stock_count_reward_id_reward")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_count")),
    )
    op.create_index(op.f("ix_stock_count_counter_id_day"), "stock_count", ["counter_id", "day"], unique=False)
    op.create_index(op.f("ix_stock_count_reward_id"), "stock_count", ["reward_id"], unique=False)
    op.create_table(
        "redemption_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("redemption_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("counter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "kind IN ('reserved', 'reminded', 'handed_over', 'cancelled', 'expired', 'undone', 'return_asked', 'return_refused', 'returned')",
            name=op.f("ck_redemption_step_kind"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_redemption_step_by_id_person")),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name=op.f("fk_redemption_step_counter_id_counter")),
        sa.ForeignKeyConstraint(["entry_id"], ["journal_entry.id"], name=op.f("fk_redemption_step_entry_id_journal_entry")),
        sa.ForeignKeyConstraint(["redemption_id"], ["redemption.id"], name=op.f("fk_redemption_step_redemption_id_redemption")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemption_step")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_redemption_step_entry_id")),
    )
    op.create_index(op.f("ix_redemption_step_redemption_id"), "redemption_step", ["redemption_id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("redemption_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("agreed_for", sa.DateTime(timezone=True), nullable=True),
        sa.Column("performer", sa.String(length=60), nullable=True),
        sa.CheckConstraint("state <> 'agreed' OR agreed_for IS NOT NULL", name=op.f("ck_appointment_agreed_for")),
        sa.CheckConstraint("state IN ('asked', 'agreed', 'done', 'not_done')", name=op.f("ck_appointment_state")),
        sa.ForeignKeyConstraint(["redemption_id"], ["redemption.id"], name=op.f("fk_appointment_redemption_id_redemption")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("redemption_id", name=op.f("uq_appointment_redemption_id")),
    )
    op.create_index(op.f("ix_appointment_state"), "appointment", ["state"], unique=False)
    op.create_table(
        "appointment_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("appointment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("agreed_for", sa.DateTime(timezone=True), nullable=True),
        sa.Column("performer", sa.String(length=60), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'agreed', 'done', 'not_done')", name=op.f("ck_appointment_step_state")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_appointment_step_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_appointment_step_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_step")),
    )
    op.create_index(op.f("ix_appointment_step_appointment_id"), "appointment_step", ["appointment_id"], unique=False)
    op.create_table(
        "day_end",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("redemptions", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("undone", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("is_closed OR reason IS NOT NULL", name=op.f("ck_day_end_reopened_with_reason")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_day_end_by_id_person")),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name=op.f("fk_day_end_counter_id_counter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_end")),
        sa.UniqueConstraint("counter_id", "day", "number", name=op.f("uq_day_end_counter_id_day_number")),
    )
