"""Founds the demo town: units, staff, counters, and the members who come in waves."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from bank.access.actions import set_pin
from bank.clock import local_day
from bank.consents import actions as consents
from bank.db import db
from bank.demo import cast, catalogue, names, places
from bank.people import actions as people
from bank.people import organisation
from bank.people.models import Person
from bank.people.rules import ADULT_YEARS, CHILD_YEARS, NewGuardian, NewPerson, years_old
from bank.rewards import actions as rewards
from bank.rewards.rules import NewReward
from bank.units.models import Unit

AGE_BANDS = ((10, 17, 7), (18, 35, 22), (36, 55, 33), (56, 70, 28), (71, 85, 10))  # From, to, of a hundred members.
BOARD_PERCENT = 60
IN_SERVICE_PERCENT = 14
LEADERS = 4


@dataclass(frozen=True)
class Size:
    """How big a town is; `group` is how many people come to a service, `big_counters` have the whole catalogue."""

    people: int
    records: int
    redemptions: int
    streets: int
    communities: int
    grids: int
    group: tuple[int, int]
    big_counters: int


SIZES = {
    "small": Size(60, 1_200, 60, 1, 2, places.GRIDS_SMALL, (3, 7), 1),
    "town": Size(1_500, 20_000, 1_000, 6, 33, places.GRIDS, (4, 9), 4),
    "city": Size(20_000, 500_000, 8_000, 6, 33, places.GRIDS, (8, 22), 12),
}


@dataclass(frozen=True)
class Member:
    """One who may serve; `zeal` is how often compared with others."""

    id: int
    zeal: float
    is_minor: bool


@dataclass
class Counter:
    """A counter's clerk, and of its rewards price, what is left, what comes in when it runs low, and who took it this month."""

    clerk: Person
    prices: dict[int, int] = field(default_factory=dict)
    stock: dict[int, int] = field(default_factory=dict)
    refills: dict[int, int] = field(default_factory=dict)
    taken: set[tuple[int, int]] = field(default_factory=set)


@dataclass
class Community:
    """One community: where its members live and serve, and who organises. Services are booked on one of `service_units`."""

    name: str
    unit_id: int
    street: int
    grid_ids: list[int]
    service_units: list[int]
    organizer: Person
    counter: Counter
    size: float
    members: list[Member] = field(default_factory=list)
    leader_ids: list[int] = field(default_factory=list)


@dataclass
class Town:
    """All that the history needs to know; `coordinators` import the services of a street each."""

    size: Size
    communities: list[Community]
    coordinators: list[Person]
    admin: Person
    volunteer: Person
    home_unit_ids: list[int]
    phones: Iterator[str]


def found(size: Size, *, chance: random.Random, at: datetime) -> Town:
    """Units, staff, cast and counters, all there on the first day."""
    bank = db.session.scalars(select(Unit).where(Unit.kind == "bank")).one()
    phones = _phones(chance, size.people + 200)
    staff = _Staff(chance, phones, at)
    home_units = [_unit(name, "home_unit", bank.id, chance, at) for name in places.HOME_UNITS]
    for name in places.CITY_TEAMS:
        _unit(name, "team", bank.id, chance, at)
    streets = list(places.STREETS.items())[: size.streets]
    street_ids = [_unit(name, "street", bank.id, chance, at) for name, _ in streets]
    chosen = [(number, each) for number, (_, listed) in enumerate(streets) for each in listed.split()][: size.communities]
    grids = places.grid_counts(len(chosen), size.grids)
    communities = [
        _community(name, street_ids[street], street, count, chance, staff, at)
        for (street, name), count in zip(chosen, grids, strict=True)
    ]
    admin, volunteer = _enrol_cast(bank.id, communities[0], chance, at)
    coordinators = [staff.hire("organizer", street_id) for street_id in street_ids]
    for number, community in enumerate(communities):
        _fill_counter(community, number, is_big=number < size.big_counters, by=admin, at=at)
    return Town(size, communities, coordinators, admin, volunteer, home_units, phones)


def enrol_wave(town: Town, count: int, *, chance: random.Random, at: datetime, until: date) -> None:
    """Enrol so many new members all over the town, and ask the adults whether boards may show them."""
    today = local_day(at)
    homes = chance.choices(town.communities, [each.size for each in town.communities], k=count)
    new = [_new_person(chance, chance.choice(home.grid_ids), next(town.phones), until, town.home_unit_ids) for home in homes]
    ids = people.enrol_all(by=None, new=new, at=at, chance=chance)
    adults = []
    for home, each, person_id in zip(homes, new, ids, strict=True):
        assert each.born_on is not None, "everybody here has a birth date"
        is_minor = years_old(each.born_on, on=today) < ADULT_YEARS
        home.members.append(Member(person_id, _zeal(chance, each), is_minor))
        if not is_minor:
            adults.append(person_id)
    _ask_consent(adults, chance, at)
    for home in town.communities:
        grown = [each.id for each in sorted(home.members, key=lambda member: -member.zeal) if not each.is_minor]
        home.leader_ids = [home.organizer.id, *grown[:LEADERS]]


