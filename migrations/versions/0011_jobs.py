"""Runs of jobs show how far they are, keep a log and say when they are tried again; processes say that they look."""

import sqlalchemy as sa
from alembic import op


revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("job_run", sa.Column("retry_at", sa.DateTime(timezone=True)))
    op.add_column("job_run", sa.Column("progress_count", sa.Integer()))
    op.add_column("job_run", sa.Column("progress_total", sa.Integer()))
    op.add_column("job_run", sa.Column("log", sa.Text()))
    op.create_table(
        "job_process",
        sa.Column("owner", sa.String(length=20), nullable=False),
        sa.Column("host", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_job_process")),
    )
