"""Pages of the second step of signing in: turn on, paper codes, turn off, and help at the desk."""

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from bank import clock
from bank.access import queries, rules, schemas, second_step
from bank.db import random_key
from bank.web import auth
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.guessing import slow_to_prove
from bank.web.idempotency import shows_once, writes
from bank.web.qr import qr

bp = Blueprint("second_step", __name__)


@bp.get("/me/second-step")
@access("member")
def form() -> str:
    """Turns the second step on with a code to scan, or off, or gives new codes on paper."""
    if queries.has_second_step(g.person):
        return render_template("access/second_step.html", left=second_step.codes_left(g.person))
    # After a refusal the phone already holds the secret of this salt.
    salt = request.form.get("salt", "")[:20] or random_key()
    address = second_step.address(g.person, salt, bank=current_app.config["NAME"])
    return render_template("access/turn_on.html", qr=qr(address), secret=queries.totp_secret(g.person, salt), salt=salt)


@bp.post("/me/second-step")
@access("member")
@redisplay(form)
@slow_to_prove
@writes
@shows_once
def turn_on() -> str:
    """Ask for a code at every sign-in from now on, and show the codes for the paper."""
    codes = second_step.turn_on(by=g.person, at=clock.now(), **load(schemas.TurnOnSchema))
    auth.sign_in(g.person)
    return render_template("access/recovery_codes.html", codes=[rules.shown_code(each) for each in codes])


@bp.post("/me/second-step/codes")
@access("member")
@redisplay(form)
@slow_to_prove
@writes
@shows_once
def renew_codes() -> str:
    """Give ten new codes for the paper."""
    codes = second_step.renew_codes(by=g.person, at=clock.now(), **load(schemas.ProofSchema))
    return render_template("access/recovery_codes.html", codes=[rules.shown_code(each) for each in codes])


@bp.post("/me/second-step/off")
@access("member")
@redisplay(form)
@slow_to_prove
@writes
def turn_off() -> ResponseReturnValue:
    """Sign in without a code again."""
    auth.sign_in(second_step.turn_off(by=g.person, at=clock.now(), **load(schemas.ProofSchema)))
    flash(gettext("两步验证已关闭。"), "done")
    return redirect(url_for("access.security"), 303)


@bp.post("/people/<int:person_id>/second-step/reset")
@access("admin")
@writes
def reset(person_id: int) -> ResponseReturnValue:
    """Turn off the second step of somebody who lost phone and paper."""
    second_step.reset(by=g.person, person_id=person_id, at=clock.now())
    flash(gettext("两步验证已关闭，本人可以重新开启。"), "done")
    return redirect(url_for("access.pin", person_id=person_id), 303)
