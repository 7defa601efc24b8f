"""The counter: scan a card, scan a reward, Enter. One field on every page takes the next scan, so a wrong one blocks nothing."""

from functools import partial

from flask import Blueprint, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from bank import clock
from bank.access.member_code import is_member_code
from bank.counter import actions, choices, consent, queries
from bank.counter.choices import Choice
from bank.counter.rules import ConsentExpired, ConsentMissing, MemberCodeWrong, PickupCodeUnknown, Wanted
from bank.db import random_key
from bank.errors import BankError
from bank.people import queries as people
from bank.people.models import Person
from bank.people.rules import PersonNotFound
from bank.rewards import queries as rewards
from bank.rewards import rules, scans
from bank.web import desk
from bank.web.auth import access, safe_next
from bank.web.errors import refusal_in_words
from bank.web.idempotency import KEY_SHAPE, settle, writes, writes_cookies_only
from bank.web.security import limit_lookups

bp = Blueprint("counter", __name__, url_prefix="/counter")
SHORTEST_TAIL = 4
CONSENT_REFUSALS = (ConsentMissing, ConsentExpired, MemberCodeWrong)


@bp.get("/")
@access("clerk")
def start() -> str:
    """The empty counter, with the clerk's day so far."""
    return desk.start()


@bp.post("/stand")
@access("clerk")
@writes_cookies_only
def stand() -> ResponseReturnValue:
    """Say at which counter this browser stands."""
    desk.stand_at(request.form.get("counter_id", 0, type=int))
    return redirect(url_for(".start"), 303)


@bp.get("/scan")
@access("clerk")
@limit_lookups
def scan() -> ResponseReturnValue:
    """Whatever was scanned or typed: a card, a code, a reward of the member at hand, or part of a name or number."""
    person_id, reward_id = (request.args.get(each, type=int) for each in ("person_id", "reward_id"))
    text = rules.scanned(request.args.get("scan", ""))
    if is_member_code(text):
        return _take_code(text, person_id, reward_id)
    meant = scans.read(text, has_member=person_id is not None, has_reward=reward_id is not None)
    if meant.kind == "card":
        return _go_to_member(people.person_by_card(by=g.person, card_number=meant.text))
    if meant.kind == "quantity":
        return redirect(url_for(".confirm", person_id=person_id, reward_id=reward_id, quantity=meant.quantity), 303)
    return _of_nobody(meant) if person_id is None else _of_member(person_id, meant)


@bp.get("/members/<int:person_id>")
@access("clerk")
def member(person_id: int) -> str:
    """A member at the counter: points, what waits for them, and what can be had for the points."""
    person, at = people.person(by=g.person, person_id=person_id), clock.now()
    found = choices.choices_at(g.person, person, counter_id=desk.counter_id(), at=at)
    shown = {"choices": sorted(found, key=_is_refused), "why": refusal_in_words, "waiting": queries.reservations_of(person_id)}
    return desk.page("counter/member.html", **desk.at_hand(person), **shown, given=desk.given(person_id, at=at))


@bp.get("/members/<int:person_id>/rewards/<int:reward_id>")
@access("clerk")
def confirm(person_id: int, reward_id: int) -> str:
    """The last look before points leave: what stands in the way is said already, and the member's consent is taken."""
    person, reward = people.person(by=g.person, person_id=person_id), rewards.reward(g.person, reward_id)
    quantity, at = rules.quantity_in(request.args.get("quantity", "1")), clock.now()
    refusal = partial(choices.refusal, person, reward, counter_id=desk.counter_id(), at=at)
    refused = refusal(quantity=quantity)
    if refused is not None:
        raise refused
    has_more = quantity < rules.QUANTITY_MAX and refusal(quantity=quantity + 1) is None
    shown = {"reward": reward, "quantity": quantity, "has_more": has_more, "given": desk.given(person_id, at=at)}
    return desk.page("counter/confirm.html", **desk.at_hand(person), **shown, fetchers=_fetchers(person))


@bp.post("/members/<int:person_id>/rewards/<int:reward_id>")
@access("clerk")
@writes
def redeem(person_id: int, reward_id: int) -> ResponseReturnValue:
    """Enter on the empty field hands over; anything scanned into it is the next scan instead."""
    text = rules.scanned(request.form.get("scan", ""))
    quantity = rules.quantity_in(request.form.get("quantity", ""))
    if text:
        return redirect(url_for(".scan", scan=text, person_id=person_id, reward_id=reward_id, quantity=quantity), 303)
    wanted = Wanted(person_id=person_id, reward_id=reward_id, quantity=quantity, counter_id=desk.counter_id())
    agreed, at = desk.agreed(person_id), clock.now()
    redemption = actions.redeem(by=g.person, wanted=wanted, agreed=agreed, key=random_key(), at=at)
    return redirect(url_for("redemptions.redemption", redemption_id=redemption.id), 303)


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


