"""Three questions of whoever watches over the process: is it alive, can it serve, and how are things."""

import hmac
import ipaddress

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bank import clock
from bank.db import db, newest_migration
from bank.errors import NotAllowed
from bank.jobs.queries import health
from bank.web import metrics
from bank.web.auth import access

bp = Blueprint("health", __name__)


class MetricsClosed(NotAllowed):
    """Figures are for this machine itself, or for who brings the token of BANK_METRICS_TOKEN."""


@bp.get("/healthz")
@access("public")
def alive() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "alive"}


@bp.get("/readyz")
@access("public")
def ready() -> ResponseReturnValue:
    """The database answers, and its tables are those of this release. How the jobs are is said, and keeps nobody from serving."""
    try:
        found = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        db.session.rollback()
        return {"status": "no database"}, 503
    wanted = newest_migration()
    if found != wanted:
        return {"status": "needs bank init", "found": found, "wanted": wanted}, 503
    jobs = health(clock.now())
    said = "silent" if jobs.is_silent else f"{jobs.failed} failed" if jobs.failed else "well"
    return {"status": "ready", "jobs": said}


@bp.get("/metrics")
@access("public")
def figures() -> Response:
    """Figures for Prometheus, from this machine or with the token."""
    token = current_app.config["METRICS_TOKEN"]
    brought = request.headers.get("Authorization", "").removeprefix("Bearer ")
    has_token = bool(token) and hmac.compare_digest(brought.encode(), token.encode())
    if not (has_token or (not token and _is_here(request.remote_addr))):
        raise MetricsClosed()
    return metrics.text()


def _is_here(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
