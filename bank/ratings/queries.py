"""What can be asked about rating rules, standings and results; nothing here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from bank.consents.queries import consenting
from bank.db import db
from bank.people import queries as people
from bank.people.models import Person
from bank.people.rules import mask_name
from bank.ratings import rules
from bank.ratings.lines import counted
from bank.ratings.models import MicroResult, MicroStanding, RatingRulesVersion
from bank.ratings.rules import Line, RatingRules
from bank.units.models import Unit

STAFF = ("admin", "auditor")  # Who may look into the rating of others.


@dataclass(frozen=True)
class Published:
    """One line of the public list: a masked name, and a score that stands beside the number of ratings it rests on."""

    name: str
    unit_name: str
    stars: int
    minutes: int
    score: int
    rated: int


def versions() -> list[RatingRulesVersion]:
    """All versions of the rules with who added them, the newest first day first."""
    wanted = select(RatingRulesVersion).options(joinedload(RatingRulesVersion.added_by))
    return list(db.session.scalars(wanted.order_by(RatingRulesVersion.starts_on.desc())))


def all_rules() -> list[RatingRules]:
    """All versions of the rules as plain values, the newest first day first."""
    return [RatingRules.from_json(each.rules, version=each.version, starts_on=each.starts_on) for each in versions()]


def rules_on(day: date) -> RatingRules:
    """The rules in force on a day. Raises NoRatingRules."""
    return rules.in_force(all_rules(), day)


def rules_of_year(year: int) -> RatingRules:
    """The rules a whole calendar year goes by, known before it begins. Raises NoRatingRules."""
    return rules_on(date(year, 1, 1))


def rules_of_version(version: int) -> RatingRules:
    """One version of the rules. Raises NoRatingRules."""
    found = db.session.get(RatingRulesVersion, version)
    if found is None:
        raise rules.NoRatingRules()
    return RatingRules.from_json(found.rules, version=found.version, starts_on=found.starts_on)


def is_fixed(year: int) -> bool:
    """Whether a year's results are written down for good."""
    return bool(db.session.scalar(select(exists().where(MicroResult.year == year))))


def result(person_id: int, year: int) -> MicroResult | None:
    """What a member's year came to, once it is fixed."""
    return db.session.get(MicroResult, (year, person_id))


def results_of(person_id: int) -> list[MicroResult]:
    """A member's fixed years, the newest first."""
    return list(
        db.session.scalars(select(MicroResult).where(MicroResult.person_id == person_id).order_by(MicroResult.year.desc()))
    )


def lines_of(year: int, person_ids: Sequence[int], *, at: datetime) -> dict[int, list[Line]]:
    """The records of these members that count in a year, in the order of the service days; without any the list is empty."""
    found = counted(year, at=at, person_ids=person_ids).subquery()
    lines: dict[int, list[Line]] = {each: [] for each in person_ids}
    for row in db.session.execute(select(found).order_by(found.c.served_on, found.c.record_id)):
        lines[row.person_id].append(Line(row.record_id, row.minutes, row.recipient, row.leader, row.completion))
    return lines


def rated_person(*, by: Person, person_id: int) -> Person:
    """An in-service member or former one, seen by oneself or by admins and auditors of the unit. Raises NotRated for others."""
    found = db.session.get(Person, person_id)
    if found is None or (found.id != by.id and not any(people.has_role(by, role, found.unit_id) for role in STAFF)):
        raise rules.NotRated()
    return found


def published(year: int, *, unit_id: int) -> list[Published]:
    """The members of a unit with stars in a fixed year who agreed to public lists, by name; nobody is ranked."""
    wanted = (
        select(Person.name, Unit.name.label("unit_name"), MicroResult)
        .join(Person, Person.id == MicroResult.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(MicroResult.year == year, MicroResult.stars > 0, Person.id.in_(consenting("public_list")))
        .where(Person.id.in_(people.members_of(unit_id)))
        .order_by(Person.name_sort, Person.key)
    )
    return [
        Published(mask_name(name), unit_name, each.stars, each.minutes, each.score, each.rated)
        for name, unit_name, each in db.session.execute(wanted)
    ]


def fixed_years() -> list[int]:
    """The years with results, the newest first."""
    return list(db.session.scalars(select(MicroResult.year).distinct().order_by(MicroResult.year.desc())))


def star_counts(year: int) -> dict[int, int]:
    """How many members stand at each number of stars in a year that is not fixed; for those who look after the rules."""
    counts = select(MicroStanding.stars, func.count()).where(MicroStanding.year == year).group_by(MicroStanding.stars)
    return dict(db.session.execute(counts).all())
