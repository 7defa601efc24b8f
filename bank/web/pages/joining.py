"""Joining and leaving in one tap; for organizers who has joined, taking in by card, and bringing a team."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bank import clock
from bank.activities.queries import activity
from bank.db import db
from bank.joining import actions, queries
from bank.joining.schemas import ActivityLeaveSchema, CardJoinSchema, NewActivityJoinSchema, TeamJoinSchema
from bank.web import exports
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.pages.activities import activity as activity_page

bp = Blueprint("joining", __name__, url_prefix="/activities")
STAFF = ("organizer", "admin")
STATE_NAMES = {"joined": _("已报名"), "waiting": _("候补")}
WAY_NAMES = {
    "self": _("自己报名"), "guardian": _("家长报名"), "organizer": _("组织者代报"), "team": _("随队"), "walk_in": _("现场加入"),
}  # fmt: skip
COLUMNS = (
    (_("姓名"), lambda each: each.person.name),
    (_("卡号"), lambda each: each.person.card_number),
    (_("状态"), lambda each: STATE_NAMES[each.state]),
    (_("方式"), lambda each: WAY_NAMES[each.way]),
    (_("报名时间"), lambda each: each.asked_at),
)


@bp.post("/<int:activity_id>/join")
@access("member")
@redisplay(activity_page)
@writes
def join(activity_id: int) -> ResponseReturnValue:
    """Take part, or wait where no place is left."""
    done = actions.join(by=g.person, activity_id=activity_id, at=clock.now(), **load(NewActivityJoinSchema))
    said = gettext("报名成功") if done.state == "joined" else gettext("名额已满，已排入候补")
    flash(said, "done" if done.state == "joined" else "waiting")
    return redirect(url_for("activities.activity", activity_id=activity_id), 303)


@bp.post("/<int:activity_id>/leave")
@access("member")
@redisplay(activity_page)
@writes
def leave(activity_id: int) -> ResponseReturnValue:
    """Give the place up."""
    actions.leave(by=g.person, activity_id=activity_id, at=clock.now(), **load(ActivityLeaveSchema))
    flash(gettext("已退出这项活动"), "done")
    return redirect(url_for("activities.activity", activity_id=activity_id), 303)


@bp.get("/<int:activity_id>/joined")
@access(*STAFF)
def joined(activity_id: int) -> ResponseReturnValue:
    """Who has joined and who waits, for the organizers."""
    found, rows = activity(activity_id), queries.participants(by=g.person, activity_id=activity_id)
    if exports.is_asked():
        return exports.answer("joined", COLUMNS, rows)
    return render_template(
        "activities/joined.html", activity=found, rows=rows, at=clock.now(), states=STATE_NAMES, ways=WAY_NAMES,
        places=queries.places([found])[found.id], teams=_teams(), **_team(),
    )  # fmt: skip


@bp.post("/<int:activity_id>/joined")
@access(*STAFF)
@redisplay(joined)
@writes
def join_member(activity_id: int) -> ResponseReturnValue:
    """Take somebody in by card."""
    done = actions.join_member(by=g.person, activity_id=activity_id, at=clock.now(), **load(CardJoinSchema))
    flash(gettext("%(name)s：%(state)s", name=done.person.name, state=STATE_NAMES[done.state]), "done")
    return redirect(url_for(".joined", activity_id=activity_id), 303)


@bp.post("/<int:activity_id>/joined/team")
@access(*STAFF)
@redisplay(joined)
@writes
def bring(activity_id: int) -> ResponseReturnValue:
    """Bring members of a team."""
    done = actions.bring(by=g.person, activity_id=activity_id, at=clock.now(), **load(TeamJoinSchema))
    waiting = sum(each.state == "waiting" for each in done)
    flash(gettext("已报名 %(joined)s 人，候补 %(waiting)s 人", joined=len(done) - waiting, waiting=waiting), "done")
    return redirect(url_for(".joined", activity_id=activity_id), 303)


@bp.post("/<int:activity_id>/joined/<int:person_id>/remove")
@access(*STAFF)
@redisplay(joined)
@writes
def remove(activity_id: int, person_id: int) -> ResponseReturnValue:
    """Take somebody off the list."""
    actions.remove(by=g.person, activity_id=activity_id, person_id=person_id, at=clock.now())
    return redirect(url_for(".joined", activity_id=activity_id), 303)


def _teams() -> list[tuple[int, str]]:
    return [(each.id, each.name) for each in queries.teams_to_bring(g.person)]


def _team() -> dict[str, Any]:
    """The team that was chosen, with its members in order of names."""
    team_id = request.values.get("team_id", type=int)
    if team_id not in dict(_teams()):
        return {"team_id": None, "members": []}
    members = db.session.scalars(queries.members_of_team(team_id)).all()
    return {"team_id": team_id, "members": sorted(members, key=lambda each: (each.name_sort, each.id))}
