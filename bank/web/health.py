"""Two questions for whoever watches over the process: is it alive, and can it serve?"""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from bank.db import db
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
        found = MigrationContext.configure(db.session.connection()).get_current_revision()
    except SQLAlchemyError:
        db.session.rollback()
        return {"status": "no database"}, 503
    wanted = ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()
    if found != wanted:
        return {"status": "needs bank init", "found": found, "wanted": wanted}, 503
    return {"status": "ready"}
