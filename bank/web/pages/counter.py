"""The counter: scan a card, scan a reward, Enter. One field on every page takes the next scan, so a wrong one blocks nothing."""

from typing import Any

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bank import clock
from bank.db import random_key
from bank.errors import BankError
from bank.ledger.queries import balance
from bank.people import queries as people
from bank.people.models import Person
from bank.people.rules import PersonNotFound
from bank.rewards import actions, queries, rules
from bank.rewards.schemas import DayQuerySchema, UndoSchema
from bank.web.auth import access
from bank.web.errors import answer_refusal, answer_status, refusal_in_words
from bank.web.forms import load, redisplay
from bank.web.idempotency import writes

bp = Blueprint("counter", __name__, url_prefix="/counter")
LATEST_SHOWN = 8


@bp.get("/")
@access("clerk")
def start() -> str:
    """The empty counter, with the clerk's day so far."""
    day = clock.today()
    latest = queries.redemptions_on(day, queries.counters(g.person, "clerk"), clerk_id=g.person.id)[:LATEST_SHOWN]
    return render_template("rewards/counter.html", tally=queries.tally(day, clerk_id=g.person.id), latest=latest)


@bp.get("/scan")
@access("clerk")
def scan() -> ResponseReturnValue:
    """Whatever was scanned or typed: a card, a reward of the member at hand, or part of a name or number."""
    text, person_id = rules.scanned(request.args.get("scan", "")), request.args.get("person_id", type=int)
    meant = rules.meaning(text, has_member=person_id is not None)
    if meant == "nothing":
        return redirect(url_for(".start") if person_id is None else url_for(".member", person_id=person_id), 303)
    if meant == "card":
        person_id = people.person_by_card(by=g.person, card_number=text).id
        return redirect(url_for(".member", person_id=person_id), 303)
    if meant == "search":
        return _find(text)
    try:
        reward_id, quantity = queries.reward_by_number(text).id, request.args.get("quantity", "1")
    except rules.RewardNotFound:
        if "is_done" in request.args and len(text) >= 4:
            return _find(text)  # What was asked for is handed over, so these digits end the next member's phone number.
        raise
    return redirect(url_for(".confirm", person_id=person_id, reward_id=reward_id, quantity=quantity), 303)


@bp.get("/members/<int:person_id>")
@access("clerk")
def member(person_id: int) -> str:
    """A member at the counter: points, and what can be had for them."""
    person = people.person(by=g.person, person_id=person_id)
    choices = queries.choices_at(g.person, person, at=clock.now())
    return render_template("rewards/member.html", **_at_hand(person), choices=choices, why=refusal_in_words)


@bp.get("/members/<int:person_id>/rewards/<int:reward_id>")
@access("clerk")
def confirm(person_id: int, reward_id: int) -> str:
    """The last look before points leave; what stands in the way is said here already."""
    person, reward = people.person(by=g.person, person_id=person_id), queries.reward(g.person, reward_id)
    quantity, at = rules.quantity_in(request.args.get("quantity", "1")), clock.now()
    refused = queries.refusal(person, reward, quantity=quantity, at=at)
    if refused is not None:
        raise refused
    has_more = quantity < rules.QUANTITY_MAX and queries.refusal(person, reward, quantity=quantity + 1, at=at) is None
    return render_template("rewards/confirm.html", **_at_hand(person), reward=reward, quantity=quantity, has_more=has_more)


@bp.post("/members/<int:person_id>/rewards/<int:reward_id>")
@access("clerk")
@writes
def redeem(person_id: int, reward_id: int) -> ResponseReturnValue:
    """Enter on the empty field hands over; anything scanned into it is the next scan instead."""
    text = rules.scanned(request.form.get("scan", ""))
    if text:
        return redirect(url_for(".scan", scan=text, person_id=person_id), 303)
    quantity = rules.quantity_in(request.form.get("quantity", ""))
    redemption = actions.redeem(
        by=g.person, person_id=person_id, reward_id=reward_id, quantity=quantity, key=random_key(), at=clock.now()
    )
    return redirect(url_for(".redemption", redemption_id=redemption.id), 303)


@bp.get("/redemptions")
@access("clerk", "admin", "auditor")
def redemptions() -> str:
    """A day's redemptions at all counters in sight."""
    day = DayQuerySchema().load(request.args.to_dict())["day"] or clock.today()
    units = queries.counters(g.person, *queries.STAFF)
    return render_template("rewards/redemptions.html", day=day, redemptions=queries.redemptions_on(day, units))


@bp.get("/redemptions/<int:redemption_id>")
@access("clerk", "admin", "auditor")
def redemption(redemption_id: int) -> str:
    """What was handed over, big and green, and the way back."""
    found = queries.redemption(g.person, redemption_id)
    can_undo = queries.may_undo(g.person, found, at=clock.now())
    return render_template("rewards/redemption.html", **_at_hand(found.person), redemption=found, can_undo=can_undo)


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
    try:
        page = start() if person_id is None else member(person_id)
    except PersonNotFound:
        page = start()
    return make_response(page, answer_status(refusal))


def _find(text: str) -> ResponseReturnValue:
    found = people.find_persons(by=g.person, text=text)
    if not found:
        raise PersonNotFound()
    if len(found) == 1:
        return redirect(url_for(".member", person_id=found[0].id), 303)
    return render_template("rewards/found.html", found=found, text=text)


def _at_hand(person: Person) -> dict[str, Any]:
    return {"person": person, "available": balance(person.points_account_id)}
