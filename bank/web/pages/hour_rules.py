"""The rules of hours and points: what holds now, what will, and for admins a new version."""

from dataclasses import fields
from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from bank import clock
from bank.hours.queries import rule_set, rule_sets
from bank.hours.rules import RuleSet
from bank.hours.schemas import NewRuleSetSchema
from bank.hours.versions import add_rule_set
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes

bp = Blueprint("hour_rules", __name__, url_prefix="/hours/rules")
NAMES = {
    "points_per_hour": _("每小时积分（百分之一分）"),
    "class_percent_min": _("系数最小（%%）"),
    "class_percent_max": _("系数最大（%%）"),
    "class_percent_default": _("系数一般（%%）"),
    "quality_percent": _("质量系数（%%）"),
    "presence_percent_min": _("在场至少占计划的（%%）"),
    "pairs_max": _("一项活动最多进出几次"),
    "day_minutes_max": _("一天最多计（分钟）"),
    "year_points_max": _("一年最多得（百分之一分）"),
    "supplement_points_percent": _("补录时长计积分（%%）"),
    "open_minutes_before": _("开始前几分钟可以签到"),
    "open_minutes_after": _("结束后几分钟可以签退"),
    "confirm_workdays": _("几个工作日内确认"),
    "publicity_workdays": _("公示几个工作日（0 为不公示）"),
    "post_workdays": _("几个工作日内入账"),
    "objection_workdays": _("几个工作日内答复异议"),
    "office_starts_minute": _("上班时间从 0 点起第几分钟开始"),
    "office_ends_minute": _("上班时间从 0 点起第几分钟结束"),
    "bulk_supplements_min": _("一人一天补录几条起提醒审计"),
}
RULES = [each.name for each in fields(RuleSet) if each.name in NAMES]


@bp.get("/")
@access("member")
def versions() -> str:
    """Every version of the rules, with the one that holds today."""
    return render_template("hours/rules.html", versions=rule_sets(), now=rule_set(clock.today()), names=NAMES, rules=RULES)


@bp.get("/new")
@access("admin")
def new() -> str:
    """Asks what changes, and from which day on."""
    return render_template("hours/new_rules.html", newest=rule_sets()[0], names=NAMES, rules=RULES)


@bp.post("/")
@access("admin")
@redisplay(new)
@writes
def add() -> ResponseReturnValue:
    """Add a version that begins on a day to come."""
    typed: dict[str, Any] = load(NewRuleSetSchema)
    add_rule_set(by=g.person, starts_on=typed.pop("starts_on"), changed=typed, at=clock.now())
    return redirect(url_for(".versions"), 303)
