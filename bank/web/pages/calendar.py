"""What is on, week by week and by unit (月月有专场、周周有活动), to look at and to subscribe to."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import NotFound

from bank import clock
from bank.activities import queries
from bank.activities.models import Activity
from bank.documents.ical import CONTENT_TYPE, Event, calendar
from bank.units.models import Unit
from bank.units.queries import top_unit, unit
from bank.web import exports
from bank.web.auth import access
from bank.web.links import public_url
from bank.web.texts import CATEGORY_NAMES

bp = Blueprint("calendar", __name__, url_prefix="/activities")
WEEK = timedelta(days=7)
YEARS = range(2000, 2101)
WEEKS_SHOWN, FEED_BACK, FEED_AHEAD = 5, 31, 186
COLUMNS = (
    (_("日期"), lambda each: clock.local_day(each.starts_at)),
    (_("开始"), lambda each: each.starts_at),
    (_("结束"), lambda each: each.ends_at),
    (_("活动"), lambda each: each.name),
    (_("服务类别"), lambda each: CATEGORY_NAMES[each.category]),
    (_("地点"), lambda each: each.place),
    (_("组织单位"), lambda each: each.unit.name),
    (_("已取消"), lambda each: each.state == "cancelled"),
)


@bp.get("/calendar")
@access("member")
def week() -> ResponseReturnValue:
    """One week of a unit, day by day, and which of the weeks around it have something on."""
    where, monday = _unit(), _monday()
    found = queries.between(**queries.span(monday, 7), near=where)
    if exports.is_asked():
        return exports.answer("calendar", COLUMNS, found)
    days: dict[date, list[Activity]] = {monday + timedelta(days=each): [] for each in range(7)}
    for each in found:
        days[clock.local_day(each.starts_at)].append(each)
    return render_template(
        "activities/calendar.html", where=where, monday=monday, days=days, weeks=_weeks(where, monday), today=clock.today(),
        feed=public_url("calendar.feed", unit=where.id), before=monday - WEEK, after=monday + WEEK,
    )  # fmt: skip


@bp.get("/calendar.ics")
@access("public")
def feed() -> Response:
    """A unit's activities for calendar programs, which cannot sign in; they say what, when and where, and nobody's name."""
    where, today = _unit(), clock.today()
    span = queries.span(today - timedelta(days=FEED_BACK), FEED_BACK + FEED_AHEAD)
    events = [_event(each) for each in queries.between(**span, near=where)]
    return Response(calendar(where.name, events, zone=str(clock.zone())), content_type=CONTENT_TYPE)


def _event(activity: Activity) -> Event:
    return Event(
        uid=f"{activity.key}@bank", name=activity.name, place=activity.place, text=activity.content,
        url=public_url("activities.activity", activity_id=activity.id), starts_at=activity.starts_at, ends_at=activity.ends_at,
        changed_at=activity.cancelled_at or activity.changed_at or activity.published_at,
        is_cancelled=activity.state == "cancelled",
    )  # fmt: skip


def _unit() -> Unit:
    """The unit that is asked for, or one's own, or the whole bank."""
    asked = request.args.get("unit", type=int)
    if asked is not None:
        return unit(asked)
    return g.person.unit if g.get("person") else top_unit()


def _monday() -> date:
    """The first day of the week that is asked for by any of its days. Raises NotFound for what is no day."""
    try:
        day = date.fromisoformat(request.args["day"]) if "day" in request.args else clock.today()
    except ValueError:
        raise NotFound() from None
    if day.year not in YEARS or (day.year == YEARS[-1] and day.month == 12):
        raise NotFound()
    return day - timedelta(days=day.weekday())


def _weeks(where: Unit, monday: date) -> list[dict[str, Any]]:
    """The weeks around one, each with how much is on."""
    first = monday - 2 * WEEK
    counts: dict[date, int] = defaultdict(int)
    for each in queries.between(**queries.span(first, 7 * WEEKS_SHOWN), near=where):
        day = clock.local_day(each.starts_at)
        counts[day - timedelta(days=day.weekday())] += each.state != "cancelled"
    mondays = [first + number * WEEK for number in range(WEEKS_SHOWN)]
    return [{"monday": each, "count": counts[each], "is_here": each == monday} for each in mondays]
