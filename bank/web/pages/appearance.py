"""The look: by day or by night, in large text, and a page that shows all the parts that pages are made of."""

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from bank.web import auth, look
from bank.web.auth import access
from bank.web.language import YEAR_SECONDS

bp = Blueprint("appearance", __name__)


@bp.get("/style")
@access("public")
def style() -> str:
    """All parts of pages on one page, for whoever writes or judges one."""
    return render_template("appearance/style.html")


@bp.get("/look/<any(auto, light, dark):wanted>")
@access("public")
def choose_look(wanted: str) -> ResponseReturnValue:
    """Remember whether pages are wanted light or dark, or as the device has it, and go back to the same page."""
    return _remember(look.LOOK_COOKIE, wanted)


@bp.get("/text/<any(normal, large):wanted>")
@access("public")
def choose_text(wanted: str) -> ResponseReturnValue:
    """Remember the wanted size of text and go back to the same page."""
    return _remember(look.TEXT_COOKIE, wanted)


def _remember(cookie: str, wanted: str) -> ResponseReturnValue:
    response = make_response(redirect(auth.safe_next(request.args.get("next")), 303))
    response.set_cookie(cookie, wanted, max_age=YEAR_SECONDS, samesite="Lax", httponly=True)
    return response
