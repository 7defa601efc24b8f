"""The phone at the door: scan, sign in if need be, one big button, one big answer.

A good scan is kept for five minutes in a signed cookie, so that signing in slowly costs nobody the check-in.
"""

from datetime import datetime

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bank import clock
from bank.access.member_code import member_code, seconds_left
from bank.activities.models import Activity
from bank.attendance import actions, queries, rules, scans
from bank.attendance.rules import NewScan
from bank.attendance.ticket import RIGHT_SECONDS
from bank.clock import local_day
from bank.errors import BankError
from bank.hours.queries import rule_set
from bank.web import scan_answers
from bank.web.auth import access, load_person
from bank.web.errors import answer_status, refusal_in_words
from bank.web.idempotency import request_key
from bank.web.links import public_url
from bank.web.qr import qr
from bank.web.scan_answers import takes_scans
from bank.web.security import limiter

bp = Blueprint("check_in", __name__, url_prefix="/a")
COOKIE = "scan"
ALREADY = (rules.AlreadyCheckedIn.code, rules.AlreadyCheckedOut.code)
NO_GOOD = (rules.CodeExpired.code, rules.CodeUnknown.code)
TRIES = "12 per minute"  # A billion typed codes, of which a few are good: nobody guesses one.


@bp.get("/<code>")
@access("public")
def scan(code: str) -> ResponseReturnValue:
    """What the QR code opens: keeps the right of this scan, and goes on to the button (past signing in)."""
    return _keep(queries.scan(code, at=clock.now()))


@bp.get("/typed")
@limiter.limit(TRIES, key_func=lambda: str(current_user.get_id()))
@access("member")
def typed() -> ResponseReturnValue:
    """The six characters typed instead of scanned."""
    return _keep(queries.scan(request.args.get("code", ""), at=clock.now(), is_typed=True))


@bp.get("/")
@access("member")
def start() -> ResponseReturnValue:
    """The one button: check in, or check out; or, without a scan, a field for the code."""
    ticket = request.cookies.get(COOKIE)
    if not ticket:
        return render_template("attendance/type_code.html")
    at = clock.now()
    activity = queries.check_scan(ticket, at=at)
    stays = queries.attendances_of(person_id=g.person.id, activity_id=activity.id)
    return render_template("attendance/start.html", activity=activity, last=stays[-1] if stays else None, ticket=ticket, at=at)


@bp.get("/mine")
@access("member")
def mine() -> str:
    """My rotating code as a link, for an organizer who scans with the phone's own camera."""
    at = clock.now()
    link = public_url("scanner.member", digits=member_code(g.person, at=at))
    return render_template("attendance/mine.html", picture=qr(link), seconds=seconds_left(at))


@bp.post("/check-in")
@access("member")
@takes_scans
def check_in() -> ResponseReturnValue:
    """Check in with what was scanned."""
    return _take("in")


@bp.post("/check-out")
@access("member")
@takes_scans
def check_out() -> ResponseReturnValue:
    """Check out with what was scanned."""
    return _take("out")


@bp.get("/answers/<nonce>")
@access("member")
def answer(nonce: str) -> ResponseReturnValue:
    """The big answer to one of my scans, the same however often it is asked for."""
    scan = scans.own_scan(by=g.person, nonce=nonce)
    may_undo = scan.answer in ("checked_in", "checked_out") and clock.now() - scan.received_at <= rules.UNDO_WITHIN
    page = render_template(
        "attendance/answer.html", scan=scan, words=scan_answers.words(scan), details=scan_answers.details(scan),
        may_undo=may_undo and not scans.is_undone(scan.id), is_already=scan.answer in ALREADY,
        closes_at=_closes_at(scan.activity) if scan.activity else None,
    )  # fmt: skip
    response = make_response(page, scan_answers.status(scan))
    if scan.answer in NO_GOOD:
        response.delete_cookie(COOKIE, path=bp.url_prefix or "/")
    return response


@bp.post("/answers/<nonce>/undo")
@access("member")
@takes_scans
def undo(nonce: str) -> ResponseReturnValue:
    """Take back what was tapped by mistake, on the same phone."""
    done = actions.undo(by=g.person, nonce=request_key(), undoes=nonce, reason=None, gate=scan_answers.gate(), at=clock.now())
    return redirect(url_for(".answer", nonce=done.nonce), 303)


@bp.errorhandler(BankError)
def refuse(refusal: BankError) -> Response:
    """The big answer when a link or a typed code is no good, before there is a scan."""
    load_person()
    page = render_template("attendance/refused.html", words=refusal_in_words(refusal))
    response = make_response(page, answer_status(refusal))
    if refusal.code in NO_GOOD:
        response.delete_cookie(COOKIE, path=bp.url_prefix or "/")
    return response


def _take(kind: str) -> ResponseReturnValue:
    scan = NewScan(nonce=request_key(), kind=kind, code=request.form.get("ticket", "")[:100])
    taken = actions.take(by=g.sender, scan=scan, gate=scan_answers.gate(), at=clock.now())
    return redirect(url_for(".answer", nonce=taken.nonce), 303)


def _closes_at(activity: Activity) -> datetime:
    return rules.closes_at(activity.ends_at, rule_set(local_day(activity.starts_at)))


def _keep(right: str) -> Response:
    response = make_response(redirect(url_for(".start"), 303))
    response.set_cookie(
        COOKIE, right, max_age=RIGHT_SECONDS, path=bp.url_prefix or "/", httponly=True, samesite="Lax", secure=request.is_secure
    )
    return response
