"""Pages of PINs: set at the desk, and changed by their owner."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from bank import clock
from bank.access import actions, rules, schemas
from bank.people import queries as people
from bank.people.actions import CHANCE
from bank.web import auth
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.security import limiter

bp = Blueprint("access", __name__)


def _key_of_person() -> str:
    return str(g.person.key)


@bp.get("/people/<int:person_id>/pin")
@access("admin")
def pin(person_id: int) -> str:
    """Proposes a PIN that is told to the person now: it is kept as a hash only and never shown again."""
    person = people.person(by=g.person, person_id=person_id)
    return render_template("access/pin.html", person=person, pin=rules.random_pin(CHANCE))


@bp.post("/people/<int:person_id>/pin")
@access("admin")
@redisplay(pin)
@writes
def set_pin(person_id: int) -> ResponseReturnValue:
    """Set a person's PIN; it stands in the request alone, so that no stored answer holds it."""
    actions.set_pin(by=g.person, person_id=person_id, pin=load(schemas.PinSchema)["pin"], at=clock.now())
    flash(gettext("密码已设好。"), "done")
    return redirect(url_for("people.person", person_id=person_id), 303)


@bp.get("/me/pin")
@access("member")
def own_pin() -> str:
    """The form that changes my own PIN."""
    return render_template("access/own_pin.html")


@bp.post("/me/pin")
@access("member")
@limiter.limit("6 per minute; 30 per hour", key_func=_key_of_person)
@redisplay(own_pin)
@writes
def set_own_pin() -> ResponseReturnValue:
    """Change my own PIN, with the old one, and sign out all my other browsers."""
    person = actions.change_pin(by=g.person, at=clock.now(), **load(schemas.OwnPinSchema))
    auth.sign_in(person)
    flash(gettext("密码已改好，其他设备上的登录已退出。"), "done")
    return redirect(url_for("people.card"), 303)
