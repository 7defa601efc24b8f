"""The counter: scan a card, scan a reward, Enter. One field on every page takes the next scan, so a wrong one blocks nothing."""

from typing import Any

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from bank import clock
from bank.counter import actions, choices, consent, queries
from bank.counter.rules import Wanted
from bank.counter.schemas import DayQuerySchema, UndoSchema
from bank.db import random_key
from bank.errors import BankError
from bank.ledger.queries import balance
from bank.people import queries as people
from bank.people.models import Person
from bank.people.rules import PersonNotFound
from bank.rewards import queries as rewards
from bank.rewards import rules, scans
from bank.web.auth import access, safe_next
from bank.web.errors import answer_refusal, answer_status, refusal_in_words
from bank.web.forms import load, redisplay
from bank.web.idempotency import KEY_SHAPE, settle, writes

bp = Blueprint("counter", __name__, url_prefix="/counter")
LATEST_SHOWN = 8
SHORTEST_TAIL = 4


@bp.get("/")
@access("clerk")
def start() -> str:
    """The empty counter, with the clerk's day so far."""
    latest = queries.redemptions_on(clock.today(), rewards.counters(g.person, "clerk"), clerk_id=g.person.id)
    return _desk("start", latest=latest[:LATEST_SHOWN])


@bp.get("/scan")
@access("clerk")
def scan() -> ResponseReturnValue:
    """Whatever was scanned or typed: a card, a reward of the member at hand, or part of a name or number."""
    person_id, reward_id = (request.args.get(each, type=int) for each in ("person_id", "reward_id"))
    meant = scans.read(request.args.get("scan", ""), has_member=person_id is not None, has_reward=reward_id is not None)
    if meant.kind == "card":
        return _go_to_member(people.person_by_card(by=g.person, card_number=meant.text))
    if person_id is None:
        return redirect(url_for(".start"), 303) if meant.kind == "nothing" else _find(meant.text)
    if meant.kind == "quantity":
        return redirect(url_for(".confirm", person_id=person_id, reward_id=reward_id, quantity=meant.quantity), 303)
    return _of_member(person_id, meant)


@bp.get("/members/<int:person_id>")
@access("clerk")
def member(person_id: int) -> str:
    """A member at the counter: points, and what can be had for them."""
    person = people.person(by=g.person, person_id=person_id)
    found = choices.choices_at(g.person, person, at=clock.now())
    return _desk("member", **_at_hand(person), choices=sorted(found, key=_is_refused), why=refusal_in_words)


@bp.get("/members/<int:person_id>/rewards/<int:reward_id>")
@access("clerk")
def confirm(person_id: int, reward_id: int) -> str:
    """The last look before points leave; what stands in the way is said here already."""
    person, reward = people.person(by=g.person, person_id=person_id), rewards.reward(g.person, reward_id)
    quantity, at = rules.quantity_in(request.args.get("quantity", "1")), clock.now()
    refused = choices.refusal(person, reward, quantity=quantity, at=at)
    if refused is not None:
        raise refused
    has_more = quantity < rules.QUANTITY_MAX and choices.refusal(person, reward, quantity=quantity + 1, at=at) is None
    return _desk("confirm", **_at_hand(person), reward=reward, quantity=quantity, has_more=has_more)


@bp.post("/members/<int:person_id>/rewards/<int:reward_id>")
@access("clerk")
@writes
def redeem(person_id: int, reward_id: int) -> ResponseReturnValue:
    """Enter on the empty field hands over; anything scanned into it is the next scan instead."""
    text = rules.scanned(request.form.get("scan", ""))
    if text:
        return redirect(url_for(".scan", scan=text, person_id=person_id, reward_id=reward_id), 303)
    quantity = rules.quantity_in(request.form.get("quantity", ""))
    wanted, at = Wanted(person_id=person_id, reward_id=reward_id, quantity=quantity), clock.now()
    agreed = consent.by_check(by=g.person, shower_id=person_id, note="柜台当面核对", at=at)
    redemption = actions.redeem(by=g.person, wanted=wanted, agreed=agreed, key=random_key(), at=at)
    return redirect(url_for(".redemption", redemption_id=redemption.id), 303)


