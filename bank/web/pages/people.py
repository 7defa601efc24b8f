"""Pages of persons, units and roles for the staff; card, PIN and consents for everybody."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bank import clock
from bank.people import actions, queries, rules, schemas
from bank.people.models import PURPOSES, ROLES, Unit
from bank.people.rules import NewPerson
from bank.web import auth
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.qr import qr
from bank.web.security import limiter

bp = Blueprint("people", __name__)
STAFF = queries.STAFF_ROLES

ROLE_NAMES = {
    "admin": _("管理员"),
    "organizer": _("活动组织者"),
    "clerk": _("兑换员"),
    "auditor": _("审计员"),
    "display": _("大屏"),
}
ROLE_TASKS = {
    "admin": _("开户、设岗位、管单位和物品"),
    "organizer": _("发布活动、签到、确认时长"),
    "clerk": _("在柜台兑换积分"),
    "auditor": _("查账，只看不改"),
    "display": _("只显示榜单的屏幕"),
}
KIND_NAMES = {
    "bank": _("总行"),
    "street": _("街道"),
    "community": _("社区"),
    "grid": _("网格"),
    "building": _("楼栋"),
    "home_unit": _("所在单位"),
    "team": _("志愿服务队"),
}
PURPOSE_NAMES = {
    "board": _("上积分榜"),
    "public_list": _("公示服务记录"),
    "home_unit": _("向所在单位反馈"),
    "contact": _("联系我参加活动"),
}
PURPOSE_TEXTS = {
    "board": _("在积分榜上显示我的姓和积分，例如“张*”。不同意时我不上榜，积分照常。"),
    "public_list": _("在公示名单上显示我的姓和本次服务时长。不同意时只计入人数。"),
    "home_unit": _("每季度把我的服务次数和时长告诉我的所在单位，寄出前我先看到。"),
    "contact": _("社区可以用我的手机号通知我新的活动。"),
}


def _key_of_person() -> str:
    return str(g.person.key)


@bp.get("/people")
@access("admin", "auditor")
def people() -> str:
    """Search for persons; without a search, those enrolled last."""
    text = request.args.get("search", "").strip()
    found, is_short = [], False
    try:
        found = queries.find_persons(by=g.person, text=text) if text else queries.newest(by=g.person)
    except rules.SearchTooShort:
        is_short = True
    return render_template(
        "people/people.html", text=text, found=found, is_short=is_short, is_full=len(found) == queries.FOUND_MAX
    )


@bp.get("/people/new")
@access("admin")
def new_person() -> str:
    """The form with which a person is enrolled; it comes back with the unit of the person before."""
    here = [each for each in queries.units(by=g.person, role="admin") if each.kind in rules.MEMBER_KINDS]
    homes = [(each.id, each.name) for each in queries.home_units()]
    return render_template("people/new.html", units=_with_paths(here), homes=homes, unit_id=request.args.get("unit_id", type=int))


@bp.post("/people/new")
@access("admin")
@redisplay(new_person)
@writes
def enrol() -> ResponseReturnValue:
    """Enrol a person, and go on to the first PIN."""
    person = actions.enrol(by=g.person, new=NewPerson(**load(schemas.NewPersonSchema)), at=clock.now())
    return redirect(url_for(".pin", person_id=person.id), 303)


@bp.get("/people/<int:person_id>")
@access(*STAFF)
def person(person_id: int) -> str:
    """A person as the one who looks may see them."""
    profile = queries.profile(by=g.person, person_id=person_id)
    return render_template("people/person.html", profile=profile, roles=ROLE_NAMES, purposes=PURPOSE_NAMES)


@bp.get("/people/<int:person_id>/card")
@access("admin")
def print_card(person_id: int) -> str:
    """The card of a person without a phone, to be printed."""
    person = queries.person(by=g.person, person_id=person_id)
    return render_template("people/print_card.html", person=person, code=qr(person.card_number))


@bp.get("/people/<int:person_id>/pin")
@access("admin")
def pin(person_id: int) -> str:
    """Proposes a PIN that is told to the person now: it is kept as a hash only and never shown again."""
    person = queries.person(by=g.person, person_id=person_id)
    return render_template("people/pin.html", person=person, pin=rules.random_pin(actions.CHANCE))


@bp.post("/people/<int:person_id>/pin")
@access("admin")
@redisplay(pin)
@writes
def set_pin(person_id: int) -> ResponseReturnValue:
    """Set a person's PIN; it stands in the request alone, so that no stored answer holds it."""
    actions.set_pin(by=g.person, person_id=person_id, pin=load(schemas.PinSchema)["pin"], at=clock.now())
    flash(gettext("密码已设好。"), "done")
    return redirect(url_for(".person", person_id=person_id), 303)


