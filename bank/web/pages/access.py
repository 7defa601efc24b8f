"""Pages of how somebody proves who he is: PINs and first sign-ins at the desk, and everybody's own security."""

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from bank import clock
from bank.access import actions, queries, rules, schemas
from bank.documents import codes
from bank.documents.pdf import pdf
from bank.people import queries as people
from bank.people.actions import CHANCE
from bank.web import auth, filters, language
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.guessing import slow_to_prove
from bank.web.idempotency import shows_once, writes
from bank.web.links import public_url
from bank.web.qr import qr

bp = Blueprint("access", __name__)


@bp.get("/people/<int:person_id>/pin")
@access("admin")
def pin(person_id: int) -> str:
    """What gives a person a way to sign in: a sheet with a one-time code, or a PIN set now.

    The proposed PIN is told to the person at once: it is kept as a hash only and never shown again.
    """
    person = people.person(by=g.person, person_id=person_id)
    waiting = queries.open_invitation(person_id, clock.now())
    has_second_step = queries.has_second_step(person)
    proposed = rules.random_pin(CHANCE)
    return render_template("access/pin.html", person=person, pin=proposed, waiting=waiting, has_second_step=has_second_step)


@bp.post("/people/<int:person_id>/pin")
@access("admin")
@redisplay(pin)
@writes
def set_pin(person_id: int) -> ResponseReturnValue:
    """Set a person's PIN; it stands in the request alone, so that no stored answer holds it."""
    actions.set_pin(by=g.person, person_id=person_id, pin=load(schemas.PinSchema)["pin"], at=clock.now())
    flash(gettext("密码已设好。"), "done")
    return redirect(url_for("people.person", person_id=person_id), 303)


@bp.post("/people/<int:person_id>/invitation")
@access("admin")
@redisplay(pin)
@writes
@shows_once
def invite(person_id: int) -> ResponseReturnValue:
    """Make a one-time code for a first sign-in: on the screen to be scanned now, or as a sheet to take home."""
    made, code = actions.invite(by=g.person, person_id=person_id, at=clock.now())
    url, shown = public_url("activation.form", code=code), rules.shown_code(code)
    if "paper" in request.form:
        return _sheet(made.person.name, url, shown, filters.moment(made.expires_at))
    return render_template("access/invitation.html", invitation=made, qr=qr(url), code=shown)


@bp.post("/people/<int:person_id>/invitation/revoke")
@access("admin")
@writes
def revoke_invitation(person_id: int) -> ResponseReturnValue:
    """End the code that is out."""
    actions.revoke_invitation(by=g.person, person_id=person_id, at=clock.now())
    flash(gettext("激活码已作废。"), "done")
    return redirect(url_for(".pin", person_id=person_id), 303)


@bp.get("/me/pin")
@access("member")
def own_pin() -> str:
    """The form that changes my own PIN or password."""
    return render_template("access/own_pin.html", is_staff=bool(g.roles))


@bp.post("/me/pin")
@access("member")
@redisplay(own_pin)
@slow_to_prove
@writes
def set_own_pin() -> ResponseReturnValue:
    """Change my own PIN or password, with the old one, and sign out all my other browsers."""
    person = actions.change_pin(by=g.person, at=clock.now(), **load(schemas.OwnPinSchema))
    auth.sign_in(person)
    flash(gettext("密码已改好，其他设备上的登录已退出。"), "done")
    return redirect(url_for("people.card"), 303)


@bp.get("/me/security")
@access("member")
def security() -> str:
    """How I sign in, and what else may act for me."""
    return render_template(
        "access/security.html",
        has_password=queries.has_password(g.person),
        has_second_step=queries.has_second_step(g.person),
        tokens=[each for each in queries.tokens(g.person.id) if each.revoked_at is None and each.expires_at > clock.now()],
    )


@bp.post("/me/sign-out-everywhere")
@access("member")
@writes
def sign_out_everywhere() -> ResponseReturnValue:
    """End my sessions in all browsers, this one too."""
    actions.sign_out_everywhere(by=g.person, at=clock.now())
    auth.sign_out()
    flash(gettext("所有设备上的登录都已退出。"), "done")
    return redirect(url_for("sign_in.form"), 303)


def _sheet(name: str, url: str, code: str, until: str) -> Response:
    data = {
        "title": gettext("激活单"),
        "bank": current_app.config["NAME"],
        "language": language.current(),
        "name": gettext("%(name)s，您好", name=name),
        "steps": [gettext("用手机扫这个码。"), gettext("设一个自己的六位数字密码。"), gettext("以后用手机号或卡号和密码登录。")],
        "qr": codes.qr(url),
        "no_camera": gettext("不能扫码时，请在浏览器打开下面的网址，输入激活码："),
        "address": public_url("activation.type_code"),
        "code": code,
        "until": gettext("%(moment)s 前有效，只能用一次。请勿交给别人。", moment=until),
    }
    return Response(pdf("activation", data, at=clock.now()), mimetype="application/pdf")
