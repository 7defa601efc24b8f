"""Micro-hours: two taps for the member, one for the recipient, one for the organizer."""

from typing import Any

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from bank import clock
from bank.errors import BankError
from bank.evaluations.rules import MARKS
from bank.hours.rules import CATEGORIES
from bank.micro_hours import actions, queries, rules, schemas
from bank.people.models import Person
from bank.web import rating_device
from bank.web.auth import access, load_person
from bank.web.errors import answer_status, refusal_in_words
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.links import public_url
from bank.web.qr import qr
from bank.web.security import limiter
from bank.web.texts import CATEGORY_NAMES, MARK_NAMES

bp = Blueprint("micro_hours", __name__)
TRIES = "60 per minute"
# What in-service members do most comes first, so that one tap starts it.
FIRST = ("elder_care", "environment", "repairs", "safety_patrol", "disability_help", "child_care")


@bp.get("/micro-hours")
@access("member")
def mine() -> str:
    """What runs, with a button to stop it; else the buttons that start one."""
    running = queries.running(g.person.id)
    others = [each for each in CATEGORIES if each not in FIRST]
    return render_template(
        "micro_hours/mine.html", running=running, mine=queries.mine(g.person.id), minutes=queries.minutes,
        categories=[*FIRST, *others], names=CATEGORY_NAMES, elapsed_from=running.started_at if running else None,
    )  # fmt: skip


@bp.post("/micro-hours")
@access("member")
@redisplay(mine)
@writes
def start() -> ResponseReturnValue:
    """The first tap."""
    actions.start(by=g.person, new=new_micro_hour(g.person, load(schemas.StartMicroHourSchema)), at=clock.now())
    return redirect(url_for(".mine"), 303)


@bp.post("/micro-hours/stop")
@access("member")
@redisplay(mine)
@writes
def stop() -> ResponseReturnValue:
    """The second tap."""
    stopped = actions.stop(by=g.person, at=clock.now())
    if stopped.state == "dropped":
        flash(gettext("不到 5 分钟，按误点处理，没有记录。"), "waiting")
        return redirect(url_for(".mine"), 303)
    return redirect(url_for(".stopped", micro_hour_id=stopped.id), 303)


@bp.get("/micro-hours/<int:micro_hour_id>")
@access("member")
def stopped(micro_hour_id: int) -> str:
    """One of one's own that is over, with the code for the recipient until it is confirmed."""
    found = queries.own(g.person.id, micro_hour_id)
    link = public_url(".recipient", key=found.key) if found.state == "stopped" and found.confirmed_at is None else None
    return render_template(
        "micro_hours/stopped.html", micro_hour=found, minutes=queries.minutes(found), link=link, code=qr(link) if link else None
    )


@bp.post("/micro-hours/<int:micro_hour_id>/words")
@access("member")
@redisplay(stopped)
@writes
def describe(micro_hour_id: int) -> ResponseReturnValue:
    """Say what was done, and where."""
    actions.describe(by=g.person, micro_hour_id=micro_hour_id, **load(schemas.MicroHourWordsSchema))
    return redirect(url_for(".stopped", micro_hour_id=micro_hour_id), 303)


@bp.post("/micro-hours/<int:micro_hour_id>/drop")
@access("member")
@redisplay(mine)
@writes
def drop(micro_hour_id: int) -> ResponseReturnValue:
    """Give it up; it counts nothing."""
    actions.drop(by=g.person, micro_hour_id=micro_hour_id, at=clock.now())
    return redirect(url_for(".mine"), 303)


@bp.get("/micro-hours/waiting")
@access("organizer", "admin")
def waiting() -> str:
    """What waits for an organizer: those that recipients confirmed can be recorded all at once."""
    found = queries.waiting(g.person)
    ready = [each for each in found if each.micro_hour.confirmed_at is not None]
    return render_template("micro_hours/waiting.html", ready=ready, others=[each for each in found if each not in ready])


@bp.post("/micro-hours/record")
@access("organizer", "admin")
@redisplay(waiting)
@writes
def record() -> ResponseReturnValue:
    """Record those that are ticked."""
    ids = load(schemas.MicroHourIdsSchema)["micro_hour_ids"]
    done = actions.record(by=g.person, micro_hour_ids=ids, at=clock.now())
    flash(ngettext("已入账 %(num)s 条", "已入账 %(num)s 条", done.record_count), "done")
    if done.left_out_ids:
        flash(gettext("自己和家里人的要由另一位组织者确认。"), "waiting")
    return redirect(url_for(".waiting"), 303)


@bp.post("/micro-hours/<int:micro_hour_id>/call")
@access("organizer", "admin")
@redisplay(waiting)
@writes
def vouch(micro_hour_id: int) -> ResponseReturnValue:
    """Write down that the recipient was called; somebody else records it then."""
    called = load(schemas.MicroHourCallSchema)["reason"]
    actions.vouch(by=g.person, micro_hour_id=micro_hour_id, called=called, at=clock.now())
    flash(gettext("已记下电话核实，等另一位组织者确认入账。"), "waiting")
    return redirect(url_for(".waiting"), 303)


@bp.post("/micro-hours/<int:micro_hour_id>/refusal")
@access("organizer", "admin")
@redisplay(waiting)
@writes
def refuse(micro_hour_id: int) -> ResponseReturnValue:
    """Decide that it counts nothing, and why."""
    reason = load(schemas.MicroHourCallSchema)["reason"]
    actions.refuse(by=g.person, micro_hour_id=micro_hour_id, reason=reason, at=clock.now())
    return redirect(url_for(".waiting"), 303)


@bp.get("/m/<key>")
@limiter.limit(TRIES)
@access("public")
def recipient(key: str) -> str:
    """Was it so? Five rows of stars, or no."""
    return render_template(
        "micro_hours/recipient.html", shown=queries.shown(key), key=key, marks=MARKS, names=MARK_NAMES
    )  # fmt: skip


@bp.post("/m/<key>")
@limiter.limit(TRIES)
@access("public")
@writes
def confirm(key: str) -> ResponseReturnValue:
    """It was so; with the mark that was tapped."""
    mark, device = load(schemas.MicroHourMarkSchema)["mark"], rating_device.current()
    try:
        actions.confirm_by_link(key=key, mark=mark, device=device, by=g.person, at=clock.now())
    except BankError as refusal:
        return refused(refusal)
    return rating_device.keep(make_response(redirect(url_for(".recipient", key=key), 303)))


@bp.post("/m/<key>/denial")
@limiter.limit(TRIES)
@access("public")
@writes
def deny(key: str) -> ResponseReturnValue:
    """It was not so."""
    try:
        actions.deny_by_link(key=key, device=rating_device.current(), by=g.person, at=clock.now())
    except BankError as refusal:
        return refused(refusal)
    return rating_device.keep(make_response(redirect(url_for(".recipient", key=key), 303)))


def new_micro_hour(person: Person, sent: dict[str, Any]) -> rules.NewMicroHour:
    """What was sent, with the kind of service for a title and the community for a place where nothing was said."""
    unit = person.host_unit or person.unit
    title = sent["title"] or str(CATEGORY_NAMES[sent["category"]])
    return rules.NewMicroHour(category=sent["category"], title=title, place=sent["place"] or unit.name, unit_id=unit.id)


def refused(refusal: BankError) -> Response:
    """The big answer when it is no."""
    load_person()
    page = render_template("evaluations/refused.html", words=refusal_in_words(refusal))
    return make_response(page, answer_status(refusal))
