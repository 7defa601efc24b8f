"""How far work is that somebody waits for: bank.js asks while a form that is sent stays away."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from bank.web import waiting
from bank.web.auth import access

bp = Blueprint("waiting", __name__)


@bp.get("/waiting/<string:number>")
@access("public")
def how_far(number: str) -> ResponseReturnValue:
    """Done and total as JSON, nothing where nothing is counted; the number is known only to the page that drew it."""
    found = waiting.how_far(number)
    return {"done": found[0], "total": found[1]} if found else ("", 204)
