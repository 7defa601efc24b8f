"""The screen in a hall: boards in turn and the week's activities, asked for every few seconds, sent only when changed."""

import hashlib
from datetime import datetime
from functools import lru_cache

from flask import Blueprint, Response, g, make_response, render_template, request
from markupsafe import Markup

from bank import clock
from bank.activities import queries as activities
from bank.activities.models import Activity
from bank.boards import queries
from bank.boards.queries import Board
from bank.devices.rules import DeviceNotFound
from bank.units.models import Unit
from bank.units.queries import unit
from bank.web import numbers, paging
from bank.web.auth import access, use_device
from bank.web.files import version
from bank.web.filters import moment
from bank.web.language import current
from bank.web.links import public_url
from bank.web.qr import qr

bp = Blueprint("display", __name__)

ACTIVITIES_MAX = 6


@bp.get("/display")
@access("display")
def display() -> Response:
    """The screen of a device that joined here; it looks for news by itself."""
    return _screen(unit(numbers.asked("unit") or (g.device.unit_id if g.device else queries.root_id())))


@bp.get("/display/<string:secret>")
@access("public")
def by_address(secret: str) -> Response:
    """The screen at an address that can be revoked, for televisions on which nothing can be typed."""
    device = use_device(secret)
    if device is None or device.scope != "display":
        raise DeviceNotFound()
    return _screen(device.unit)


@bp.get("/board/display")
@access("public")
def preview() -> Response:
    """What a screen of a unit would show; nothing in it is secret."""
    return _screen(unit(numbers.asked("unit") or queries.root_id()))


def _screen(place: Unit) -> Response:
    """The whole page, or with `frame` in the address only what changes on it; with its ETag sent again, nothing."""
    at = clock.now()
    boards = queries.programme(place, at=at)
    shown = [each for each in boards if each.rows] or boards[:1]
    page = {
        "place": place,
        "boards": shown,
        "activities": _this_week(place),
        "join_qr": _qr(public_url("activities.activities"), current()),
    }
    frame = render_template("boards/_frame.html", **page)
    if "frame" not in request.args:
        return make_response(render_template("boards/display.html", frame=frame, place=place, source=request.path, as_of=at))
    response = make_response(frame)
    response.set_etag(hashlib.sha256((frame + _release()).encode()).hexdigest()[:20])
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Bank-As-Of"] = moment(_oldest(boards))
    response.headers["Bank-Release"] = _release()
    response.make_conditional(request)
    return response


def _this_week(place: Unit) -> list[Activity]:
    at = clock.now()
    soon = activities.upcoming(at=at, near=place).where(Activity.starts_at < at + queries.WEEK)
    return list(paging.page(soon, order=(Activity.starts_at, Activity.id), limit=ACTIVITIES_MAX).items)


@lru_cache(maxsize=8)  # To draw it takes longer than all else of a frame.
def _qr(url: str, _language: str) -> Markup:
    return qr(url)


def _oldest(boards: list[Board]) -> datetime:
    return min(each.as_of for each in boards)


def _release() -> str:
    """Changes with the files of the screen, so that one that runs for months takes up a new release by itself."""
    return version("display.js") + version("display.css")
