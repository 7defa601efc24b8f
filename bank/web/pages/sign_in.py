"""Signing in and out, and choosing the language."""

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bank.access import queries
from bank.errors import Invalid
from bank.people import rules
from bank.web import auth, language
from bank.web.auth import access
from bank.web.forms import redisplay
from bank.web.idempotency import writes_cookies_only
from bank.web.security import limiter

bp = Blueprint("sign_in", __name__)

# Only refusals count. A whole hall signs in through one address, so an address may err often; one login may not.
REFUSED_BY_LOGIN = "6 per minute; 30 per hour"
REFUSED_BY_ADDRESS = "120 per minute"


def _login() -> str:
    typed = request.form.get("login", "").strip()[:40]
    return rules.clean_login(typed) or typed


def _is_refused(response: Response) -> bool:
    return response.status_code == 403


@bp.get("/sign-in")
@access("public")
def form() -> ResponseReturnValue:
    """Asks for phone or card number and PIN."""
    target = auth.safe_next(request.values.get("next"))
    if g.person is not None:
        return redirect(target, 303)
    return render_template("sign_in.html", next=target)


@bp.post("/sign-in")
@limiter.limit(REFUSED_BY_ADDRESS, deduct_when=_is_refused)
@limiter.limit(REFUSED_BY_LOGIN, key_func=_login, deduct_when=_is_refused)
@access("public")
@redisplay(form)
@writes_cookies_only
def sign_in() -> ResponseReturnValue:
    """Start a session, and go on to where the person was going."""
    login, pin = request.form.get("login", "").strip(), request.form.get("pin", "").strip()
    if not login or not pin:
        missing = ["Missing data for required field."]
        raise Invalid(errors={name: missing for name, value in (("login", login), ("pin", pin)) if not value})
    auth.sign_in(queries.sign_in(login=login, pin=pin))
    return redirect(auth.safe_next(request.form.get("next")), 303)


@bp.post("/sign-out")
@access("public")
@writes_cookies_only
def sign_out() -> ResponseReturnValue:
    """End the session."""
    auth.sign_out()
    return redirect(url_for("home.home"), 303)


@bp.get("/language/<any(zh, en):wanted>")
@access("public")
def choose_language(wanted: str) -> ResponseReturnValue:
    """Remember the reader's language in a cookie and go back to the same page."""
    response = make_response(redirect(auth.safe_next(request.args.get("next")), 303))
    response.set_cookie(language.COOKIE, wanted, max_age=language.YEAR_SECONDS, samesite="Lax", httponly=True)
    return response
