"""This was not me (不是我), or not my child: a member says so in two taps; somebody else looks into it and answers."""

from datetime import date

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bank import clock
from bank.hours.queries import rule_set
from bank.people.models import Person
from bank.publicity import objections as deeds
from bank.publicity import queries
from bank.publicity.models import Objection
from bank.publicity.schemas import ObjectionAnswerSchema, ObjectionWordsSchema
from bank.web import exports, paging
from bank.web.auth import access
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes

bp = Blueprint("objecting", __name__)
STAFF = ("organizer", "admin")
READERS = (*STAFF, "auditor")
ORDER = (Objection.due_on, Objection.id)
STATE_NAMES = {"open": _("待答复"), "kept": _("记录属实"), "taken_back": _("已冲正")}
COLUMNS = (
    (_("储户"), lambda each: each.person.name),
    (_("提出人"), lambda each: each.raised_by.name),
    (_("服务"), lambda each: queries.title(each)[0]),
    (_("提出时间"), lambda each: each.raised_at),
    (_("最晚答复"), lambda each: each.due_on),
    (_("状态"), lambda each: STATE_NAMES[each.state]),
    (_("答复"), lambda each: each.answer),
)


@bp.get("/hours/<int:record_id>/not-me")
@access("member")
def of_record(record_id: int) -> str:
    """The second tap: one big button that freezes this record."""
    record = queries.own_record(g.person, record_id, on=clock.today())
    target = url_for(".object_to_record", record_id=record.id)
    return _ask(record.person, record.service.name, record.service.served_on, record.minutes, target)


@bp.post("/hours/<int:record_id>/not-me")
@access("member")
@redisplay(of_record)
@writes
def object_to_record(record_id: int) -> ResponseReturnValue:
    """Say that a posted record is not mine."""
    return _raised(deeds.object_to_record(by=g.person, record_id=record_id, at=clock.now(), **load(ObjectionWordsSchema)))


@bp.get("/hours/shown/<int:part_id>/not-me")
@access("member")
def of_part(part_id: int) -> str:
    """The second tap: one big button that freezes these hours on show."""
    part = queries.own_part(g.person, part_id, on=clock.today())
    service = queries.service_from(part.publicity.service)
    return _ask(part.person, service.name, service.starts_at, part.minutes, url_for(".object_to_part", part_id=part.id))


@bp.post("/hours/shown/<int:part_id>/not-me")
@access("member")
@redisplay(of_part)
@writes
def object_to_part(part_id: int) -> ResponseReturnValue:
    """Say that hours on show are not mine."""
    return _raised(deeds.object_to_part(by=g.person, part_id=part_id, at=clock.now(), **load(ObjectionWordsSchema)))


@bp.get("/objections")
@access(*READERS)
def objections() -> ResponseReturnValue:
    """Objections of my units, what is due first at the top."""
    wanted = queries.objections(by=g.person)
    if exports.is_asked():
        return exports.answer("objections", COLUMNS, exports.every(wanted, order=ORDER))
    page = paging.page(wanted, order=ORDER, **paging.asked())
    return render_template("hours/objections.html", page=page, states=STATE_NAMES, today=clock.today(), title_of=queries.title)


@bp.get("/objections/<int:objection_id>")
@access(*READERS)
def objection(objection_id: int) -> str:
    """One objection with what is known, and the form for an answer."""
    found = queries.objection(by=g.person, objection_id=objection_id)
    name, day, minutes = queries.title(found)
    return render_template("hours/objection.html", objection=found, name=name, day=day, minutes=minutes, states=STATE_NAMES)


@bp.post("/objections/<int:objection_id>/answer")
@access(*STAFF)
@redisplay(objection)
@writes
def answer(objection_id: int) -> ResponseReturnValue:
    """Decide, with reasons."""
    deeds.answer(by=g.person, objection_id=objection_id, at=clock.now(), **load(ObjectionAnswerSchema))
    flash(gettext("已答复，储户会收到消息。"), "done")
    return redirect(url_for(".objections"), 303)


def _ask(person: Person, name: str, day: date, minutes: int, target: str) -> str:
    workdays = rule_set(clock.today()).objection_workdays
    return render_template(
        "hours/not_me.html", person=person, back=_records_of(person), name=name, day=day, minutes=minutes, target=target,
        workdays=workdays,
    )  # fmt: skip


def _raised(raised: Objection) -> ResponseReturnValue:
    flash(gettext("这条记录已冻结，等待核查。我们会把结果告诉您。"), "done")
    return redirect(_records_of(raised.person), 303)


def _records_of(person: Person) -> str:
    return url_for("hours.records") if person.id == g.person.id else url_for("hours.of_child", person_id=person.id)
