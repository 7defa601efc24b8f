"""How a member without a phone agrees at the counter: the PIN on the pad, or papers that the clerk looked at."""

from flask import Blueprint, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bank import clock
from bank.access import tries
from bank.counter import consent
from bank.counter.forms import CheckSchema, PinSchema
from bank.db import transaction
from bank.errors import BankError
from bank.rewards.rules import scanned
from bank.web import desk
from bank.web.auth import access
from bank.web.forms import load
from bank.web.idempotency import writes_cookies_only
from bank.web.pages import counter

bp = Blueprint("agreement", __name__, url_prefix="/counter/members/<int:person_id>/rewards/<int:reward_id>")
PIN_LENGTH = 6


@bp.post("/pin")
@access("clerk")
@writes_cookies_only
def pin(person_id: int, reward_id: int) -> ResponseReturnValue:
    """Six digits on the pad agree; what a gun scans into their field is the next scan."""
    typed = scanned(request.form.get("pin", ""))
    if len(typed) > PIN_LENGTH:
        return redirect(url_for("counter.scan", scan=typed, person_id=person_id, reward_id=reward_id, quantity=_quantity()), 303)
    return _agreed(person_id, reward_id, _by_pin(person_id, **load(PinSchema)))


@bp.post("/check")
@access("clerk")
@writes_cookies_only
def check(person_id: int, reward_id: int) -> ResponseReturnValue:
    """The clerk says which papers were looked at, and stands for it by name."""
    asked, at = load(CheckSchema), clock.now()
    text = consent.by_check(by=g.person, shower_id=asked["shower_id"] or person_id, note=asked["note"], for_id=person_id, at=at)
    return _agreed(person_id, reward_id, text)


@bp.errorhandler(BankError)
def refuse(refusal: BankError) -> ResponseReturnValue:
    """The last look again, with the reason above it; without the reward or the member, the counter says why itself."""
    try:
        return desk.refuse(refusal, lambda: counter.confirm(**(request.view_args or {})))
    except BankError as hindrance:
        return counter.refuse(hindrance)


def _by_pin(person_id: int, *, shower_id: int | None, pin: str) -> str:
    """The consent by a PIN, every try counted, so that no desk is the place to guess one."""
    shower_id, at = shower_id or person_id, clock.now()
    keys = tries.keys_of_sign_in(person=None, login="", device=f"counter/{g.person.key}/{shower_id}", address="")
    with transaction():
        tries.begin(keys, at=at)
    text = consent.by_pin(by=g.person, shower_id=shower_id, pin=pin, for_id=person_id, at=at)
    with transaction():
        tries.end(keys, at=at)
    return text


def _agreed(person_id: int, reward_id: int, text: str) -> ResponseReturnValue:
    desk.keep_consent(person_id, text)
    return redirect(url_for("counter.confirm", person_id=person_id, reward_id=reward_id, quantity=_quantity()), 303)


def _quantity() -> str:
    return request.form.get("quantity", "1")