@bp.errorhandler(BankError)
def refuse(refusal: BankError) -> ResponseReturnValue:
    """Big red words above the same counter, with the member still at hand."""
    person_id = (request.view_args or {}).get("person_id") or request.args.get("person_id", type=int)
    # Whose card is refused next must not be served from the points of the one before.
    is_next = "is_done" in request.args and isinstance(refusal, PersonNotFound)
    if person_id is None or is_next:
        return desk.refuse(refusal)
    reward_id = (request.view_args or {}).get("reward_id") or request.args.get("reward_id", type=int)
    if reward_id is not None and isinstance(refusal, CONSENT_REFUSALS):
        return desk.refuse(refusal, partial(confirm, person_id, reward_id))
    return desk.refuse(refusal, partial(_member_or_start, person_id))


def _member_or_start(person_id: int) -> str:
    try:
        return str(member(person_id))
    except PersonNotFound:
        return desk.start()


def _take_code(code: str, person_id: int | None, reward_id: int | None) -> ResponseReturnValue:
    """The code on a phone says who stands here and that they agree; at the last look also for one of their household."""
    at = clock.now()
    shower = consent.code_owner(by=g.person, code=code, at=at)
    if person_id is not None and reward_id is not None and people.same_household(shower.id, person_id):
        desk.keep_consent(person_id, consent.by_code(by=g.person, code=code, for_id=person_id, at=at))
        quantity = request.args.get("quantity", "1")
        return redirect(url_for(".confirm", person_id=person_id, reward_id=reward_id, quantity=quantity), 303)
    desk.keep_consent(shower.id, consent.by_code(by=g.person, code=code, at=at))
    return redirect(url_for(".member", person_id=shower.id), 303)


def _of_nobody(meant: scans.Scan) -> ResponseReturnValue:
    """What a scan means while nobody is at hand."""
    if meant.kind == "nothing":
        return redirect(url_for(".start"), 303)
    if meant.kind == "pick_up":
        return _go_to_reservation(meant.text)
    return _find(meant.text)


def _of_member(person_id: int, meant: scans.Scan) -> ResponseReturnValue:
    """What a scan means while a member is at hand; a number that names no reward ends the next member's phone number."""
    if meant.kind == "nothing":
        return redirect(url_for(".member", person_id=person_id), 303)
    if meant.kind == "search":
        return _find(meant.text)
    try:
        reward_id = rewards.reward_by_number(meant.text).id
    except rules.RewardNotFound:
        if meant.kind == "pick_up":
            return _go_to_reservation(meant.text)
        # Before something is handed over a wrong number must not change the member unseen.
        if "is_done" in request.args and len(meant.text) >= SHORTEST_TAIL:
            return _find(meant.text)
        raise
    return redirect(url_for(".confirm", person_id=person_id, reward_id=reward_id, quantity=meant.quantity or 1), 303)


def _go_to_reservation(code: str) -> ResponseReturnValue:
    try:
        queries.reservation_by_code(g.person, code)
    except PickupCodeUnknown:
        if found := people.find_persons(by=g.person, text=code):  # Eight digits may as well end a phone number.
            return _go_to_member(found[0]) if len(found) == 1 else desk.page("counter/found.html", found=found, text=code)
        raise
    return redirect(url_for("pick_up.look", code=code), 303)


def _find(text: str) -> ResponseReturnValue:
    found = people.find_persons(by=g.person, text=text)
    if not found:
        raise PersonNotFound()
    if len(found) == 1:
        return _go_to_member(found[0])
    return desk.page("counter/found.html", found=found, text=text)


def _go_to_member(person: Person) -> ResponseReturnValue:
    if desk.agreed(person.id) is None:
        session.pop(desk.AGREED, None)
    return redirect(url_for(".member", person_id=person.id), 303)


def _fetchers(person: Person) -> list[Person]:
    """Who may come for the member: the member first, then the household, but never the clerk."""
    others = people.household_of(person.id) - {person.id, g.person.id}
    return [person, *(found for other in sorted(others) if (found := _in_sight(other)) is not None)]


def _in_sight(person_id: int) -> Person | None:
    try:
        return people.person(by=g.person, person_id=person_id)
    except PersonNotFound:
        return None


def _is_refused(choice: Choice) -> bool:
    return choice.refusal is not None
