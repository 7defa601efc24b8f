"""Pages of persons and roles for the staff, and everybody's own card."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bank import clock
from bank.consents.queries import consents
from bank.people import actions, queries, rules, schemas
from bank.people.models import ROLES
from bank.people.rules import NewPerson
from bank.units.queries import home_units
from bank.units.rules import MEMBER_KINDS
from bank.web import exports
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.pages.consents import PURPOSE_NAMES
from bank.web.pages.units import with_paths
from bank.web.qr import qr
from bank.web.security import limit_lookups

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

COLUMNS: exports.Columns = (
    (_("姓名"), lambda each: each.name),
    (_("手机号"), lambda each: rules.mask_phone(each.phone)),
    (_("卡号"), lambda each: each.card_number),
    (_("所属单位"), lambda each: each.unit.name),
)


@bp.get("/people")
@access("admin", "auditor")
@limit_lookups
def people() -> ResponseReturnValue:
    """Search for persons; without a search, those enrolled last."""
    text = request.args.get("search", "").strip()
    found, is_short = [], False
    try:
        found = queries.find_persons(by=g.person, text=text) if text else queries.newest(by=g.person)
    except rules.SearchTooShort:
        is_short = True
    if exports.is_asked():
        return exports.answer("people", COLUMNS, found)
    return render_template(
        "people/people.html", text=text, found=found, is_short=is_short, is_full=len(found) == queries.FOUND_MAX
    )


@bp.get("/people/new")
@access("admin")
def new_person() -> str:
    """The form with which a person is enrolled; it comes back with the unit of the person before."""
    here = [each for each in queries.units(by=g.person, role="admin") if each.kind in MEMBER_KINDS]
    homes = [(each.id, each.name) for each in home_units()]
    return render_template("people/new.html", units=with_paths(here), homes=homes, unit_id=request.args.get("unit_id", type=int))


@bp.post("/people/new")
@access("admin")
@redisplay(new_person)
@writes
def enrol() -> ResponseReturnValue:
    """Enrol a person, and go on to the first PIN."""
    person = actions.enrol(by=g.person, new=NewPerson(**load(schemas.NewPersonSchema)), at=clock.now())
    return redirect(url_for("access.pin", person_id=person.id), 303)


@bp.get("/people/<int:person_id>")
@access(*STAFF)
def person(person_id: int) -> str:
    """A person as the one who looks may see them."""
    profile = queries.profile(by=g.person, person_id=person_id)
    return render_template(
        "people/person.html", profile=profile, roles=ROLE_NAMES, purposes=PURPOSE_NAMES, consents=consents(person_id)
    )


@bp.get("/people/<int:person_id>/card")
@access("admin")
def print_card(person_id: int) -> str:
    """The card of a person without a phone, to be printed."""
    person = queries.person(by=g.person, person_id=person_id)
    return render_template("people/print_card.html", person=person, code=qr(person.card_number))


@bp.get("/people/<int:person_id>/roles/new")
@access("admin")
def new_role(person_id: int) -> str:
    """The form that gives a role."""
    person = queries.person(by=g.person, person_id=person_id)
    choices = [(each, gettext("%(role)s：%(tasks)s", role=ROLE_NAMES[each], tasks=ROLE_TASKS[each])) for each in ROLES]
    units = with_paths(queries.units(by=g.person, role="admin"))
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


@bp.get("/me")
@access("member")
def card() -> str:
    """My card: its number, its code for the counter and the organizer, and what the bank knows of me."""
    profile = queries.profile(by=g.person, person_id=g.person.id)
    return render_template("people/card.html", profile=profile, code=qr(g.person.card_number), roles=ROLE_NAMES)
