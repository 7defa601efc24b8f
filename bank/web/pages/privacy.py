"""Pages of one's own data, of being forgotten, and of closing an account at the desk."""

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from bank import clock
from bank.access.queries import sign_in
from bank.access.rules import OldPinWrong, SignInRefused
from bank.consents.queries import consents
from bank.people import queries as people
from bank.privacy import actions, queries, schemas
from bank.web import auth
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.pages.consents import PURPOSE_NAMES
from bank.web.security import limiter

bp = Blueprint("privacy", __name__)


def _key_of_person() -> str:
    return str(g.person.key)


@bp.get("/me/data")
@access("member")
def own_data() -> str:
    """What the bank holds about me, in numbers, and the way to take it along or be forgotten."""
    data = queries.own_data(g.person)
    profile = people.profile(by=g.person, person_id=g.person.id)
    return render_template(
        "privacy/own_data.html", profile=profile, data=data, purposes=PURPOSE_NAMES, consents=consents(g.person.id)
    )


@bp.get("/me/data/<any(json, zip):kind>")
@access("member")
@limiter.limit("10 per hour", key_func=_key_of_person)
def take_along(kind: str) -> Response:
    """All my data in one file."""
    data = queries.own_data(g.person)
    content = queries.as_json(data) if kind == "json" else queries.as_zip(data)
    response = Response(content, content_type=f"application/{kind}")
    response.headers["Content-Disposition"] = f'attachment; filename="my-data.{kind}"'
    return response


@bp.get("/me/farewell")
@access("member")
def farewell() -> str:
    """What being forgotten means, and the form that asks for it."""
    return render_template("privacy/farewell.html", profile=people.profile(by=g.person, person_id=g.person.id))


@bp.post("/me/farewell")
@access("member")
@limiter.limit("6 per minute; 30 per hour", key_func=_key_of_person)
@redisplay(farewell)
@writes
def forget_me() -> ResponseReturnValue:
    """Close my account and forget me, with my PIN, so that nobody who finds my phone does so."""
    try:
        sign_in(login=g.person.card_number, pin=load(schemas.FarewellSchema)["pin"])
    except SignInRefused:
        raise OldPinWrong() from None
    actions.erase(by=g.person, person_id=g.person.id, at=clock.now())
    auth.sign_out()
    flash(gettext("您的账户已注销，个人资料已删除。感谢您的付出。"), "done")
    return redirect(url_for("home.home"), 303)


@bp.get("/people/<int:person_id>/end")
@access("admin")
def ending(person_id: int) -> str:
    """What closing and forgetting mean, and the form for the desk."""
    profile = people.profile(by=g.person, person_id=person_id)
    people.require_role(g.person, "admin", profile.person.unit_id)
    return render_template("privacy/end.html", profile=profile)


@bp.post("/people/<int:person_id>/end")
@access("admin")
@redisplay(ending)
@writes
def end(person_id: int) -> ResponseReturnValue:
    """Close a person's account, or close it and forget who it belonged to."""
    act = actions.erase if load(schemas.EndSchema)["how"] == "erase" else actions.close_account
    act(by=g.person, person_id=person_id, at=clock.now())
    return redirect(url_for("people.person", person_id=person_id), 303)