@dataclass
class _Staff:
    """Hires a person with a role at a unit; they cannot sign in."""

    chance: random.Random
    phones: Iterator[str]
    at: datetime

    def hire(self, role: str, unit_id: int) -> Person:
        born_on = date(1966 + self.chance.randrange(34), 1 + self.chance.randrange(12), 1 + self.chance.randrange(28))
        name = names.name(self.chance, born_year=born_on.year, is_woman=self.chance.random() < 0.6)
        new = NewPerson(name=name, phone=next(self.phones), unit_id=unit_id, born_on=born_on)
        person = people.enrol(by=None, new=new, at=self.at, chance=self.chance)
        people.grant_role(by=None, person_id=person.id, role=role, unit_id=unit_id, at=self.at)
        return person


def _unit(name: str, kind: str, parent_id: int, chance: random.Random, at: datetime) -> int:
    return organisation.add_unit(by=None, name=name, kind=kind, parent_id=parent_id, at=at, chance=chance).id


def _community(
    name: str, street_id: int, street: int, grids: int, chance: random.Random, staff: _Staff, at: datetime
) -> Community:
    unit_id = _unit(name, "community", street_id, chance, at)
    grid_ids = [_unit(f"{name}第{number}网格", "grid", unit_id, chance, at) for number in range(1, grids + 1)]
    team_id = _unit(name.removesuffix("社区") + chance.choice(places.TEAM_NAMES), "team", unit_id, chance, at)
    return Community(
        name=name,
        unit_id=unit_id,
        street=street,
        grid_ids=grid_ids,
        service_units=[unit_id, unit_id, team_id],
        organizer=staff.hire("organizer", unit_id),
        counter=Counter(staff.hire("clerk", unit_id)),
        size=chance.uniform(0.7, 1.3),
    )


def _enrol_cast(bank_id: int, home: Community, chance: random.Random, at: datetime) -> tuple[Person, Person]:
    """Enrol who can sign in and give them work in the first community; answers the admin and the volunteer."""
    unit_ids = {cast.BANK: bank_id, cast.COMMUNITY: home.unit_id}
    players: dict[str, Person] = {}
    for each in cast.PLAYERS:
        lives_in = home.grid_ids[0] if each.role is None else unit_ids[each.home]
        new = NewPerson(name=each.name, phone=each.phone, unit_id=lives_in, born_on=each.born_on)
        players[each.who] = people.enrol(by=None, new=new, at=at, chance=chance)
        set_pin(by=None, person_id=players[each.who].id, pin=cast.PIN, at=at)
        if each.role:
            people.grant_role(by=None, person_id=players[each.who].id, role=each.role, unit_id=unit_ids[each.home], at=at)
    home.organizer, home.counter.clerk = players["organizer"], players["clerk"]
    consents.decide_consent(by=None, person_id=players["volunteer"].id, purpose="board", is_given=True, at=at)
    return players["admin"], players["volunteer"]


def _fill_counter(community: Community, number: int, *, is_big: bool, by: Person, at: datetime) -> None:
    items = [each for each in catalogue.ITEMS if is_big or each.is_basic]
    for place, each in enumerate(items, 1):
        new = NewReward(
            unit_id=community.unit_id,
            kind=each.kind,
            name=each.name,
            points=each.points,
            stock=each.stock,
            number=f"{number + 1}{place:02}",
        )
        reward = rewards.add_reward(by=by, new=new, at=at)
        community.counter.prices[reward.id] = each.points
        if each.stock is not None:
            community.counter.stock[reward.id] = community.counter.refills[reward.id] = each.stock


def _phones(chance: random.Random, count: int) -> Iterator[str]:
    return (f"{cast.PHONE_PREFIX}{number}" for number in chance.sample(range(10_000_000, 100_000_000), count))


def _new_person(chance: random.Random, unit_id: int, phone: str, until: date, home_unit_ids: Sequence[int]) -> NewPerson:
    [(youngest, oldest, _)] = chance.choices(AGE_BANDS, [share for *_, share in AGE_BANDS])
    age = chance.randint(youngest, oldest)
    born_on = date.fromordinal(until.toordinal() - 365 * age - age // 4 - 1 - chance.randrange(365))
    is_in_service = 22 <= age <= 58 and chance.randrange(100) < IN_SERVICE_PERCENT
    guardian = None
    if age < CHILD_YEARS + 1:  # Somebody who has just turned 14 came before.
        mother = names.name(chance, born_year=born_on.year - 28, is_woman=True)
        guardian = NewGuardian(name=mother, phone=f"{cast.PHONE_PREFIX}{chance.randrange(10_000_000, 100_000_000)}")
    return NewPerson(
        name=names.name(chance, born_year=born_on.year, is_woman=chance.random() < 0.56),
        phone=phone,
        unit_id=unit_id,
        born_on=born_on,
        is_in_service=is_in_service,
        home_unit_id=chance.choice(home_unit_ids) if is_in_service else None,
        guardian=guardian,
    )


def _zeal(chance: random.Random, person: NewPerson) -> float:
    """A few come every week, most now and then; in-service members have less time."""
    return chance.lognormvariate(0, 0.9) * (0.6 if person.is_in_service else 1.0)


def _ask_consent(person_ids: Iterable[int], chance: random.Random, at: datetime) -> None:
    agreed = [each for each in person_ids if chance.randrange(100) < BOARD_PERCENT]
    consents.decide_consents(by=None, person_ids=agreed, purpose="board", is_given=True, at=at)
