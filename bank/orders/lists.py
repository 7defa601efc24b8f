"""Lists of needs, problems and services by unit and quarter: who can help whom, who claimed what, what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import literal, or_, select
from sqlalchemy.orm import joinedload

from bank.db import db
from bank.hours.rules import check_category
from bank.orders import queries, rules
from bank.orders.models import ListEntry
from bank.people.models import Person
from bank.people.queries import paths_of, require_any_role
from bank.units.models import Unit
from bank.units.queries import open_unit


@dataclass(frozen=True)
class Line:
    """A line with what fits it: services for a need or problem, needs and problems for a service; nearest units first."""

    entry: ListEntry
    fits: tuple[ListEntry, ...]


def add(*, by: Person, new: rules.NewListEntry, at: datetime) -> ListEntry:
    """Put a line on a unit's list. Raises RoleMissing, BadOrder, CategoryUnknown, CategoryBanned, ListEntryThere, UnitClosed."""
    rules.check_entry(new)
    check_category(new.category)
    unit = open_unit(new.unit_id)
    require_any_role(by, queries.DISPATCHERS, unit.id)
    quarter, title = rules.quarter_of(new.quarter), new.title.strip()
    there = select(ListEntry.id).where(
        ListEntry.unit_id == unit.id, ListEntry.quarter == quarter, ListEntry.kind == new.kind, ListEntry.title == title
    )
    if db.session.scalar(there) is not None:
        raise rules.ListEntryThere()
    entry = ListEntry(
        unit_id=unit.id, quarter=quarter, kind=new.kind, category=new.category, title=title, about=new.about.strip(),
        state="open", added_at=at, added_by_id=by.id,
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()  # The caller needs the id.
    return entry


def publish(*, by: Person, unit_id: int, quarter: date) -> int:
    """Let everybody who is signed in see a unit's lists of a quarter; answers how many lines are new. Raises RoleMissing."""
    require_any_role(by, queries.DISPATCHERS, unit_id)
    drafts = select(ListEntry).where(ListEntry.unit_id == unit_id, ListEntry.quarter == rules.quarter_of(quarter))
    hidden = list(db.session.scalars(drafts.where(ListEntry.is_published.is_(False)).with_for_update()))
    for each in hidden:
        each.is_published = True
    db.session.flush()
    return len(hidden)


def claim(*, by: Person, entry_id: int, unit_id: int, at: datetime) -> ListEntry:
    """Claim a published line for a unit of `by`; of several units one gets it.

    Raises ListEntryNotFound, ListEntryClaimed, RoleMissing, UnitNotFound, UnitClosed.
    """
    unit = open_unit(unit_id)
    require_any_role(by, queries.DISPATCHERS, unit.id)
    entry = _locked(entry_id)
    if not entry.is_published:
        raise rules.ListEntryNotFound()
    if entry.state != "open":
        raise rules.ListEntryClaimed()
    entry.state, entry.claimed_unit_id, entry.claimed_at, entry.claimed_by_id = "claimed", unit.id, at, by.id
    db.session.flush()
    return entry


def conclude(*, by: Person, entry_id: int, is_met: bool, words: str, at: datetime) -> ListEntry:
    """Say, for the unit whose line it is, what came of it. Raises ListEntryNotFound, RoleMissing, ListEntryClaimed."""
    entry = _locked(entry_id)
    require_any_role(by, queries.DISPATCHERS, entry.unit_id)
    if entry.state != "claimed":
        raise rules.ListEntryClaimed()
    entry.state, entry.outcome, entry.ended_at = "met" if is_met else "unmet", rules.clean_words(words), at
    db.session.flush()
    return entry


def lines(by: Person, *, quarter: date, unit: Unit | None = None) -> list[Line]:
    """The lists of a quarter as `by` may see them: what is published, and the drafts of the own units."""
    mine = [path for role, path in paths_of(by) if role in queries.SEEING]
    is_seen = or_(ListEntry.is_published, literal(False), *(Unit.path.startswith(path) for path in mine))
    wanted = (
        select(ListEntry).join(Unit, ListEntry.unit_id == Unit.id).where(ListEntry.quarter == rules.quarter_of(quarter), is_seen)
    )
    wanted = wanted.options(joinedload(ListEntry.unit), joinedload(ListEntry.claimed_unit))
    found = list(db.session.scalars(wanted.order_by(Unit.path, ListEntry.kind, ListEntry.id)))
    here = [each for each in found if unit is None or each.unit.path.startswith(unit.path)]
    return [Line(each, matching(each, found)) for each in here]


def matching(entry: ListEntry, others: Sequence[ListEntry]) -> tuple[ListEntry, ...]:
    """The open lines that fit one: the same kind of service from the other side; those nearest in the tree first."""
    if entry.state != "open":
        return ()
    is_service = entry.kind == "service"
    fits = [
        each for each in others
        if each.state == "open" and each.category == entry.category and (each.kind == "service") != is_service
    ]  # fmt: skip
    return tuple(sorted(fits, key=lambda each: (-_common(entry.unit, each.unit), each.id))[:3])


def _common(one: Unit, other: Unit) -> int:
    """How many units stand above both."""
    return sum(a == b for a, b in zip(one.steps, other.steps, strict=False))


def _locked(entry_id: int) -> ListEntry:
    wanted = select(ListEntry).where(ListEntry.id == entry_id).with_for_update(of=ListEntry)
    found = db.session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise rules.ListEntryNotFound()
    return found
