"""The phone at the door: scan, sign in if need be, one big button, one big answer.

A good scan is kept for five minutes in a signed cookie, so that signing in slowly costs nobody the check-in.
"""

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bank import clock
from bank.activities.queries import activity as planned
from bank.attendance import actions, queries, rules
from bank.attendance.ticket import RIGHT_SECONDS
from bank.clock import local_day
from bank.errors import BankError
from bank.hours.queries import rule_set
from bank.web.auth import access, load_person
from bank.web.errors import answer_status, refusal_in_words
from bank.web.idempotency import writes
from bank.web.security import limiter

bp = Blueprint("check_in", __name__, url_prefix="/a")
COOKIE = "scan"
ALREADY = (rules.AlreadyCheckedIn, rules.AlreadyCheckedOut)
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


@bp.post("/check-in")
@access("member")
@writes
def check_in() -> ResponseReturnValue:
    """Check in with what was scanned."""
    ticket, at = request.form.get("ticket", ""), clock.now()
    attendance = actions.check_in(by=g.person, activity_id=queries.activity_of(ticket, at=at).id, ticket=ticket, at=at)
    return redirect(url_for(".done", activity_id=attendance.activity_id), 303)


@bp.post("/check-out")
@access("member")
@writes
def check_out() -> ResponseReturnValue:
    """Check out with what was scanned."""
    ticket, at = request.form.get("ticket", ""), clock.now()
    attendance = actions.check_out(by=g.person, activity_id=queries.activity_of(ticket, at=at).id, ticket=ticket, at=at)
    return redirect(url_for(".done", activity_id=attendance.activity_id), 303)


@bp.get("/done/<int:activity_id>")
@access("member")
def done(activity_id: int) -> str:
    """The big answer: what the bank has of me at this activity."""
    activity = planned(activity_id)
    stays = queries.attendances_of(person_id=g.person.id, activity_id=activity.id)
    if not stays:
        raise rules.NotCheckedIn()
    closes_at = rules.closes_at(activity.ends_at, rule_set(local_day(activity.starts_at)))
    return render_template("attendance/done.html", activity=activity, last=stays[-1], closes_at=closes_at)


@bp.errorhandler(BankError)
def refuse(refusal: BankError) -> Response:
    """The big answer when it is no, or when it was done before."""
    load_person()
    words, is_already = refusal_in_words(refusal), isinstance(refusal, ALREADY)
    page = render_template("attendance/refused.html", words=words, is_already=is_already, details=refusal.details)
    response = make_response(page, answer_status(refusal))
    if isinstance(refusal, rules.CodeExpired | rules.CodeUnknown):
        response.delete_cookie(COOKIE, path=bp.url_prefix or "/")
    return response


def _keep(right: str) -> Response:
    response = make_response(redirect(url_for(".start"), 303))
    response.set_cookie(
        COOKIE, right, max_age=RIGHT_SECONDS, path=bp.url_prefix or "/", httponly=True, samesite="Lax", secure=request.is_secure
    )
    return response