@bp.post("/outcome")
@access("clerk")
@writes
def outcome() -> ResponseReturnValue:
    """What became of a form whose answer was lost: its page if it was done, else the page it was sent from."""
    key = request.form.get("lost_key", "")
    done = settle(key) if KEY_SHAPE.fullmatch(key) else None
    if done is not None:
        flash(gettext("刚才那一步已经办成，只办了一次。结果如下。"), "done")
        return redirect(done, 303)
    flash(gettext("刚才那一步没有办成：积分没有扣，物品没有动。请再办一次。"), "warning")
    return redirect(safe_next(request.form.get("back")), 303)


@bp.get("/redemptions")
@access("clerk", "admin", "auditor")
def redemptions() -> str:
    """A day's redemptions at all counters in sight."""
    day = DayQuerySchema().load(request.args.to_dict())["day"] or clock.today()
    units = rewards.counters(g.person, *rewards.STAFF)
    return render_template("counter/redemptions.html", day=day, redemptions=queries.redemptions_on(day, units))


@bp.get("/redemptions/<int:redemption_id>")
@access("clerk", "admin", "auditor")
def redemption(redemption_id: int) -> str:
    """What was handed over, big and green, and the way back."""
    found = queries.redemption(g.person, redemption_id)
    can_undo = queries.may_undo(g.person, found, at=clock.now())
    return _desk("redemption", **_at_hand(found.person), redemption=found, can_undo=can_undo)


@bp.post("/redemptions/<int:redemption_id>/undo")
@access("clerk", "admin")
@redisplay(redemption)
@writes
def undo(redemption_id: int) -> ResponseReturnValue:
    """Points and pieces go back."""
    actions.undo(by=g.person, redemption_id=redemption_id, reason=load(UndoSchema)["reason"], at=clock.now())
    return redirect(url_for(".redemption", redemption_id=redemption_id), 303)


@bp.errorhandler(BankError)
def refuse(refusal: BankError) -> ResponseReturnValue:
    """Big red words above the same counter, with the member still at hand and the field ready for the next scan."""
    if "clerk" not in g.roles:
        return answer_refusal(refusal)
    g.refusal = refusal_in_words(refusal) | {"missing": refusal.details.get("missing_points")}
    person_id = (request.view_args or {}).get("person_id") or request.args.get("person_id", type=int)
    is_next = "is_done" in request.args and isinstance(refusal, PersonNotFound)
    try:
        # Whose card is refused next must not be served from the points of the one before.
        page = start() if person_id is None or is_next else member(person_id)
    except PersonNotFound:
        page = start()
    return make_response(page, answer_status(refusal))


def _desk(page: str, **shown: Any) -> str:
    """A page of the desk: whoever hands out sees the lane above it, with the day's tally."""
    tally = queries.tally(clock.today(), clerk_id=g.person.id) if "clerk" in g.roles else None
    return render_template(f"counter/{page}.html", tally=tally, **shown)


def _of_member(person_id: int, meant: scans.Scan) -> ResponseReturnValue:
    """What a scan means while a member is at hand; a number that names no reward ends the next member's phone number."""
    if meant.kind == "nothing":
        return redirect(url_for(".member", person_id=person_id), 303)
    if meant.kind == "search":
        return _find(meant.text)
    try:
        reward_id = rewards.reward_by_number(meant.text).id
    except rules.RewardNotFound:
        # Before something is handed over a wrong number must not change the member unseen.
        if "is_done" in request.args and len(meant.text) >= SHORTEST_TAIL:
            return _find(meant.text)
        raise
    return redirect(url_for(".confirm", person_id=person_id, reward_id=reward_id, quantity=meant.quantity or 1), 303)


def _find(text: str) -> ResponseReturnValue:
    found = people.find_persons(by=g.person, text=text)
    if not found:
        raise PersonNotFound()
    if len(found) == 1:
        return _go_to_member(found[0])
    return _desk("found", found=found, text=text)


def _go_to_member(person: Person) -> ResponseReturnValue:
    return redirect(url_for(".member", person_id=person.id), 303)


def _is_refused(choice: choices.Choice) -> bool:
    return choice.refusal is not None


def _at_hand(person: Person) -> dict[str, Any]:
    return {"person": person, "available": balance(person.points_account_id)}
