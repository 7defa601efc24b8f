"""What can be asked about star honours, medals, and the proposals they rest on; nothing here changes anything."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from bank.clock import local_day
from bank.consents.queries import consenting
from bank.db import db
from bank.honours import rules
from bank.honours.models import Award, AwardAnswer, AwardProposal, AwardRevocation
from bank.honours.rules import DECIDED_STAR, HONOUR, Held, Honour, Level
from bank.ledger import queries as ledger
from bank.ledger.models import Account
from bank.people import queries as people
from bank.people.models import Person
from bank.people.rules import mask_name
from bank.ratings.queries import rules_on
from bank.units.models import Unit

CHUNK = 5000  # SQLite takes 32,766 values in one statement.
PROPOSERS = ("organizer", "admin")
STAFF = ("organizer", "admin", "auditor")
ANSWERED_SHOWN = 50
FIFTH = Level(HONOUR, DECIDED_STAR)


@dataclass
class Standing:
    """What one person holds, and what two people have decided about them: the levels, and the proposals that say so."""

    held: list[Held] = field(default_factory=list)
    decided: dict[Level, int] = field(default_factory=dict)
    withdrawn: dict[Level, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Starred:
    """One line of the public list of star volunteers: a masked name, the stars, and the hours they rest on."""

    name: str
    unit_name: str
    stars: int
    minutes: int


def honour_of(person: Person, *, at: datetime) -> Honour:
    """The star honour of all credited minutes so far; nothing but a reversal ever takes from the minutes account."""
    standing = standings([person.id])[person.id]
    return rules.star_honour(
        ledger.balance(person.minutes_account_id),
        rules=rules_on(local_day(at)),
        is_fifth_decided=FIFTH in standing.decided,
        held=_stars(each.level for each in standing.held),
        withdrawn=_stars(standing.withdrawn),
    )


def standings(person_ids: Collection[int]) -> dict[int, Standing]:
    """What each of these persons holds and what is decided about them; nothing for those who have neither."""
    found: dict[int, Standing] = defaultdict(Standing)
    for chunk in _chunks(sorted(person_ids)):
        for award in db.session.scalars(live_awards().where(Award.person_id.in_(chunk))):
            found[award.person_id].held.append(Held(Level(award.kind, award.level), award.minutes_min))
        for proposal in db.session.scalars(_agreed().where(AwardProposal.person_id.in_(chunk))):
            standing, level = found[proposal.person_id], Level(proposal.kind, proposal.level)
            gained, lost = (standing.decided, standing.withdrawn) if proposal.is_given else (standing.withdrawn, standing.decided)
            gained[level] = proposal.id
            lost.pop(level, None)
    return found


def live_awards() -> Select[Award]:
    """The awards that nobody has revoked."""
    return select(Award).where(~select(AwardRevocation.award_id).where(AwardRevocation.award_id == Award.id).exists())


def awards_of(person_id: int) -> list[Award]:
    """A person's awards with their revocations, the newest first."""
    wanted = select(Award).where(Award.person_id == person_id).options(joinedload(Award.revocation))
    return list(db.session.scalars(wanted.order_by(Award.awarded_on.desc(), Award.id.desc())))


def award(*, by: Person, award_id: int) -> Award:
    """One award, seen by its owner and by staff of the owner's unit. Raises AwardNotFound, also when out of sight."""
    found = db.session.get(Award, award_id, options=[joinedload(Award.revocation)])
    if found is None or not _may_see(by, found.person):
        raise rules.AwardNotFound()
    return found


def proposals(*, by: Person) -> list[AwardProposal]:
    """The proposals about members in sight of `by`: those that wait first, then the latest answered."""
    units = [each.id for role in STAFF for each in people.units(by=by, role=role)]
    wanted = select(AwardProposal).join(AwardProposal.person).outerjoin(AwardProposal.answer).where(Person.unit_id.in_(units))
    wanted = wanted.options(joinedload(AwardProposal.answer).joinedload(AwardAnswer.answered_by))
    wanted = wanted.options(joinedload(AwardProposal.person), joinedload(AwardProposal.proposed_by))
    newest_first = (AwardAnswer.answered_at.is_not(None), AwardProposal.proposed_at.desc(), AwardProposal.id.desc())
    return list(db.session.scalars(wanted.order_by(*newest_first).limit(ANSWERED_SHOWN)))


def open_proposal(person_id: int, level: Level) -> AwardProposal | None:
    """A proposal about this person and level that waits for its answer."""
    about = (AwardProposal.person_id == person_id, AwardProposal.kind == level.kind, AwardProposal.level == level.number)
    return db.session.scalar(select(AwardProposal).where(*about, ~_is_answered()))


def candidates(*, by: Person, at: datetime) -> list[Person]:
    """The members in sight of `by` whose hours reach the fifth star and about whom nobody has decided, by name."""
    least = rules.thresholds(rules_on(local_day(at)))[FIFTH]
    units = [each.id for role in PROPOSERS for each in people.units(by=by, role=role)]
    about = (AwardProposal.kind == HONOUR, AwardProposal.level == DECIDED_STAR)
    is_asked = select(AwardProposal.id).where(AwardProposal.person_id == Person.id, *about).exists()
    holds = live_awards().where(Award.person_id == Person.id, Award.kind == HONOUR, Award.level == DECIDED_STAR).exists()
    wanted = select(Person).where(Person.unit_id.in_(units), minutes_of(least), ~is_asked, ~holds)
    return list(db.session.scalars(wanted.options(joinedload(Person.unit)).order_by(Person.name_sort, Person.key)))


def minutes_of(least: int) -> ColumnElement[bool]:
    """Whether a person's lifetime minutes come to at least so many."""
    return Person.minutes_account_id.in_(select(Account.id).where(Account.unit == "minutes", Account.balance >= least))


def published(*, unit_id: int) -> list[Starred]:
    """The star volunteers of a unit who agreed to public lists, by name; nobody is ranked."""
    stars, minutes = func.max(Award.level), func.max(Award.minutes_min)
    live = (
        live_awards()
        .where(Award.kind == HONOUR)
        .with_only_columns(Award.person_id, stars.label("stars"), minutes.label("minutes"))
    )
    held = live.group_by(Award.person_id).subquery()
    wanted = (
        select(Person.name, Unit.name, held.c.stars, held.c.minutes)
        .join(held, held.c.person_id == Person.id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.id.in_(consenting("public_list")), Person.id.in_(people.members_of(unit_id)))
        .order_by(Person.name_sort, Person.key)
    )
    return [Starred(mask_name(name), unit_name, stars, minutes) for name, unit_name, stars, minutes in db.session.execute(wanted)]


def _may_see(by: Person, person: Person) -> bool:
    return by.id == person.id or any(people.has_role(by, role, person.unit_id) for role in STAFF)


def _agreed() -> Select[AwardProposal]:
    """Agreed proposals, the oldest first, so that the last one about a level is the one in force."""
    agreed = select(AwardProposal).join(AwardProposal.answer).where(AwardAnswer.is_agreed)
    return agreed.order_by(AwardAnswer.answered_at, AwardProposal.id)


def _is_answered() -> ColumnElement[bool]:
    return select(AwardAnswer.proposal_id).where(AwardAnswer.proposal_id == AwardProposal.id).exists()


def _stars(levels: Iterable[Level]) -> set[int]:
    return {each.number for each in levels if each.kind == HONOUR}


def _chunks(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]
