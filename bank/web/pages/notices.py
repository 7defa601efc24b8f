"""The page of one's notices, what is unread, and the way one wants to be told."""

from flask import Blueprint, Flask, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bank import clock
from bank.consents.queries import has_consent
from bank.notices import actions, queries, rules, schemas
from bank.notices.models import Notice
from bank.notices.texts import words
from bank.web import paging
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.language import current
from bank.web.navigation import link

bp = Blueprint("notices", __name__)

CHANNEL_NAMES = {
    "email": _("电子邮件"),
    "wecom": _("企业微信群机器人"),
    "dingtalk": _("钉钉群机器人"),
    "feishu": _("飞书群机器人"),
}
STATE_NAMES = {
    "waiting": _("等待发送"),
    "sending": _("正在发送"),
    "sent": _("已发送"),
    "failed": _("没有发出"),
    "unknown": _("可能没有送到"),
    "dropped": _("未发送"),
}
# Where a notice leads, and the picture beside it; a kind without a line here has neither.
TARGETS = {
    "statement_ready": ("statements.statements", "file-earmark-text"),
    "points_expiring": ("rewards.catalogue", "hourglass-split"),
    "hold_ending": ("rewards.mine", "gift"),
    "hold_ended": ("rewards.mine", "gift"),
    "activity_changed": ("activities.activities", "calendar-event"),
    "activity_cancelled": ("activities.activities", "calendar-x"),
    "activity_place_free": ("activities.activities", "calendar-check"),
    "activity_reminder": ("activities.activities", "calendar-event"),
    "record_added": ("hours.records", "clock-history"),
    "record_corrected": ("hours.records", "clock-history"),
    "attendance_decided": ("hours.records", "clock-history"),
    "objection_answered": ("hours.records", "chat-left-text"),
    "check_out_forgotten": ("hours.records", "clock-history"),
    "supplement_agreed": ("hours.records", "clock-history"),
    "supplements_many": ("closing.supplements", "calendar-plus"),
    "activity_left": ("activities.activities", "calendar-x"),
    "award_given": ("ratings.mine", "award"),
    "feedback_shown": ("feedback.mine", "building"),
}


@bp.get("/notices")
@access("member")
def notices() -> str:
    """What I was told, the latest first, and how else I want to be told."""
    page = paging.page(queries.of_person(g.person.id), order=(Notice.told_at, Notice.id), is_descending=True, **paging.asked())
    return render_template(
        "notices/notices.html",
        page=page,
        words=words,
        target=_target,
        unread=queries.unread_count(g.person.id),
        deliveries=queries.deliveries_of([each.id for each in page.items]),
        states=STATE_NAMES,
        channels=_offered(),
        chosen=queries.channel_of(g.person.id),
        masked=rules.masked_address,
        is_agreed=has_consent(g.person.id, "contact"),
    )


@bp.post("/notices/read")
@access("member")
@writes
def read() -> ResponseReturnValue:
    """Mark all of mine as read."""
    actions.read(by=g.person, at=clock.now())
    return redirect(url_for(".notices"), 303)


@bp.post("/notices/channel")
@access("member")
@redisplay(notices)
@writes
def choose() -> ResponseReturnValue:
    """Choose how else I want to be told, or not at all."""
    wanted = load(schemas.ChannelSchema)
    channel = None if wanted["channel"] == "none" else wanted["channel"]
    actions.choose(by=g.person, channel=channel, address=wanted["address"], language=current(), at=clock.now())
    flash(gettext("接收方式已保存。"), "done")
    return redirect(url_for(".notices", _anchor="channel"), 303)


def unread() -> int:
    """How many of mine are unread, for the mark in the top bar; 0 for strangers."""
    return queries.unread_count(g.person.id) if g.get("person") else 0


def register(app: Flask) -> None:
    """Give the templates the mark of what is unread."""
    app.jinja_env.globals.update(unread_notices=unread)


def _offered() -> list[tuple[str, object]]:
    """The channels there are here: e-mail only where a mail server is set."""
    has_mail = bool(current_app.config["MAIL_URL"])
    return [(each, CHANNEL_NAMES[each]) for each in rules.CHANNELS if each != "email" or has_mail]


def _target(notice: Notice) -> tuple[str | None, str]:
    endpoint, icon = TARGETS.get(notice.kind, ("", "bell"))
    return (link(endpoint) if endpoint else None), icon
