"""The code at an activity's door: on a screen, where it changes, or printed for a place without one."""

from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from bank import clock
from bank.activities.queries import activity
from bank.attendance import queries
from bank.documents import codes
from bank.documents.pdf import FontMissing, pdf
from bank.web import filters, language
from bank.web.auth import access
from bank.web.links import is_only_here, public_url
from bank.web.qr import qr

bp = Blueprint("door", __name__, url_prefix="/activities")
STAFF = ("organizer", "admin")


@bp.get("/<int:activity_id>/screen")
@access(*STAFF)
def screen(activity_id: int) -> str:
    """The changing code for a screen at the door."""
    return render_template("attendance/screen.html", **_shown(activity_id), is_only_here=is_only_here())


@bp.get("/<int:activity_id>/screen/code")
@access(*STAFF)
def screen_code(activity_id: int) -> str:
    """The part of the screen that changes, fetched anew by the page itself."""
    return render_template("attendance/_code.html", **_shown(activity_id))


@bp.get("/<int:activity_id>/static-code")
@access(*STAFF)
def static_code(activity_id: int) -> str:
    """The code to print, which does not change; what it proves is less."""
    return render_template("attendance/static_code.html", **_static(activity_id))


@bp.get("/<int:activity_id>/static-code.pdf")
@access(*STAFF)
def static_code_pdf(activity_id: int) -> ResponseReturnValue:
    """The same on a sheet; where no font is, the page that the browser prints."""
    shown = _static(activity_id)
    held = shown["activity"]
    data = {
        "bank": current_app.config["NAME"], "title": held.name, "language": language.current(),
        "when": f"{filters.moment(held.starts_at)} – {filters.clock_time(held.ends_at)}", "place": held.place,
        "how": gettext("用手机相机或微信扫码，签到、签退"), "qr": codes.qr(shown["link"]), "link": shown["link"],
        "note": gettext("打印的码不会变，证明力较弱；组织者会核对谁到了现场。"),
    }  # fmt: skip
    try:
        return Response(pdf("static_code", data, at=clock.now()), mimetype="application/pdf")
    except FontMissing:
        return redirect(url_for(".static_code", activity_id=activity_id), 303)


def _static(activity_id: int) -> dict[str, Any]:
    link = public_url("check_in.scan", code=queries.static_code_for(by=g.person, activity_id=activity_id))
    return {"activity": activity(activity_id), "link": link, "picture": qr(link), "is_only_here": is_only_here()}


def _shown(activity_id: int) -> dict[str, Any]:
    codes = queries.codes_for(by=g.person, activity_id=activity_id, at=clock.now())
    found = activity(activity_id)
    link = public_url("check_in.scan", code=codes.code)
    return {"activity": found, "codes": codes, "picture": qr(link), "count": queries.head_count(activity_id)}
