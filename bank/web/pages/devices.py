"""Pages of devices: the admin's list with one code to join, and the page on the device that takes it."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bank import clock
from bank.devices import actions, queries, rules, schemas
from bank.devices.models import Device
from bank.people import queries as people
from bank.web import exports, guessing
from bank.web.auth import DEVICE_COOKIE, access
from bank.web.forms import load, redisplay
from bank.web.idempotency import shows_once, writes
from bank.web.links import is_only_here, public_url
from bank.web.pages.units import with_paths
from bank.web.qr import qr

bp = Blueprint("devices", __name__)

SCOPE_NAMES = {"check_in": _("签到"), "counter": _("兑换柜台"), "display": _("大屏")}
SCOPE_TASKS = {
    "check_in": _("签到：门口的手机、平板或扫码枪，工作人员登录后使用"),
    "counter": _("兑换柜台：柜台的电脑，兑换员登录后使用"),
    "display": _("大屏：大厅的屏幕，不用登录就显示榜单"),
}
COLUMNS: exports.Columns = (
    (_("名称"), lambda each: each.name),
    (_("用途"), lambda each: SCOPE_NAMES[each.scope]),
    (_("单位"), lambda each: each.unit.name),
    (_("添加时间"), lambda each: each.added_at),
    (_("最近使用"), lambda each: each.last_used_at),
    (_("停用时间"), lambda each: each.revoked_at),
)


@bp.get("/devices")
@access("admin", "auditor")
def devices() -> ResponseReturnValue:
    """All devices of my units, with their last use."""
    found = queries.devices(by=g.person)
    if exports.is_asked():
        return exports.answer("devices", COLUMNS, found)
    return render_template("devices/devices.html", devices=found, scopes=SCOPE_NAMES)


@bp.get("/devices/new")
@access("admin")
def new() -> str:
    """The form that adds a device."""
    units = with_paths(people.units(by=g.person, role="admin"))
    return render_template("devices/new.html", units=units, scopes=list(SCOPE_TASKS.items()))


@bp.post("/devices/new")
@access("admin")
@redisplay(new)
@writes
@shows_once
def add() -> str:
    """Add a device and show the code with which it joins."""
    return _code_page(*actions.add_device(by=g.person, at=clock.now(), **load(schemas.NewDeviceSchema)))


@bp.post("/devices/<int:device_id>/code")
@access("admin")
@writes
@shows_once
def renew_code(device_id: int) -> str:
    """Show another code for a device that is to join again."""
    return _code_page(*actions.renew_code(by=g.person, device_id=device_id, at=clock.now()))


@bp.post("/devices/<int:device_id>/address")
@access("admin")
@writes
@shows_once
def give_address(device_id: int) -> str:
    """Show the address of a screen on which nothing can be typed."""
    device, secret = actions.give_address(by=g.person, device_id=device_id, at=clock.now())
    url = public_url("display.by_address", secret=secret)
    return render_template("devices/address.html", device=device, address=url, qr=qr(url), is_only_here=is_only_here())


@bp.post("/devices/<int:device_id>/revoke")
@access("admin")
@writes
def revoke(device_id: int) -> ResponseReturnValue:
    """End a device at once."""
    device = actions.revoke_device(by=g.person, device_id=device_id, at=clock.now())
    flash(gettext("设备“%(name)s”已停用。", name=device.name), "done")
    return redirect(url_for(".devices"), 303)


@bp.get("/join")
@access("public")
def join_form() -> str:
    """Asks on the device for the code; looking uses nothing up."""
    return render_template("devices/join.html", code=rules.typed_digits(request.args.get("code", "")))


@bp.post("/join")
@access("public")
@redisplay(join_form)
@guessing.slow_to_guess
@writes
@shows_once
def join() -> ResponseReturnValue:
    """Let this browser be the device, and go where its work is."""
    device, secret = actions.join(code=load(schemas.JoinSchema)["code"], at=clock.now())
    flash(gettext("这台设备已加入：%(name)s，%(unit)s。", name=device.name, unit=device.unit.name), "done")
    response = make_response(redirect(_work_of(device), 303))
    guessing.set_lasting_cookie(response, DEVICE_COOKIE, secret)
    return response


def _work_of(device: Device) -> str:
    if device.scope == "display":
        return url_for("display.display")
    return url_for("sign_in.form", next=url_for("counter.start" if device.scope == "counter" else "activities.manage"))


def _code_page(device: Device, code: str) -> str:
    url = public_url("devices.join_form", code=code)
    return render_template(
        "devices/code.html",
        device=device,
        code=f"{code[:4]} {code[4:]}",
        qr=qr(url),
        address=public_url("devices.join_form"),
        is_only_here=is_only_here(),
        scopes=SCOPE_NAMES,
    )
