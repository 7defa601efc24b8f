"""Micro-hours: small services from a tap to start to a tap to stop."""

import sqlalchemy as sa
from alembic import op


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('micro_hour',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=20), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=100), nullable=False),
    sa.Column('place', sa.String(length=100), nullable=False),
    sa.Column('minutes_max', sa.SmallInteger(), nullable=False),
    sa.Column('is_ordered', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_way', sa.String(length=4), nullable=True),
    sa.Column('confirmed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('mark', sa.SmallInteger(), nullable=True),
    sa.Column('device', sa.String(length=20), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(state = 'running') = (stopped_at IS NULL)", name=op.f('ck_micro_hour_stopped')),
    sa.CheckConstraint("(state IN ('recorded', 'refused')) = (decided_at IS NOT NULL)", name=op.f('ck_micro_hour_decided')),
    sa.CheckConstraint("confirmed_way <> 'call' OR (confirmed_by_id IS NOT NULL AND reason IS NOT NULL)", name=op.f('ck_micro_hour_called')),
    sa.CheckConstraint("confirmed_way IN ('link', 'code', 'call')", name=op.f('ck_micro_hour_confirmed_way')),
    sa.CheckConstraint("state <> 'recorded' OR confirmed_at IS NOT NULL", name=op.f('ck_micro_hour_recorded')),
    sa.CheckConstraint("state <> 'recorded' OR decided_by_id <> confirmed_by_id", name=op.f('ck_micro_hour_two_people')),
    sa.CheckConstraint("state IN ('running', 'stopped', 'recorded', 'refused', 'denied', 'dropped')", name=op.f('ck_micro_hour_state')),
    sa.CheckConstraint('(confirmed_at IS NULL) = (confirmed_way IS NULL)', name=op.f('ck_micro_hour_confirmed')),
    sa.CheckConstraint('(decided_at IS NULL) = (decided_by_id IS NULL)', name=op.f('ck_micro_hour_decision')),
    sa.CheckConstraint('confirmed_by_id <> person_id', name=op.f('ck_micro_hour_not_oneself')),
    sa.CheckConstraint('decided_by_id <> person_id', name=op.f('ck_micro_hour_second_person')),
    sa.CheckConstraint('mark BETWEEN 1 AND 5', name=op.f('ck_micro_hour_mark')),
    sa.CheckConstraint('minutes_max BETWEEN 1 AND 480', name=op.f('ck_micro_hour_minutes_max')),
    sa.CheckConstraint('stopped_at >= started_at', name=op.f('ck_micro_hour_stop_after_start')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['person.id'], name=op.f('fk_micro_hour_confirmed_by_id_person')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_micro_hour_decided_by_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_micro_hour_person_id_person')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_micro_hour_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_micro_hour')),
    sa.UniqueConstraint('key', name=op.f('uq_micro_hour_key'))
    )
    op.create_index(op.f('ix_micro_hour_device'), 'micro_hour', ['device'], unique=False)
    op.create_index(op.f('ix_micro_hour_person_id_started_at'), 'micro_hour', ['person_id', 'started_at'], unique=False)
    op.create_index(op.f('ix_micro_hour_unit_id_state'), 'micro_hour', ['unit_id', 'state'], unique=False)
    op.create_index('uq_micro_hour_running', 'micro_hour', ['person_id'], unique=True, sqlite_where=sa.text("state = 'running'"), postgresql_where=sa.text("state = 'running'"))

