"""Decisions about orders, made from plain values only: what may follow what, who may take one, what may be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bank.errors import Conflict, Invalid, NotAllowed, NotFound

KINDS = ("wish", "service", "project", "matter")
LEVELS = ("basic", "key", "flagship")
WAYS = ("spot", "home", "behalf", "appointment")
COLOURS = ("red", "yellow", "green")
STATES = (
    "asked", "looked_at", "dispatched", "hung", "accepted", "under_way", "done", "rated", "posted", "answered",
    "refused", "cancelled", "not_met", "repeated",
)  # fmt: skip
WAITING = ("asked", "looked_at", "dispatched", "hung")
OPEN = (*WAITING, "accepted", "under_way", "done", "rated")
SERVED = ("rated", "posted")
UNSERVED = ("answered", "refused", "cancelled", "not_met", "repeated")
ENDED = ("posted", *UNSERVED)
CLAIMED_BY_UNITS = ("key", "flagship")
TITLE_MAX, WISH_MAX, WORDS_MAX, PLACE_MAX = 60, 500, 300, 60
MINUTES_MAX = 480
OPEN_AT_ONCE = 3  # What a member has taken and not finished; whoever takes more keeps others from helping.
ASKED_AT_ONCE = 5  # Open orders that name one phone.

# What may happen from which states, and which state follows; one line for each kind of step.
MOVES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "looked_at": (("asked", "looked_at"), "looked_at"),
    "dispatched": (("looked_at", "dispatched", "hung"), "dispatched"),
    "hung": (("looked_at", "dispatched"), "hung"),
    "accepted": (("dispatched", "hung"), "accepted"),
    "claimed": (("looked_at", "dispatched", "hung"), "accepted"),
    "given_back": (("accepted",), "dispatched"),
    "started": (("accepted",), "under_way"),
    "finished": (("under_way",), "done"),
    "rated": (("done",), "rated"),
    "posted": (("done", "rated"), "posted"),
    "answered": (("looked_at", "dispatched"), "answered"),
    "refused": (WAITING, "refused"),
    "cancelled": ((*WAITING, "accepted"), "cancelled"),
    "not_met": (("looked_at", "dispatched", "hung", "accepted", "under_way"), "not_met"),
    "repeated": (WAITING, "repeated"),
}
STEPS = ("asked", *MOVES, "escalated")
LIST_KINDS = ("need", "problem", "service")
LIST_STATES = ("open", "claimed", "met", "unmet")


class BadOrder(Invalid):
    """An order says in a few words what is wanted, and how the asker can be reached."""


class BadMenuItem(Invalid):
    """An item of the menu has a name, a kind of service, and a usual length from 15 minutes to 8 hours."""


class WordsMissing(Invalid):
    """A refusal, and whatever ends an order unserved, is told in words."""


class OrderNotFound(NotFound):
    """There is no such order, or not for the one who asks."""


class OrderCodeUnknown(NotFound):
    """No order has this code."""


class MenuItemNotFound(NotFound):
    """The menu has no such item, or not for this community."""


class AsksTooMuch(Conflict):
    """One phone has at most five open orders."""


class OrderTaken(Conflict):
    """Somebody else was quicker."""


class OrderElsewhere(Conflict):
    """The order is not where this step could follow: it has ended, or has not come so far."""


class TooManyOrders(Conflict):
    """A member finishes one of three orders before taking another."""


class NotPaidWithPoints(Conflict):
    """A matter for the office is answered; nobody serves it for minutes or points."""


class ForUnitsOnly(Conflict):
    """Key and flagship projects are claimed by organisations; all else is taken by members."""


class NotPostedYet(Conflict):
    """An order is struck off once the asker has confirmed the service, by code, rating or on the phone."""


class ListEntryNotFound(NotFound):
    """There is no such line in the lists, or not for the one who asks."""


class ListEntryClaimed(Conflict):
    """A line of the lists is claimed by one unit, and told the outcome of once."""


class ListEntryThere(Conflict):
    """The list has this line already."""


class OwnOrder(NotAllowed):
    """Nobody serves, rates or decides about what they or their household asked for, or asked on behalf of somebody."""


class OrderNotForYou(NotAllowed):
    """The order went to another unit, team or person; or the one who asks is a minor or no volunteer."""


class WrongServiceCode(NotAllowed):
    """The asker's code is another one: there is one for the start and one for the end."""


