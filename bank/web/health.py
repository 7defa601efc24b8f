"""Two questions for whoever watches over the process: is it alive, and can it serve?"""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bank.db import db, newest_migration
from bank.web.auth import access

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@access("public")
def alive() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "alive"}


@bp.get("/readyz")
@access("public")
def ready() -> ResponseReturnValue:
    """The database answers, and its tables are those of this release."""
    try:
        found = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        db.session.rollback()
        return {"status": "no database"}, 503
    wanted = newest_migration()
    if found != wanted:
        return {"status": "needs bank init", "found": found, "wanted": wanted}, 503
    return {"status": "ready"}
