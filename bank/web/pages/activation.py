"""The first sign-in, on the member's own phone: one code from the desk, one PIN, done."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bank import clock
from bank.access import actions, queries, rules, schemas
from bank.people.models import Person
from bank.people.rules import mask_phone
from bank.web import auth, exports, guessing, paging
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes

bp = Blueprint("activation", __name__)

COLUMNS: exports.Columns = (
    (_("姓名"), lambda each: each.name),
    (_("手机号"), lambda each: mask_phone(each.phone)),
    (_("卡号"), lambda each: each.card_number),
    (_("所属单位"), lambda each: each.unit.name),
    (_("开户时间"), lambda each: each.enrolled_at),
)


@bp.get("/people/first-sign-ins")
@access("admin")
def pending() -> ResponseReturnValue:
    """Who was enrolled and has never signed in, those who wait longest first."""
    wanted, order = queries.never_signed_in(by=g.person), (Person.enrolled_at, Person.id)
    if exports.is_asked():
        return exports.answer("first-sign-ins", COLUMNS, exports.every(wanted, order=order))
    found = paging.page(wanted, order=order, **paging.asked())
    return render_template("people/first_sign_ins.html", found=found, count=queries.never_signed_in_count(by=g.person))


@bp.get("/activate")
@access("public")
def type_code() -> ResponseReturnValue:
    """Asks for the code on the sheet, where no camera reads it."""
    code = rules.typed_code(request.args.get("code", ""))
    if code:
        return redirect(url_for(".form", code=code), 303)
    return render_template("access/type_code.html", typed=request.args.get("code", "")[:40])


@bp.get("/activate/<string:code>")
@access("public")
def form(code: str) -> str:
    """Greets the owner of the code and asks for a PIN; looking uses nothing up."""
    return render_template("access/activate.html", person=queries.invitation(code, clock.now()).person, code=code)


@bp.post("/activate/<string:code>")
@access("public")
@redisplay(form)
@writes
def activate(code: str) -> ResponseReturnValue:
    """Set the PIN, use the code up, and go on signed in."""
    typed = load(schemas.NewPinSchema)
    rules.check_same(typed["pin"], typed["again"])
    person = actions.activate(code=code, pin=typed["pin"], at=clock.now())
    auth.sign_in(person)
    guessing.remember(person)
    flash(gettext("密码已设好，您已登录。"), "done")
    return redirect(url_for("home.home"), 303)
