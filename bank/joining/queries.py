"""What can be asked about who takes part; nothing here changes anything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from bank.activities import queries as activities
from bank.activities.models import Activity
from bank.clock import local_day, zone
from bank.consents.queries import lacks_guardians_consent
from bank.db import db
from bank.errors import BankError
from bank.hours.queries import rule_set
from bank.joining import rules
from bank.joining.models import Join
from bank.people.models import Membership, Person
from bank.people.queries import has_role, household, household_of, is_minor
from bank.people.rules import search_text
from bank.units.models import Unit
from bank.workdays import is_workday

OPEN = ("joined", "waiting")


@dataclass(frozen=True)
class Places:
    """How many places an activity has, how many are taken, and how many people wait."""

    capacity: int
    joined: int = 0
    waiting: int = 0

    @property
    def left(self) -> int:
        """Places that nobody has taken."""
        return max(0, self.capacity - self.joined)


def join_of(person_id: int, activity_id: int) -> Join | None:
    """A person's place or place in the waiting list, if any."""
    mine = (Join.person_id == person_id, Join.activity_id == activity_id, Join.ended_at.is_(None))
    return db.session.scalar(select(Join).where(*mine))


def joins(activity_id: int) -> list[Join]:
    """Who has a place, then who waits, each in the order of asking."""
    wanted = select(Join).where(Join.activity_id == activity_id, Join.ended_at.is_(None)).options(joinedload(Join.person))
    return list(db.session.scalars(wanted.order_by(Join.state, Join.asked_at, Join.id)))


def told_ids(activity_id: int) -> set[int]:
    """The ids of all who have a place or wait for one, and so are told what becomes of the activity."""
    mine = (Join.activity_id == activity_id, Join.ended_at.is_(None))
    return set(db.session.scalars(select(Join.person_id).where(*mine)))


def joined_ids(activity_id: int) -> set[int]:
    """The ids of all who have a place."""
    return set(db.session.scalars(select(Join.person_id).where(Join.activity_id == activity_id, Join.state == "joined")))


def places(wanted: Collection[Activity]) -> dict[int, Places]:
    """The places of activities, by their ids."""
    counted = select(Join.activity_id, Join.state, func.count()).where(Join.activity_id.in_([each.id for each in wanted]))
    counted = counted.where(Join.ended_at.is_(None)).group_by(Join.activity_id, Join.state)
    counts = {(activity_id, state): count for activity_id, state, count in db.session.execute(counted)}
    return {
        each.id: Places(each.capacity, counts.get((each.id, "joined"), 0), counts.get((each.id, "waiting"), 0))
        for each in wanted
    }  # fmt: skip


def number_in_line(join: Join) -> int:
    """How many are served before this one and itself, when it waits for a place."""
    ahead = select(func.count()).where(Join.activity_id == join.activity_id, Join.state == "waiting")
    earlier = (Join.asked_at < join.asked_at) | ((Join.asked_at == join.asked_at) & (Join.id <= join.id))
    return db.session.execute(ahead.where(earlier)).scalar_one()


def mine(person_id: int, *, at: datetime) -> list[Join]:
    """What a person has joined or waits for and is not over, the next first."""
    wanted = select(Join).join(Join.activity).options(joinedload(Join.activity).joinedload(Activity.unit))
    wanted = wanted.where(Join.person_id == person_id, Join.ended_at.is_(None), Activity.ends_at > at)
    return list(db.session.scalars(wanted.where(Activity.state == "published").order_by(Activity.starts_at, Activity.id)))


def search_joined(*, by: Person | None, activity_id: int, text: str) -> list[Person]:
    """Those who have joined an activity and whose name or card matches, for its organizers.

    Raises RoleMissing, SearchTooShort.
    """
    found = activities.activity(activity_id)
    activities.require_organizer(by, found.unit_id)
    looked_for = search_text(text)
    return [
        each.person for each in joins(activity_id)
        if looked_for in each.person.name or each.person.card_number.endswith(looked_for)
    ]  # fmt: skip


def participants(*, by: Person | None, activity_id: int) -> list[Join]:
    """Who has joined or waits, for the activity's organizers. Raises RoleMissing, ActivityNotFound."""
    activities.require_organizer(by, activities.activity(activity_id).unit_id)
    return joins(activity_id)


def refusal(person: Person, activity: Activity, *, is_workplace_agreed: bool, at: datetime) -> BankError | None:
    """Why a person cannot join now, or None."""
    on = local_day(activity.starts_at)
    try:
        rules.check_window(state=activity.state, ends_at=activity.ends_at, at=at)
        rules.check_age(
            person.born_on, on=on, lacks_consent=lacks_guardians_consent(person, on),
            has_company=not rules.needs_company(person.born_on, on=on) or bool(company(person.id, activity)),
        )  # fmt: skip
    except BankError as refused:
        return refused
    if asks_workplace(person, activity) and not is_workplace_agreed:
        return rules.WorkplaceNotAsked()
    return None


def asks_workplace(person: Person, activity: Activity) -> bool:
    """Whether a person is in service and the activity touches office hours."""
    starts, ends = activity.starts_at.astimezone(zone()), activity.ends_at.astimezone(zone())
    in_force = rule_set(starts.date())
    is_office_day = is_workday(starts.date())
    return person.is_in_service and rules.is_in_office_hours(starts=starts, ends=ends, is_workday=is_office_day, rules=in_force)


def company(person_id: int, activity: Activity) -> set[int]:
    """The adults of a child's household, and its guardian, who have a place at an activity."""
    on = local_day(activity.starts_at)
    return {each.id for each in _adults(household(person_id), on)} & joined_ids(activity.id) - {person_id}


def left_alone(by_leaving: Person, activity: Activity) -> list[Join]:
    """The children under 10 who would be at an activity without an adult of theirs if somebody left."""
    on, at_home = local_day(activity.starts_at), household_of(by_leaving.id) - {by_leaving.id}
    wanted = select(Join).where(Join.activity_id == activity.id, Join.ended_at.is_(None), Join.person_id.in_(at_home))
    children = (each for each in db.session.scalars(wanted) if rules.needs_company(each.person.born_on, on=on))
    return [each for each in children if not company(each.person_id, activity) - {by_leaving.id}]


def children(person: Person, *, on: date) -> list[Person]:
    """The minors for whom an adult may join and leave: those of the same household or guarded by the adult."""
    if is_minor(person, on):
        return []
    return [each for each in household(person.id) if each.id != person.id and is_minor(each, on)]


def teams_to_bring(by: Person) -> list[Unit]:
    """The open teams whose members `by` may bring."""
    teams = db.session.scalars(select(Unit).where(Unit.kind == "team", Unit.closed_at.is_(None)).order_by(Unit.name, Unit.id))
    return [each for each in teams if has_role(by, "organizer", each.id) or has_role(by, "admin", each.id)]


def members_of_team(team_id: int) -> Select[Person]:
    """The persons who are in a team now."""
    inside = select(Membership.person_id).where(
        Membership.unit_id == team_id, Membership.kind == "team", Membership.until_at.is_(None)
    )
    return select(Person).where(Person.id.in_(inside), Person.closed_at.is_(None))


def _adults(persons: Sequence[Person], on: date) -> list[Person]:
    return [each for each in persons if not is_minor(each, on)]
