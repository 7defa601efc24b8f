"""The rules of hours and points: what holds now, what will, and for admins a new version."""

from dataclasses import fields
from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from bank import clock, wording
from bank.hours.queries import rule_set, rule_sets
from bank.hours.rules import RuleSet
from bank.hours.schemas import RuleFormSchema
from bank.hours.versions import add_rule_set
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes

bp = Blueprint("hour_rules", __name__, url_prefix="/hours/rules")
NAMES = {
    "points_per_hour": (_("每小时积分"), _("分")),
    "class_percent_min": (_("系数最小"), "%"),
    "class_percent_max": (_("系数最大"), "%"),
    "class_percent_default": (_("系数一般"), "%"),
    "quality_percent": (_("质量系数"), "%"),
    "presence_percent_min": (_("在场至少占计划的"), "%"),
    "pairs_max": (_("一项活动最多进出几次"), _("次")),
    "day_minutes_max": (_("一天最多计"), _("分钟")),
    "year_points_max": (_("一年最多得"), _("分")),
    "supplement_points_percent": (_("补录时长计积分"), "%"),
    "open_minutes_before": (_("开始前多久可以签到"), _("分钟")),
    "open_minutes_after": (_("结束后多久还可以签退"), _("分钟")),
    "confirm_workdays": (_("多久以内确认"), _("个工作日")),
    "publicity_workdays": (_("公示多久（0 为不公示）"), _("个工作日")),
    "post_workdays": (_("多久以内入账"), _("个工作日")),
    "objection_workdays": (_("多久以内答复异议"), _("个工作日")),
    "office_starts_minute": (_("上班时间从"), None),
    "office_ends_minute": (_("上班时间到"), None),
    "bulk_supplements_min": (_("一人一天补录几条起提醒审计"), _("条")),
}
RULES = [each.name for each in fields(RuleSet) if each.name in NAMES]


@bp.context_processor
def _words() -> dict[str, Any]:
    return {"names": NAMES, "rules": RULES, "shown": _shown}


@bp.get("/")
@access("member")
def versions() -> str:
    """Every version of the rules, with the one that holds today."""
    return render_template("hours/rules.html", versions=rule_sets(), now=rule_set(clock.today()))


@bp.get("/new")
@access("admin")
def new() -> str:
    """Asks what changes, and from which day on."""
    return render_template("hours/new_rules.html", newest=rule_sets()[0])


@bp.post("/")
@access("admin")
@redisplay(new)
@writes
def add() -> ResponseReturnValue:
    """Add a version that begins on a day to come."""
    typed: dict[str, Any] = load(RuleFormSchema)
    add_rule_set(by=g.person, starts_on=typed.pop("starts_on"), changed=typed, at=clock.now())
    return redirect(url_for(".versions"), 303)


def _shown(of: RuleSet, rule: str) -> str:
    """A rule as people read and type it: points with hundredths, office hours by the clock."""
    value: int = getattr(of, rule)
    if rule.startswith("office"):
        return f"{value // 60:02}:{value % 60:02}"
    return wording.points(value).replace(",", "") if rule in ("points_per_hour", "year_points_max") else str(value)
