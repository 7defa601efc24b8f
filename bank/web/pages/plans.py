"""Plans of activities: publishing one or a series, drafts, and changing what has not begun."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from marshmallow import EXCLUDE

from bank import clock
from bank.activities import actions, queries, rules
from bank.activities.rules import NewActivity
from bank.activities.schemas import ChangedActivitySchema, DraftContentSchema, NewActivitySchema
from bank.fields import Day, StrictInt
from bank.hours.rules import CATEGORIES
from bank.joining import changes
from bank.web.auth import access
from bank.web.filters import for_input
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.texts import CATEGORY_NAMES

bp = Blueprint("plans", __name__, url_prefix="/activities")
STAFF = ("organizer", "admin")


class PlanFormSchema(NewActivitySchema):
    """A plan as the form sends it: once, or every so many weeks until a day; from a draft or not."""

    every_weeks = StrictInt(load_default=0, high=rules.EVERY_WEEKS_MAX)
    until_on = Day(load_default=None)
    draft_id = StrictInt(load_default=None, low=1)


class DraftFormSchema(DraftContentSchema):
    """As much of a plan as has been typed."""

    class Meta:
        """What only publishing needs is left out."""

        unknown = EXCLUDE

    draft_id = StrictInt(load_default=None, low=1)

    def __init__(self) -> None:
        super().__init__(partial=tuple(name for name in DraftContentSchema().fields if name != "unit_id"))


@bp.get("/new")
@access(*STAFF)
def new() -> str:
    """Asks for what a record will have to say (Order 67); filled in from a draft where one is named."""
    draft_id = request.values.get("draft_id", type=int)
    content = queries.draft(by=g.person, draft_id=draft_id).content if draft_id else {}
    return _form("activities/new.html", content, draft_id=draft_id, drafts=queries.drafts(by=g.person))


@bp.post("/")
@access(*STAFF)
@redisplay(new)
@writes
def publish() -> ResponseReturnValue:
    """Publish an activity, or a series of them."""
    typed = load(PlanFormSchema)
    draft_id, until_on, weeks = (typed.pop(name) for name in ("draft_id", "until_on", "every_weeks"))
    leader_id = queries.leader_id(by=g.person, card_number=typed.pop("leader_card_number"))
    plan, at = NewActivity(**typed, leader_id=leader_id), clock.now()
    if not weeks:
        published = actions.publish(by=g.person, new=plan, draft_id=draft_id, at=at)
        return redirect(url_for("attendance.people", activity_id=published.id), 303)
    if until_on is None:
        raise rules.BadSeries(errors={"until_on": [gettext("请填写这一项。")]})
    found = actions.publish_series(by=g.person, new=plan, until_on=until_on, every_weeks=weeks, draft_id=draft_id, at=at)
    flash(ngettext("已发布 %(num)s 场活动", "已发布 %(num)s 场活动", len(found)), "done")
    return redirect(url_for("activities.manage"), 303)


@bp.post("/drafts")
@access(*STAFF)
@redisplay(new)
@writes
def save_draft() -> ResponseReturnValue:
    """Keep what has been typed for later; nobody but the unit's organizers sees it."""
    typed = load(DraftFormSchema)
    draft_id = typed.pop("draft_id", None)
    content = DraftContentSchema().dump(typed)
    actions.save_draft(by=g.person, unit_id=typed["unit_id"], content=content, draft_id=draft_id, at=clock.now())
    flash(gettext("草稿已保存。只有本单位的组织者看得到。"), "done")
    return redirect(url_for("activities.manage"), 303)


@bp.post("/drafts/<int:draft_id>/delete")
@access(*STAFF)
@writes
def drop_draft(draft_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    actions.drop_draft(by=g.person, draft_id=draft_id)
    flash(gettext("草稿已删除。"), "done")
    return redirect(url_for("activities.manage"), 303)


@bp.get("/<int:activity_id>/edit")
@access(*STAFF)
def edit(activity_id: int) -> str:
    """The plan of an activity that has not begun, to be changed."""
    found = queries.activity(activity_id)
    queries.require_organizer(g.person, found.unit_id)
    rules.check_change(state=found.state, starts_at=found.starts_at, at=clock.now())
    return _form("activities/edit.html", vars(queries.as_new(found)), activity=found, following=queries.following(found))


@bp.post("/<int:activity_id>/edit")
@access(*STAFF)
@redisplay(edit)
@writes
def change(activity_id: int) -> ResponseReturnValue:
    """Change a plan, or it and all that follow; who has joined is told."""
    typed = load(ChangedActivitySchema)
    is_following, number = typed.pop("is_following"), typed.pop("leader_card_number")
    found = queries.activity(activity_id)
    leader_id = queries.leader_id(by=g.person, card_number=number) if number else found.leader_id
    plan = NewActivity(**typed, leader_id=leader_id)
    done = changes.change(by=g.person, activity_id=activity_id, new=plan, is_following=is_following, at=clock.now())
    flash(ngettext("已修改 %(num)s 场活动，报名的人会收到消息", "已修改 %(num)s 场活动，报名的人会收到消息", len(done)), "done")
    return redirect(url_for("attendance.people", activity_id=activity_id), 303)


def _form(template: str, plan: dict[str, Any], **shown: Any) -> str:
    return render_template(
        template, plan={name: _typed(value) for name, value in plan.items()}, units=queries.organizing_units(g.person),
        kinds=CATEGORIES, categories=CATEGORY_NAMES, **shown,
    )  # fmt: skip


def _typed(value: object) -> object:
    """A value as its field shows it: instants in local time, to the minute."""
    if isinstance(value, str) and len(value) == len("2026-10-15T01:00:00Z") and value.endswith("Z"):
        value = datetime.fromisoformat(value)
    return for_input(value) if isinstance(value, date) else value
