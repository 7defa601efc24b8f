"""Runs of jobs, and the processes that look for what is due."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bank.db import Base, Instant


class JobRun(Base):
    """One job's run for one period; whoever writes the row first runs it, and after a crash whoever comes after the lease."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(String(20), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    owner: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Instant)
    lease_ends_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    retry_at: Mapped[datetime | None] = mapped_column(Instant)
    result: Mapped[str | None] = mapped_column(String(500))
    progress_count: Mapped[int | None]
    progress_total: Mapped[int | None]
    log: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("state IN ('running', 'done', 'failed')", name="state"),
        CheckConstraint("(state = 'running') = (finished_at IS NULL)", name="finished"),
    )


class JobProcess(Base):
    """A process that runs jobs: when it began, and when it last looked for what is due."""

    __tablename__ = "job_process"

    owner: Mapped[str] = mapped_column(String(20), primary_key=True)
    host: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(Instant)
    looked_at: Mapped[datetime] = mapped_column(Instant)
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)
