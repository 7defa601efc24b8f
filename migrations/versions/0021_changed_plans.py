"""When a plan was last changed, which calendar programs ask for."""

import sqlalchemy as sa
from alembic import op


revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("activity", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