@bp.get("/people/<int:person_id>/roles/new")
@access("admin")
def new_role(person_id: int) -> str:
    """The form that gives a role."""
    person = queries.person(by=g.person, person_id=person_id)
    choices = [(each, gettext("%(role)s：%(tasks)s", role=ROLE_NAMES[each], tasks=ROLE_TASKS[each])) for each in ROLES]
    units = _with_paths(queries.units(by=g.person, role="admin"))
    return render_template("people/new_role.html", person=person, choices=choices, units=units)


@bp.post("/people/<int:person_id>/roles/new")
@access("admin")
@redisplay(new_role)
@writes
def grant_role(person_id: int) -> ResponseReturnValue:
    """Give a role in a unit."""
    actions.grant_role(by=g.person, person_id=person_id, at=clock.now(), **load(schemas.NewRoleSchema))
    return redirect(url_for(".person", person_id=person_id), 303)


@bp.post("/people/roles/<int:grant_id>/revoke")
@access("admin")
@writes
def revoke_role(grant_id: int) -> ResponseReturnValue:
    """End a role."""
    grant = actions.revoke_role(by=g.person, grant_id=grant_id, at=clock.now())
    return redirect(url_for(".person", person_id=grant.person_id), 303)


@bp.get("/units")
@access("admin", "auditor")
def units() -> str:
    """The tree of units in sight, with how many members each has."""
    seen = queries.units(by=g.person)
    parents = {above for kinds in rules.PARENT_KINDS.values() for above in kinds}
    return render_template("people/units.html", units=seen, counts=queries.member_counts(), kinds=KIND_NAMES, parents=parents)


@bp.get("/units/<int:parent_id>/new")
@access("admin")
def new_unit(parent_id: int) -> str:
    """The form that adds a unit below another."""
    queries.require_role(g.person, "admin", parent_id)
    parent = queries.unit(parent_id)
    kinds = [(kind, KIND_NAMES[kind]) for kind, above in rules.PARENT_KINDS.items() if parent.kind in above]
    return render_template("people/new_unit.html", parent=parent, kinds=kinds)


@bp.post("/units/<int:parent_id>/new")
@access("admin")
@redisplay(new_unit)
@writes
def add_unit(parent_id: int) -> ResponseReturnValue:
    """Add a unit below another."""
    new = load(schemas.UnitNameSchema)
    actions.add_unit(by=g.person, parent_id=parent_id, at=clock.now(), **new)
    flash(gettext("已添加：%(name)s", name=new["name"]), "done")
    return redirect(url_for(".units"), 303)


@bp.get("/me")
@access("member")
def card() -> str:
    """My card: its number, its code for the counter and the organizer, and what the bank knows of me."""
    profile = queries.profile(by=g.person, person_id=g.person.id)
    return render_template("people/card.html", profile=profile, code=qr(g.person.card_number), roles=ROLE_NAMES)


@bp.get("/me/pin")
@access("member")
def own_pin() -> str:
    """The form that changes my own PIN."""
    return render_template("people/own_pin.html")


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
    return redirect(url_for(".card"), 303)


@bp.get("/me/consents")
@access("member")
def consents() -> str:
    """What I have agreed to, each with one tap to give or withdraw."""
    decided = queries.consents(g.person.id)
    purposes = [(each, PURPOSE_NAMES[each], PURPOSE_TEXTS[each], decided.get(each)) for each in PURPOSES]
    return render_template("people/consents.html", purposes=purposes)


@bp.post("/me/consents/<string:purpose>")
@access("member")
@writes
def decide_consent(purpose: str) -> ResponseReturnValue:
    """Give or withdraw consent for one purpose."""
    actions.decide_consent(
        by=g.person, person_id=g.person.id, purpose=purpose, is_given=load(schemas.DecisionSchema)["is_given"], at=clock.now()
    )
    return redirect(url_for(".consents", _anchor=purpose), 303)


def _with_paths(seen: list[Unit]) -> list[tuple[int, str]]:
    shown = {each.id: each.name for each in seen if each.kind != "bank"}
    return [(each.id, " / ".join(shown[step] for step in each.steps if step in shown) or each.name) for each in seen]
