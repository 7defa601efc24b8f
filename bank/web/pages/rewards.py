"""What members see of rewards at home: what they can have, what they have put aside, and the code that says who they are."""

from flask import Blueprint, Response, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bank import clock
from bank.access.member_code import member_code, seconds_left
from bank.counter import choices, holds, queries
from bank.counter.choices import Choice
from bank.counter.forms import ReservationSchema
from bank.counter.models import Redemption
from bank.counter.rules import RedemptionNotFound, Wanted
from bank.db import random_key
from bank.ledger.queries import balance
from bank.rewards import queries as rewards
from bank.rewards.rules import RewardNotFound
from bank.web.auth import access
from bank.web.errors import refusal_in_words
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes
from bank.web.qr import qr

bp = Blueprint("rewards", __name__, url_prefix="/rewards")
PICTURE_SECONDS = 24 * 3600


@bp.get("/")
@access("member")
def catalogue() -> str:
    """What I can have, and how far away the rest is."""
    found = choices.choices(g.person, at=clock.now())
    pictured = rewards.pictured([each.reward.id for each in found])
    return render_template("rewards/catalogue.html", choices=found, pictured=pictured, **_mine())


@bp.get("/<int:reward_id>")
@access("member")
def reward(reward_id: int) -> str:
    """One reward: where it is had, for whom, and the button that puts it aside."""
    found = _choice(reward_id)
    has_picture = bool(rewards.pictured([reward_id]))
    return render_template("rewards/offer.html", choice=found, has_picture=has_picture, **_mine())


@bp.get("/<int:reward_id>/picture")
@access("member")
def picture(reward_id: int) -> Response:
    """What a reward looks like. Raises RewardNotFound where there is no picture."""
    found = rewards.picture(reward_id)
    if found is None:
        raise RewardNotFound()
    response = Response(found.content, content_type=found.media_type)
    response.cache_control.private, response.cache_control.max_age = True, PICTURE_SECONDS
    return response


@bp.post("/<int:reward_id>/reserve")
@access("member")
@redisplay(reward)
@writes
def reserve(reward_id: int) -> ResponseReturnValue:
    """Put points and pieces aside for myself."""
    wanted = Wanted(person_id=g.person.id, reward_id=reward_id, **load(ReservationSchema))
    reservation = holds.reserve(by=g.person, wanted=wanted, key=random_key(), at=clock.now())
    return redirect(url_for(".mine_one", redemption_id=reservation.id), 303)


@bp.get("/mine")
@access("member")
def mine() -> str:
    """What waits for me, and what I took."""
    return render_template("rewards/mine.html", redemptions=queries.redemptions_of(g.person.id), **_mine())


@bp.get("/mine/<int:redemption_id>")
@access("member")
def mine_one(redemption_id: int) -> str:
    """One thing I reserved or took; while it waits, with its pick-up code."""
    found = _own(redemption_id)
    code = queries.pickup_code(found)
    return render_template("rewards/mine_one.html", redemption=found, code=code, drawn=qr(code) if code else None)


@bp.post("/mine/<int:redemption_id>/cancel")
@access("member")
@redisplay(mine_one)
@writes
def cancel(redemption_id: int) -> ResponseReturnValue:
    """Give a reservation up; everything is as it was before."""
    holds.cancel(by=g.person, redemption_id=_own(redemption_id).id, at=clock.now())
    return redirect(url_for(".mine_one", redemption_id=redemption_id), 303)


@bp.get("/code")
@access("member")
def code() -> Response:
    """The code that tells the counter who I am, and that I agree; it changes every 15 seconds."""
    at = clock.now()
    shown = member_code(g.person, at=at)
    page = render_template("rewards/code.html", code=shown, drawn=qr(shown), seconds=seconds_left(at), **_mine())
    return make_response(page)


def _mine() -> dict[str, object]:
    available = balance(g.person.points_account_id)
    return {"available": available, "waiting": queries.reservations_of(g.person.id), "why": refusal_in_words}


def _choice(reward_id: int) -> Choice:
    found = next((each for each in choices.choices(g.person, at=clock.now()) if each.reward.id == reward_id), None)
    if found is None:
        raise RewardNotFound()
    return found


def _own(redemption_id: int) -> Redemption:
    found = queries.redemption(g.person, redemption_id)
    if found.person_id != g.person.id:  # Whoever works at a counter sees others' redemptions there, not here.
        raise RedemptionNotFound()
    return found
