"""The screen at an activity's door, with the code that changes."""

from typing import Any

from flask import Blueprint, g, render_template

from bank import clock
from bank.activities.queries import activity
from bank.attendance import queries
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


def _shown(activity_id: int) -> dict[str, Any]:
    codes = queries.codes_for(by=g.person, activity_id=activity_id, at=clock.now())
    found = activity(activity_id)
    link = public_url("check_in.scan", code=codes.code)
    return {"activity": found, "codes": codes, "picture": qr(link), "count": queries.head_count(activity_id)}