@dataclass(frozen=True, kw_only=True)
class NewOrder:
    """What somebody asks for. `wanted_for` is when; `on_behalf` that a grid worker asks for another; `asker_id` a member."""

    kind: str
    unit_id: int
    wish: str
    menu_item_id: int | None = None
    level: str | None = None
    title: str | None = None
    way: str | None = None
    asker: str | None = None
    phone: str | None = None
    address: str | None = None
    wanted_for: datetime | None = None
    is_minor: bool = False
    asker_id: int | None = None
    is_paid: bool = False


@dataclass(frozen=True, kw_only=True)
class Look:
    """What the dispatcher sees in an order: how urgent and important it is, and what may be shown of it to everybody."""

    title: str
    is_urgent: bool
    is_important: bool
    place: str | None = None
    category: str = "other"
    usual_minutes: int = 60


@dataclass(frozen=True, kw_only=True)
class NewListEntry:
    """A line of a unit's list for the quarter of a day."""

    unit_id: int
    quarter: date
    kind: str
    category: str
    title: str
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Taker:
    """What decides whether a member may take an order."""

    is_volunteer: bool
    is_minor: bool
    is_near_asker: bool
    is_reached: bool
    taken: int


def check_new(new: NewOrder) -> None:
    """Refuse with BadOrder what cannot be meant, naming the field."""
    is_project = new.kind == "project"
    for name, is_right in (
        ("kind", new.kind in KINDS),
        ("wish", is_words(new.wish, 2, WISH_MAX)),
        ("level", (new.level in LEVELS) if is_project else new.level is None),
        ("way", new.way is None or new.way in WAYS),
        ("title", new.title is None or is_words(new.title, 2, TITLE_MAX)),
        ("asker", is_words(new.asker or "", 0, 50)),
        ("address", is_words(new.address or "", 0, 100)),
        ("menu_item_id", new.menu_item_id is None or new.kind == "service"),
    ):
        if not is_right:
            raise BadOrder(field=name)


def check_look(look: Look) -> None:
    """Refuse with BadOrder a title or place that is missing or too long, and a length beyond 8 hours."""
    for name, is_right in (
        ("title", is_words(look.title, 2, TITLE_MAX)),
        ("place", is_words(look.place or "", 0, PLACE_MAX)),
        ("usual_minutes", 15 <= look.usual_minutes <= MINUTES_MAX),
    ):
        if not is_right:
            raise BadOrder(field=name)


def check_entry(new: NewListEntry) -> None:
    """Refuse with BadOrder a line of the lists without a kind or title."""
    for name, is_right in (
        ("kind", new.kind in LIST_KINDS),
        ("title", is_words(new.title, 2, TITLE_MAX)),
        ("about", is_words(new.about, 0, WORDS_MAX)),
    ):
        if not is_right:
            raise BadOrder(field=name)


def quarter_of(day: date) -> date:
    """The first day of a day's quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def next_state(step: str, state: str) -> str:
    """The state that follows a step. Raises OrderElsewhere, and OrderTaken when somebody was quicker."""
    sources, target = MOVES[step]
    if state not in sources:
        if step in ("accepted", "claimed") and state in ("accepted", "under_way", "done", "rated", "posted"):
            raise OrderTaken()
        raise OrderElsewhere(state=state)
    return target


def colour(*, is_urgent: bool, is_important: bool) -> str:
    """Red for what is urgent and important, yellow for what is one of the two, green for the rest."""
    return "red" if is_urgent and is_important else "yellow" if is_urgent or is_important else "green"


def check_taker(taker: Taker) -> None:
    """Refuse who may not take an order. Raises OwnOrder, OrderNotForYou, TooManyOrders."""
    if taker.is_near_asker:
        raise OwnOrder()
    if not taker.is_volunteer or taker.is_minor or not taker.is_reached:
        raise OrderNotForYou()
    if taker.taken >= OPEN_AT_ONCE:
        raise TooManyOrders()


def check_servable(*, kind: str, level: str | None, by_unit: bool) -> None:
    """Refuse to serve a matter (NotPaidWithPoints), or a project on the wrong level (ForUnitsOnly)."""
    if kind == "matter":
        raise NotPaidWithPoints()
    if (kind == "project" and level in CLAIMED_BY_UNITS) != by_unit:
        raise ForUnitsOnly()


def clean_words(words: str) -> str:
    """Why something ended, in one line. Raises WordsMissing when there are none or too many."""
    clean = " ".join(words.split())
    if not is_words(clean, 2, WORDS_MAX):
        raise WordsMissing(most=WORDS_MAX)
    return clean


def is_words(text: str, length_min: int, length_max: int) -> bool:
    """Whether a text has so many characters, and none that cannot be seen."""
    return length_min <= len(text.strip()) <= length_max and all(each.isprintable() or each in "\r\n\t" for each in text)
