"""The recipient's page: a link from paper or a message opens it, no account, one tap on a row of stars."""

from flask import Blueprint, Response, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bank import clock
from bank.errors import BankError
from bank.evaluations import actions, invitations, rules
from bank.evaluations.schemas import MarkCommentSchema, NewMarkSchema
from bank.web import rating_device
from bank.web.auth import access, load_person
from bank.web.errors import answer_status, refusal_in_words
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.security import limiter
from bank.web.texts import MARK_NAMES

bp = Blueprint("recipient", __name__, url_prefix="/e")
TRIES = "60 per minute"  # A hall full of recipients has one address; nobody guesses a code of eighty bits in the meantime.


@bp.get("/<code>")
@limiter.limit(TRIES)
@access("public")
def start(code: str) -> str:
    """Five rows of stars, or thanks for the mark that was given."""
    seen = invitations.invited(code, at=clock.now())
    return render_template("evaluations/recipient.html", seen=seen, code=code, marks=rules.MARKS, names=MARK_NAMES)


@bp.post("/<code>")
@limiter.limit(TRIES)
@access("public")
@writes
def rate(code: str) -> ResponseReturnValue:
    """Give the mark that was tapped."""
    device = rating_device.current()
    actions.rate_by_code(code=code, mark=load(NewMarkSchema)["mark"], device=device, by=g.person, at=clock.now())
    return rating_device.keep(make_response(redirect(url_for(".start", code=code), 303)))


@bp.post("/<code>/comment")
@limiter.limit(TRIES)
@access("public")
@redisplay(start)
@writes
def comment(code: str) -> ResponseReturnValue:
    """Add words, which somebody reads before they are shown."""
    actions.comment_by_code(code=code, text=load(MarkCommentSchema)["text"], at=clock.now())
    return redirect(url_for(".start", code=code), 303)


@bp.errorhandler(BankError)
def refuse(refusal: BankError) -> Response:
    """The big answer when it is no."""
    load_person()
    page = render_template("evaluations/refused.html", words=refusal_in_words(refusal))
    return make_response(page, answer_status(refusal))
