"""Everything that changes awards. An action flushes and never commits; the face that calls it does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, or_, select

from bank.clock import local_day
from bank.db import db, random_key
from bank.honours import queries, rules
from bank.honours.models import Award, AwardAnswer, AwardProposal, AwardRevocation
from bank.honours.queries import PROPOSERS, Standing
from bank.honours.rules import Level
from bank.ledger.models import Account
from bank.notices.actions import tell
from bank.people import changes
from bank.people import queries as people
from bank.people.models import Person
from bank.ratings.queries import rules_on
from bank.ratings.rules import RatingRules


@dataclass(frozen=True)
class Changed:
    """How many awards were given and how many ended."""

    awarded: int
    revoked: int


def propose(*, by: Person, person_id: int, level: Level, is_given: bool, reason: str, at: datetime) -> AwardProposal:
    """Propose to give the fifth star, or to take a star or medal away; a second person answers.

    Raises PersonNotFound, RoleMissing unless `by` organises or administers the member's unit, NotAboutYourself,
    BadProposal, NothingToDecide, AlreadyProposed.
    """
    person = _locked(by, person_id)
    if not any(people.has_role(by, role, person.unit_id) for role in PROPOSERS):
        people.require_role(by, "admin", person.unit_id)
    _require_stranger(by, person)
    reason = rules.clean_reason(reason)
    _check_level(person, level, is_given=is_given, at=at)
    if queries.open_proposal(person.id, level) is not None:
        raise rules.AlreadyProposed()
    proposal = AwardProposal(
        person_id=person.id,
        kind=level.kind,
        level=level.number,
        is_given=is_given,
        reason=reason,
        proposed_at=at,
        proposed_by_id=by.id,
    )
    db.session.add(proposal)
    db.session.flush()
    return proposal


def answer(*, by: Person, proposal_id: int, is_agreed: bool, at: datetime) -> AwardAnswer:
    """Answer a proposal as the second person; agreed, the star is given or taken at once.

    Raises ProposalNotFound, RoleMissing unless `by` administers the member's unit, NotTheSecondPerson, NotAboutYourself,
    AlreadyAnswered.
    """
    proposal = db.session.get(AwardProposal, proposal_id)
    if proposal is None:
        raise rules.ProposalNotFound()
    people.require_role(by, "admin", proposal.person.unit_id)
    _locked(by, proposal.person_id)
    if proposal.proposed_by_id == by.id:
        raise rules.NotTheSecondPerson()
    _require_stranger(by, proposal.person)
    if db.session.get(AwardAnswer, proposal_id) is not None:
        raise rules.AlreadyAnswered()
    given = AwardAnswer(
        proposal_id=proposal.id,
        proposed_by_id=proposal.proposed_by_id,
        person_id=proposal.person_id,
        is_agreed=is_agreed,
        answered_at=at,
        answered_by_id=by.id,
    )
    db.session.add(given)
    db.session.flush()  # What is in force is read from the table.
    _record(proposal, by=by, is_agreed=is_agreed, at=at)
    if is_agreed:
        _revoke_decided(proposal, at) if not proposal.is_given else award_due(at=at, person_id=proposal.person_id)
    return given


def award_due(*, at: datetime, person_id: int | None = None) -> Changed:
    """Give every award that is due, and end those whose minutes a reversal has taken; of one person, or of all.

    Running it again gives and ends nothing.
    """
    in_force = rules_on(local_day(at))
    members = _members(min(rules.thresholds(in_force).values()), person_id)
    standings = queries.standings([each.id for each in members])
    revoked = sum(_revoke_lost(each, standings[each.id], at) for each in members)
    if revoked:
        standings = queries.standings([each.id for each in members])
    turns = _turns([each.id for each in members])
    rows = [row for each in members for row in _due(each, standings[each.id], in_force, turns, at)]
    if rows:
        db.session.execute(insert(Award), rows)
        new = {row["person_id"] for row in rows}
        tell(person_ids=new, kind="award_given", facts={}, key=f"award:{at.isoformat()}", at=at)
    return Changed(awarded=len(rows), revoked=revoked)


def _locked(by: Person, person_id: int) -> Person:
    """The member, locked, so that two proposals or answers about one person come one after the other."""
    person = people.person(by=by, person_id=person_id)
    db.session.refresh(person, with_for_update=True)
    return person


def _require_stranger(by: Person, person: Person) -> None:
    if by.id == person.id or people.same_household(by.id, person.id):
        raise rules.NotAboutYourself()


def _check_level(person: Person, level: Level, *, is_given: bool, at: datetime) -> None:
    in_force = rules_on(local_day(at))
    least = rules.thresholds(in_force).get(level)
    if least is None:
        raise rules.BadProposal(field="level")
    standing = queries.standings([person.id])[person.id]
    holds = level in {each.level for each in standing.held}
    minutes = db.session.scalar(select(Account.balance).where(Account.id == person.minutes_account_id)) or 0
    is_restored = level in standing.withdrawn
    can_give = not holds and minutes >= least and (is_restored or rules.needs_decision(level, in_force))
    if not (can_give if is_given else holds):
        raise rules.NothingToDecide()


def _record(proposal: AwardProposal, *, by: Person, is_agreed: bool, at: datetime) -> None:
    what = {True: "award_star", False: "withdraw_star"}[proposal.is_given] if is_agreed else "refuse_proposal"
    after = {"kind": proposal.kind, "level": proposal.level, "proposal": proposal.id, "reason": proposal.reason}
    changes.record(by=by, subject=changes.of_person(proposal.person), what=what, before={}, after=after, at=at)


def _revoke_decided(proposal: AwardProposal, at: datetime) -> None:
    """End the star that was decided about, and those above it, which rest on it."""
    minutes = db.session.scalar(select(Account.balance).where(Account.id == proposal.person.minutes_account_id)) or 0
    its = (Award.person_id == proposal.person_id, Award.kind == proposal.kind, Award.level >= proposal.level)
    for each in db.session.scalars(queries.live_awards().where(*its)):
        row = AwardRevocation(award_id=each.id, cause="decision", reason=proposal.reason, minutes=minutes, revoked_at=at)
        row.proposal_id = proposal.id
        db.session.add(row)
    db.session.flush()


def _revoke_lost(member: Row[int, int], standing: Standing, at: datetime) -> int:
    lost = rules.to_revoke(member.minutes, standing.held)
    if not lost:
        return 0
    mine = queries.live_awards().where(Award.person_id == member.id)
    ended = [each for each in db.session.scalars(mine) if Level(each.kind, each.level) in lost]
    db.session.add_all(
        AwardRevocation(award_id=each.id, cause="reversal", minutes=member.minutes, revoked_at=at) for each in ended
    )  # fmt: skip
    db.session.flush()
    return len(ended)


def _due(
    member: Row[int, int], standing: Standing, in_force: RatingRules, turns: dict[tuple[int, str, int], int], at: datetime
) -> list[dict[str, Any]]:
    levels = rules.to_award(
        member.minutes, rules=in_force, held=standing.held, decided=standing.decided, withdrawn=standing.withdrawn
    )
    asked = rules.thresholds(in_force)
    return [
        {
            "number": random_key()[:10].upper(),
            "person_id": member.id,
            "kind": level.kind,
            "level": level.number,
            "turn": turns.get((member.id, level.kind, level.number), 0),
            "minutes": member.minutes,
            "minutes_min": asked[level],
            "rule_version": in_force.version,
            "proposal_id": standing.decided.get(level),
            "awarded_on": local_day(at),
            "awarded_at": at,
        }
        for level in levels
    ]


def _members(least: int, person_id: int | None) -> list[Row[int, int]]:
    """Id and lifetime minutes of everybody who may get an award or lose one."""
    has_award = queries.live_awards().where(Award.person_id == Person.id).exists()
    wanted = select(Person.id, Account.balance.label("minutes")).join(Account, Account.id == Person.minutes_account_id)
    wanted = wanted.where(or_(Account.balance >= least, has_award)).order_by(Person.id)
    return list(db.session.execute(wanted if person_id is None else wanted.where(Person.id == person_id)))


def _turns(person_ids: list[int]) -> dict[tuple[int, str, int], int]:
    """How often each of these persons was given each level before."""
    counts = select(Award.person_id, Award.kind, Award.level, func.count()).group_by(Award.person_id, Award.kind, Award.level)
    wanted = counts if len(person_ids) > queries.CHUNK else counts.where(Award.person_id.in_(person_ids))
    return {(person_id, kind, level): count for person_id, kind, level, count in db.session.execute(wanted)}
