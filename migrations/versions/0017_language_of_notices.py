"""Notices by a channel speak the language of the page on which the channel was chosen."""

import sqlalchemy as sa
from alembic import op


revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("notice_channel", sa.Column("language", sa.String(length=2), server_default="zh", nullable=False))
