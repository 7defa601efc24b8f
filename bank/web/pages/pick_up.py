"""What was reserved at home is fetched: eight digits, one look, Enter."""

from flask import Blueprint, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bank import clock
from bank.counter import holds, queries
from bank.errors import BankError
from bank.rewards.rules import scanned
from bank.web import desk
from bank.web.auth import access
from bank.web.idempotency import writes

bp = Blueprint("pick_up", __name__, url_prefix="/counter/pick-up")


@bp.get("/")
@access("clerk")
def look() -> ResponseReturnValue:
    """Whose reservation it is, and of what; points and pieces were put aside when it was made. Without a code, the empty desk."""
    code = request.args.get("code", "")
    if not code:
        return redirect(url_for("counter.start"), 303)
    found = queries.reservation_by_code(g.person, code)
    return desk.page("counter/pick_up.html", **desk.at_hand(found.person), redemption=found, code=code)


@bp.post("/")
@access("clerk")
@writes
def collect() -> ResponseReturnValue:
    """Enter on the empty field hands over; anything scanned into it is the next scan instead."""
    text = scanned(request.form.get("scan", ""))
    if text:
        return redirect(url_for("counter.scan", scan=text), 303)
    at = clock.now()
    redemption = holds.collect(by=g.person, code=request.form.get("code", ""), counter_id=desk.counter_id(), at=at)
    return redirect(url_for("redemptions.redemption", redemption_id=redemption.id), 303)


@bp.errorhandler(BankError)
def refuse(refusal: BankError) -> ResponseReturnValue:
    """Big red words above the empty counter."""
    return desk.refuse(refusal)
