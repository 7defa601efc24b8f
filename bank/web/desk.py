"""What all pages of the desk share: the lane above them, the counter that was chosen, and the member's consent.

Counter and consent are kept in the clerk's own session, which ends with the browser: neither is a right in itself, as
every action checks both.
"""

from datetime import datetime
from typing import Any

from flask import g, make_response, render_template, request, session
from flask.typing import ResponseReturnValue

from bank import clock
from bank.counter import consent, queries
from bank.counter.rules import ConsentExpired, ConsentMissing
from bank.errors import BankError
from bank.ledger.queries import balance
from bank.people.models import Person
from bank.rewards.models import Counter
from bank.rewards.queries import lanes_of
from bank.rewards.rules import CounterNotFound
from bank.web.errors import answer_refusal, answer_status, refusal_in_words

COUNTER, AGREED = "counter", "agreed"
LATEST_SHOWN = 8


def page(template: str, **shown: Any) -> str:
    """A page of the desk; whoever hands out sees the lane above it, with the day's tally."""
    if "clerk" in g.roles:
        shown |= {"tally": queries.tally(clock.today(), clerk_id=g.person.id), "at_counter": counter(), "lanes": lanes()}
    return render_template(template, **shown)


def start() -> str:
    """The empty desk, with what the clerk handed over last; whatever was at hand before is put away."""
    session.pop(AGREED, None)
    latest = queries.redemptions_on(clock.today(), [each.unit.path for each in lanes()], clerk_id=g.person.id)
    return page("counter/start.html", latest=latest[:LATEST_SHOWN])


def lanes() -> list[Counter]:
    """The counters at which the clerk may stand."""
    found: list[Counter] | None = g.get("lanes")
    if found is None:
        found = g.lanes = lanes_of(g.person)
    return found


def counter() -> Counter | None:
    """The counter at which the clerk stands: the chosen one, or the only one, or the first; None where none is open."""
    chosen = session.get(COUNTER)
    return next((each for each in lanes() if each.id == chosen), next(iter(lanes()), None))


def counter_id() -> int | None:
    """The id of the counter at which the clerk stands."""
    standing = counter()
    return standing.id if standing else None


def stand_at(wanted_id: int) -> None:
    """Remember at which counter this browser stands. Raises CounterNotFound for one where the clerk may not stand."""
    if all(each.id != wanted_id for each in lanes()):
        raise CounterNotFound()
    session[COUNTER] = wanted_id


def keep_consent(person_id: int, text: str) -> None:
    """Remember the consent that was just taken, in place of the one before."""
    session[AGREED] = [person_id, text]


def agreed(person_id: int) -> str | None:
    """The consent that was taken for this member's points, if any."""
    kept = session.get(AGREED)
    return kept[1] if isinstance(kept, list) and kept[0] == person_id else None


def given(person_id: int, *, at: datetime) -> consent.Consent | None:
    """The consent that holds now for this member's points; None where it must still be taken."""
    try:
        return consent.read(agreed(person_id), by=g.person, person_id=person_id, at=at)
    except (ConsentMissing, ConsentExpired):
        return None


def at_hand(person: Person) -> dict[str, Any]:
    """What every page shows of the member at the desk."""
    return {"person": person, "available": balance(person.points_account_id)}


def refuse(refusal: BankError, shown: Any = None) -> ResponseReturnValue:
    """Big red words above a page of the desk (the empty one, if none is named), with the field ready for the next scan."""
    if "clerk" not in g.roles:
        return answer_refusal(refusal)
    g.refusal = refusal_in_words(refusal) | {"missing": refusal.details.get("missing_points")}
    g.scanned = request.values.get("scan", "")
    return make_response(shown() if shown else start(), answer_status(refusal))
