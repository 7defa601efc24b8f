"""Signing in and out, and choosing the language."""

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bank.access.queries import has_second_step
from bank.access.schemas import CodeSchema, SignInSchema
from bank.web import auth, guessing, language
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes_cookies_only

bp = Blueprint("sign_in", __name__)


@bp.get("/sign-in")
@access("public")
def form() -> ResponseReturnValue:
    """Asks for phone or card number and PIN; `long` gives a keyboard with letters for a password."""
    target = auth.safe_next(request.values.get("next"))
    if g.person is not None:
        return redirect(target, 303)
    return render_template("sign_in.html", next=target, is_long="long" in request.values)


@bp.post("/sign-in")
@access("public")
@redisplay(form)
@writes_cookies_only
def sign_in() -> ResponseReturnValue:
    """Start a session, or ask for the second step, and go on to where the person was going."""
    person = guessing.first_step(**load(SignInSchema))
    target = auth.safe_next(request.form.get("next"))
    if has_second_step(person):
        auth.ask_second_step(person, target)
        return redirect(url_for(".second_step"), 303)
    auth.sign_in(person)
    guessing.remember(person)
    return redirect(target, 303)


@bp.get("/sign-in/code")
@access("public")
def second_step() -> ResponseReturnValue:
    """Asks for the code in the phone, or one from the paper."""
    if auth.halfway() is None:
        return redirect(url_for(".form"), 303)
    return render_template("access/code.html")


@bp.post("/sign-in/code")
@access("public")
@redisplay(second_step)
@writes_cookies_only
def prove() -> ResponseReturnValue:
    """Take the second step, and start a session."""
    asked, found = load(CodeSchema), auth.halfway()
    if found is None:
        return redirect(url_for(".form"), 303)
    person, target = found
    guessing.next_step(person, asked["code"])
    auth.sign_in(person)
    guessing.remember(person)
    return redirect(auth.safe_next(target), 303)


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
