"""Pages of persons and roles for the staff, and everybody's own card."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bank import clock
from bank.consents.actions import record_paper
from bank.consents.queries import consents
from bank.people import actions, queries, rules, schemas
from bank.people.models import ROLES, Person
from bank.people.rules import Facts, NewPerson
from bank.rewards.actions import post_clerk
from bank.rewards.queries import counter_names, counters_of
from bank.units.queries import home_units, unit
from bank.units.rules import MEMBER_KINDS
from bank.web import exports, paging
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

PERSON_KINDS = {"volunteer": _("志愿者"), "resident": _("居民"), "in_service": _("在职党员")}
MEMBERSHIP_NAMES = {
    "enrolled": _("开户单位"),
    "home_unit": _("所在单位"),
    "host": _("报到社区"),
    "team": _("志愿服务队"),
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
    """Search for persons, or list those of a unit; without either, those enrolled last."""
    text, unit_id = request.args.get("search", "").strip(), request.args.get("unit_id", type=int)
    if unit_id is not None:
        return _of_unit(unit_id)
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
    done_id = request.args.get("done", type=int)
    done = queries.person(by=g.person, person_id=done_id) if done_id is not None else None
    unit_id = request.args.get("unit_id", type=int)
    return render_template(
        "people/new.html", units=with_paths(here), homes=homes, unit_id=unit_id, done=done, purposes=PURPOSE_NAMES
    )


@bp.post("/people/new")
@access("admin")
@redisplay(new_person)
@writes
def enrol() -> ResponseReturnValue:
    """Enrol a person with the consents signed on paper, and go on to the next one."""
    new, at = load(schemas.DeskSchema), clock.now()
    signed = new.pop("paper")
    person = actions.enrol(by=g.person, new=NewPerson(**new), at=at)
    for purpose in signed:
        record_paper(by=g.person, person_id=person.id, purpose=purpose, is_given=True, at=at)
    return redirect(url_for(".new_person", unit_id=person.unit_id, done=person.id), 303)


@bp.get("/people/<int:person_id>")
@access(*STAFF)
def person(person_id: int) -> str:
    """A person as the one who looks may see them."""
    profile = queries.profile(by=g.person, person_id=person_id)
    person = profile.person
    return render_template(
        "people/person.html",
        counters=counter_names(each.counter_id for each in profile.grants),
        profile=profile,
        roles=ROLE_NAMES,
        purposes=PURPOSE_NAMES,
        consents=consents(person_id),
        memberships=queries.memberships(person_id),
        household=[each for each in queries.household(person_id) if each.id != person_id],
        guardian=queries.guardian(person_id),
        kinds=PERSON_KINDS,
        belongings=MEMBERSHIP_NAMES,
        is_child=rules.is_child(person.born_on, on=clock.local_day(clock.now())),
    )


@bp.get("/people/<int:person_id>/edit")
@access("admin")
def edit_person(person_id: int) -> str:
    """The form that writes down anew what is known of a person."""
    person = queries.person(by=g.person, person_id=person_id)
    queries.require_role(g.person, "admin", person.unit_id)
    return render_template("people/edit.html", person=person)


@bp.post("/people/<int:person_id>/edit")
@access("admin")
@redisplay(edit_person)
@writes
def edit(person_id: int) -> ResponseReturnValue:
    """Write down anew what is known of a person."""
    actions.edit(by=g.person, person_id=person_id, new=Facts(**load(schemas.EditFormSchema)), at=clock.now())
    flash(gettext("已保存。"), "done")
    return redirect(url_for(".person", person_id=person_id), 303)


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
    counters = [(each.id, f"{each.unit.name} {each.name}") for each in counters_of(g.person, "admin")]
    return render_template("people/new_role.html", person=person, choices=choices, units=units, counters=counters)


@bp.post("/people/<int:person_id>/roles/new")
@access("admin")
@redisplay(new_role)
@writes
def grant_role(person_id: int) -> ResponseReturnValue:
    """Give a role in a unit, or that of a clerk at one counter."""
    asked = load(schemas.RoleFormSchema)
    counter_id, whose = asked.pop("counter_id"), {"by": g.person, "person_id": person_id, "at": clock.now()}
    if counter_id is None:
        actions.grant_role(**whose, **asked)
    else:
        post_clerk(**whose, counter_id=counter_id)
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


def _of_unit(unit_id: int) -> ResponseReturnValue:
    """The persons of a unit and all below it, of one kind or all, in pages or as a file."""
    kind = request.args.get("kind")
    wanted = queries.listed(by=g.person, unit_id=unit_id, kind=kind if kind in PERSON_KINDS else None)
    order = (Person.name_sort, Person.id)
    if exports.is_asked():
        return exports.answer("people", COLUMNS, exports.every(wanted, order=order))
    page = paging.page(wanted, order=order, **paging.asked())
    return render_template("people/of_unit.html", unit=unit(unit_id), page=page, kind=kind, kinds=PERSON_KINDS)
