"""What a statement keeps beside the month's sums, as columns for all members at once: how things stood when the month ended."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, FromClause, Select, Subquery, case, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from bank import clock
from bank.counter.models import Redemption
from bank.honours.models import Award, AwardAnswer, AwardProposal, AwardRevocation
from bank.honours.rules import HONOUR, thresholds
from bank.ledger.rules import Expiry, due_before
from bank.people.models import Membership, Person
from bank.people.rules import COMPOUND_SURNAMES
from bank.ratings.queries import rules_on
from bank.statements.rules import EXPIRING_DAYS

NAME_MAX = 50
COUNTED_STARS = 4  # Minutes alone give so many; the fifth is awarded.


def end_of(month: date) -> datetime:
    """The first instant after a month, by the bank's own clock."""
    return clock.local_instant(clock.next_month(month), time())


def masked_name() -> ColumnElement[str]:
    """`mask_name` in SQL: the surname, and a `*` for each further character."""
    longest, pairs = ([each for each in sorted(COMPOUND_SURNAMES) if len(each) == length] for length in (4, 2))
    length = func.length(Person.name)
    surname = case(
        ((length > 4) & func.substr(Person.name, 1, 4).in_(longest), 4),
        ((length > 2) & func.substr(Person.name, 1, 2).in_(pairs), 2),
        else_=1,
    )
    return func.substr(Person.name, 1, surname).concat(func.substr(literal("*" * NAME_MAX), 1, length - surname))


def card_end() -> ColumnElement[str]:
    """The last four digits of the card, which tell namesakes apart."""
    return func.substr(Person.card_number, 7, 4)


def homes(month: date) -> Subquery:
    """(person_id, unit_id) of where each was enrolled when the month ended."""
    end = end_of(month)
    then = (Membership.since_at < end, or_(Membership.until_at.is_(None), Membership.until_at >= end))
    rows = select(Membership.person_id, func.max(Membership.unit_id).label("unit_id"))
    return rows.where(Membership.kind == "enrolled", *then).group_by(Membership.person_id).subquery()


def held(month: date) -> Subquery:
    """(person_id, points) in reservations that were open when the month ended."""
    end = end_of(month)
    # By these three the open ones are found without leafing through all there ever were.
    is_open = or_(Redemption.state == "reserved", Redemption.handed_over_at >= end, Redemption.undone_at >= end)
    lasted = or_(Redemption.handed_over_at.is_(None), Redemption.handed_over_at >= end)
    lasted &= or_(Redemption.undone_at.is_(None), Redemption.undone_at >= end)
    rows = select(Redemption.person_id, cast(func.sum(Redemption.points), BigInteger).label("points"))
    return rows.where(is_open, lasted, Redemption.hold_ends_on.is_not(None), Redemption.made_at < end).group_by(
        Redemption.person_id
    ).subquery()  # fmt: skip


def with_kept(query: Select[Any], month: date, minutes: ColumnElement[Any]) -> tuple[Select[Any], dict[str, ColumnElement[Any]]]:
    """The query with what it needs, and columns of what is kept as it was when the month ended."""
    found = {"home": homes(month), "held": held(month), "awarded": awarded(month), "withdrawn": withdrawn(month)}
    for each in found.values():
        query = query.outerjoin(each, each.c.person_id == Person.id)
    return query, {
        "holder": masked_name(),
        "card_end": card_end(),
        "unit_id": func.coalesce(found["home"].c.unit_id, Person.unit_id),
        "points_held": func.coalesce(found["held"].c.points, 0),
        "stars": stars(month, minutes, found),
    }


def due_soon_before(month: date, expiry: Expiry) -> date | None:
    """What was earned before this day is due within 60 days of the month's end; None where nothing expires."""
    return due_before(clock.next_month(month) + timedelta(days=EXPIRING_DAYS - 1), expiry)


def expiring(sums: FromClause) -> ColumnElement[int]:
    """The points that expire within 60 days of the month's end if nothing else happens, from the sums of their accounts."""
    due = func.coalesce(sums.c.earned_before - (sums.c.earned_then - sums.c.balance_then), 0)
    return case((due <= 0, 0), (due > sums.c.balance_then, sums.c.balance_then), else_=due)


def awarded(month: date) -> Subquery:
    """(person_id, stars) by the star honours in force when the month ended."""
    end = end_of(month)
    rows = select(Award.person_id, func.max(Award.level).label("stars")).outerjoin(Award.revocation)
    is_live = or_(AwardRevocation.award_id.is_(None), AwardRevocation.revoked_at >= end)
    return rows.where(Award.kind == HONOUR, Award.awarded_at < end, is_live).group_by(Award.person_id).subquery()


def withdrawn(month: date) -> Subquery:
    """(person_id, level) of the lowest star that two people had decided to take away and had not given again."""
    end, later, answer = end_of(month), aliased(AwardProposal), aliased(AwardAnswer)
    given_again = (
        select(later.id)
        .join(answer, answer.proposal_id == later.id)
        .where(later.person_id == AwardProposal.person_id, later.level == AwardProposal.level, later.kind == HONOUR)
        .where(later.is_given, answer.is_agreed, answer.answered_at < end, answer.answered_at > AwardAnswer.answered_at)
    )
    rows = select(AwardProposal.person_id, func.min(AwardProposal.level).label("level")).join(AwardProposal.answer)
    is_taken = (AwardProposal.kind == HONOUR, ~AwardProposal.is_given, AwardAnswer.is_agreed, AwardAnswer.answered_at < end)
    return rows.where(*is_taken, ~given_again.exists()).group_by(AwardProposal.person_id).subquery()


def stars(month: date, minutes: ColumnElement[Any], found: Mapping[str, Subquery]) -> ColumnElement[int]:
    """The star honour for lifetime minutes, what was awarded included and what was withdrawn left out."""
    least = {level.number: each for level, each in thresholds(rules_on(month)).items() if level.kind == HONOUR}
    counted = case(*((minutes >= least[star], star) for star in range(COUNTED_STARS, 0, -1)), else_=0)
    awards = func.coalesce(found["awarded"].c.stars, 0)
    reached = case((awards > counted, awards), else_=counted)
    lost = func.coalesce(found["withdrawn"].c.level, 9)
    return case((reached >= lost, lost - 1), else_=reached)
