"""Orders: the menu, orders with their steps, lists by quarter, and redemptions that open an order."""

import sqlalchemy as sa
from alembic import op


revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('menu_item',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('way', sa.String(length=12), nullable=False),
    sa.Column('usual_minutes', sa.SmallInteger(), nullable=False),
    sa.Column('about', sa.String(length=200), nullable=False),
    sa.Column('is_offered', sa.Boolean(), nullable=False),
    sa.CheckConstraint("way IN ('spot', 'home', 'behalf', 'appointment')", name=op.f('ck_menu_item_way')),
    sa.CheckConstraint('usual_minutes BETWEEN 15 AND 480', name=op.f('ck_menu_item_usual_minutes')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_menu_item_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_menu_item')),
    sa.UniqueConstraint('unit_id', 'name', name=op.f('uq_menu_item_unit_id_name'))
    )
    op.create_table('order_figures',
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('period', sa.String(length=4), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("period IN ('day', 'week')", name=op.f('ck_order_figures_period')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_order_figures_unit_id_unit')),
    sa.PrimaryKeyConstraint('unit_id', 'period', 'starts_on', name=op.f('pk_order_figures')),
    info={'append_only': True}
    )
    op.create_table('list_entry',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quarter', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=60), nullable=False),
    sa.Column('about', sa.String(length=300), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('is_published', sa.Boolean(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('claimed_unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('outcome', sa.String(length=300), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state IN ('met', 'unmet')) = (ended_at IS NOT NULL AND outcome IS NOT NULL)", name=op.f('ck_list_entry_ended')),
    sa.CheckConstraint("kind IN ('need', 'problem', 'service')", name=op.f('ck_list_entry_kind')),
    sa.CheckConstraint("state = 'open' OR claimed_unit_id IS NOT NULL", name=op.f('ck_list_entry_claimed')),
    sa.CheckConstraint("state IN ('open', 'claimed', 'met', 'unmet')", name=op.f('ck_list_entry_state')),
    sa.CheckConstraint('(claimed_unit_id IS NULL) = (claimed_at IS NULL)', name=op.f('ck_list_entry_claim')),
    sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_list_entry_added_by_id_person')),
    sa.ForeignKeyConstraint(['claimed_by_id'], ['person.id'], name=op.f('fk_list_entry_claimed_by_id_person')),
    sa.ForeignKeyConstraint(['claimed_unit_id'], ['unit.id'], name=op.f('fk_list_entry_claimed_unit_id_unit')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_list_entry_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_list_entry')),
    sa.UniqueConstraint('unit_id', 'quarter', 'kind', 'title', name=op.f('uq_list_entry_unit_id_quarter_kind_title'))
    )
    op.create_index(op.f('ix_list_entry_quarter_unit_id'), 'list_entry', ['quarter', 'unit_id'], unique=False)

    op.create_table('order_clock',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('red_minutes', sa.Integer(), nullable=False),
    sa.Column('yellow_minutes', sa.Integer(), nullable=False),
    sa.Column('green_minutes', sa.Integer(), nullable=False),
    sa.Column('is_green_at_work', sa.Boolean(), nullable=False),
    sa.Column('opens_minute', sa.SmallInteger(), nullable=False),
    sa.Column('closes_minute', sa.SmallInteger(), nullable=False),
    sa.Column('soon_minutes', sa.Integer(), nullable=False),
    sa.Column('done_days', sa.SmallInteger(), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('opens_minute >= 0 AND opens_minute < closes_minute AND closes_minute <= 1440', name=op.f('ck_order_clock_hours')),
    sa.CheckConstraint('red_minutes > 0 AND yellow_minutes > 0 AND green_minutes > 0 AND done_days > 0', name=op.f('ck_order_clock_waits')),
    sa.ForeignKeyConstraint(['set_by_id'], ['person.id'], name=op.f('fk_order_clock_set_by_id_person')),
    sa.PrimaryKeyConstraint('version', name=op.f('pk_order_clock')),
    info={'append_only': True}
    )
    op.create_table('service_reward',
    sa.Column('reward_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('menu_item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['menu_item_id'], ['menu_item.id'], name=op.f('fk_service_reward_menu_item_id_menu_item')),
    sa.ForeignKeyConstraint(['reward_id'], ['reward.id'], name=op.f('fk_service_reward_reward_id_reward')),
    sa.PrimaryKeyConstraint('reward_id', name=op.f('pk_service_reward'))
    )
    op.create_table('service_order',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=20), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('level', sa.String(length=8), nullable=True),
    sa.Column('way', sa.String(length=12), nullable=True),
    sa.Column('menu_item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('node_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(length=60), nullable=False),
    sa.Column('wish', sa.String(length=500), nullable=False),
    sa.Column('place', sa.String(length=60), nullable=True),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('usual_minutes', sa.SmallInteger(), nullable=False),
    sa.Column('wanted_for', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_minor', sa.Boolean(), nullable=False),
    sa.Column('is_paid', sa.Boolean(), nullable=False),
    sa.Column('is_on_tree', sa.Boolean(), nullable=False),
    sa.Column('is_on_wall', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('colour', sa.String(length=8), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('asker_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('escalate_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('target_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('target_person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('helper_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('claimed_unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('micro_hour_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('source', sa.String(length=60), nullable=True),
    sa.Column('mark', sa.SmallInteger(), nullable=True),
    sa.Column('rated_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('outcome', sa.String(length=300), nullable=True),
    sa.Column('repeat_of_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(kind = 'project') = (level IS NOT NULL)", name=op.f('ck_service_order_project_level')),
    sa.CheckConstraint("(state = 'repeated') = (repeat_of_id IS NOT NULL)", name=op.f('ck_service_order_repeated')),
    sa.CheckConstraint("(state IN ('posted', 'answered', 'refused', 'cancelled', 'not_met', 'repeated')) = (ended_at IS NOT NULL)", name=op.f('ck_service_order_ended')),
    sa.CheckConstraint("colour IN ('red', 'yellow', 'green')", name=op.f('ck_service_order_colour')),
    sa.CheckConstraint("kind <> 'matter' OR (helper_id IS NULL AND NOT is_paid)", name=op.f('ck_service_order_matter_unpaid')),
    sa.CheckConstraint("kind IN ('wish', 'service', 'project', 'matter')", name=op.f('ck_service_order_kind')),
    sa.CheckConstraint("level IN ('basic', 'key', 'flagship')", name=op.f('ck_service_order_level')),
    sa.CheckConstraint("state <> 'rated' OR mark IS NOT NULL", name=op.f('ck_service_order_rated')),
    sa.CheckConstraint("state IN ('asked', 'cancelled', 'refused', 'repeated') OR colour IS NOT NULL", name=op.f('ck_service_order_coloured')),
    sa.CheckConstraint("state IN ('asked', 'looked_at', 'dispatched', 'hung', 'accepted', 'under_way', 'done', 'rated', 'posted', 'answered', 'refused', 'cancelled', 'not_met', 'repeated')", name=op.f('ck_service_order_state')),
    sa.CheckConstraint("state NOT IN ('accepted', 'under_way', 'done', 'rated', 'posted') OR ((helper_id IS NOT NULL) <> (claimed_unit_id IS NOT NULL))", name=op.f('ck_service_order_taken_by_one')),
    sa.CheckConstraint("state NOT IN ('asked', 'looked_at', 'dispatched', 'hung') OR helper_id IS NULL", name=op.f('ck_service_order_untaken')),
    sa.CheckConstraint("way IN ('spot', 'home', 'behalf', 'appointment')", name=op.f('ck_service_order_way')),
    sa.CheckConstraint('helper_id <> asker_id AND helper_id <> asked_by_id', name=op.f('ck_service_order_not_oneself')),
    sa.CheckConstraint('mark BETWEEN 1 AND 5', name=op.f('ck_service_order_mark')),
    sa.CheckConstraint('repeat_of_id <> id', name=op.f('ck_service_order_repeats_another')),
    sa.CheckConstraint('usual_minutes BETWEEN 15 AND 480', name=op.f('ck_service_order_usual_minutes')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_service_order_asked_by_id_person')),
    sa.ForeignKeyConstraint(['asker_id'], ['person.id'], name=op.f('fk_service_order_asker_id_person')),
    sa.ForeignKeyConstraint(['claimed_unit_id'], ['unit.id'], name=op.f('fk_service_order_claimed_unit_id_unit')),
    sa.ForeignKeyConstraint(['helper_id'], ['person.id'], name=op.f('fk_service_order_helper_id_person')),
    sa.ForeignKeyConstraint(['menu_item_id'], ['menu_item.id'], name=op.f('fk_service_order_menu_item_id_menu_item')),
    sa.ForeignKeyConstraint(['micro_hour_id'], ['micro_hour.id'], name=op.f('fk_service_order_micro_hour_id_micro_hour')),
    sa.ForeignKeyConstraint(['node_id'], ['unit.id'], name=op.f('fk_service_order_node_id_unit')),
    sa.ForeignKeyConstraint(['rated_by_id'], ['person.id'], name=op.f('fk_service_order_rated_by_id_person')),
    sa.ForeignKeyConstraint(['repeat_of_id'], ['service_order.id'], name=op.f('fk_service_order_repeat_of_id_service_order')),
    sa.ForeignKeyConstraint(['target_id'], ['unit.id'], name=op.f('fk_service_order_target_id_unit')),
    sa.ForeignKeyConstraint(['target_person_id'], ['person.id'], name=op.f('fk_service_order_target_person_id_person')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_service_order_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_order')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_service_order_code_hash')),
    sa.UniqueConstraint('key', name=op.f('uq_service_order_key')),
    sa.UniqueConstraint('micro_hour_id', name=op.f('uq_service_order_micro_hour_id'))
    )
    op.create_index(op.f('ix_service_order_asked_at'), 'service_order', ['asked_at'], unique=False)
    op.create_index(op.f('ix_service_order_asker_id'), 'service_order', ['asker_id'], unique=False)
    op.create_index(op.f('ix_service_order_escalate_at'), 'service_order', ['escalate_at'], unique=False)
    op.create_index(op.f('ix_service_order_helper_id'), 'service_order', ['helper_id'], unique=False)
    op.create_index(op.f('ix_service_order_node_id_state'), 'service_order', ['node_id', 'state'], unique=False)
    op.create_index(op.f('ix_service_order_state_due_at'), 'service_order', ['state', 'due_at'], unique=False)
    op.create_index(op.f('ix_service_order_unit_id'), 'service_order', ['unit_id'], unique=False)

    op.create_table('order_contact',
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('asker', sa.String(length=50), nullable=True),
    sa.Column('phone', sa.String(length=30), nullable=True),
    sa.Column('address', sa.String(length=100), nullable=True),
    sa.ForeignKeyConstraint(['order_id'], ['service_order.id'], name=op.f('fk_order_contact_order_id_service_order')),
    sa.PrimaryKeyConstraint('order_id', name=op.f('pk_order_contact'))
    )
    op.create_index(op.f('ix_order_contact_phone'), 'order_contact', ['phone'], unique=False)

    op.create_table('order_picture',
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['service_order.id'], name=op.f('fk_order_picture_order_id_service_order')),
    sa.PrimaryKeyConstraint('order_id', name=op.f('pk_order_picture'))
    )
    op.create_table('order_step',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.CheckConstraint("kind IN ('asked', 'looked_at', 'dispatched', 'hung', 'accepted', 'claimed', 'given_back', 'started', 'finished', 'rated', 'posted', 'answered', 'refused', 'cancelled', 'not_met', 'repeated', 'escalated')", name=op.f('ck_order_step_kind')),
    sa.CheckConstraint("state IN ('asked', 'looked_at', 'dispatched', 'hung', 'accepted', 'under_way', 'done', 'rated', 'posted', 'answered', 'refused', 'cancelled', 'not_met', 'repeated')", name=op.f('ck_order_step_state')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_order_step_by_id_person')),
    sa.ForeignKeyConstraint(['order_id'], ['service_order.id'], name=op.f('fk_order_step_order_id_service_order')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_order_step_person_id_person')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_order_step_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_step')),
    info={'append_only': True}
    )
    op.create_index(op.f('ix_order_step_order_id'), 'order_step', ['order_id'], unique=False)

    op.create_table('redemption_order',
    sa.Column('redemption_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('consent', sa.String(length=12), nullable=False),
    sa.Column('consent_note', sa.String(length=60), nullable=True),
    sa.CheckConstraint("consent IN ('phone', 'pin', 'checked', 'pickup_code')", name=op.f('ck_redemption_order_consent')),
    sa.ForeignKeyConstraint(['order_id'], ['service_order.id'], name=op.f('fk_redemption_order_order_id_service_order')),
    sa.ForeignKeyConstraint(['redemption_id'], ['redemption.id'], name=op.f('fk_redemption_order_redemption_id_redemption')),
    sa.PrimaryKeyConstraint('redemption_id', name=op.f('pk_redemption_order')),
    sa.UniqueConstraint('order_id', name=op.f('uq_redemption_order_order_id')),
    info={'append_only': True}
    )
