"""Boards of teams, grids and communities: what all their members have together, and nobody by name.

A group is on the board when at least three people are behind its number, so that it tells nothing of one alone.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from bank.boards import scores
from bank.boards.rules import GROUP_KINDS, GROUP_MIN, Asked, Node, Row, Steps, groups_shown, ranks
from bank.db import db
from bank.people.models import Membership, Person
from bank.units.models import Unit


@dataclass(frozen=True)
class Listed:
    """The upper half of the groups, and all steps, for a group that looks for its own place."""

    node: Node
    rows: list[Row]
    steps: Steps
    values: dict[int, int]


def listed(asked: Asked, node: Node) -> Listed:
    """The groups below a unit by falling value; equal ones share a rank."""
    totals: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    groups = _groups(asked, node)
    for group_id, value, people in _sums(asked):
        if group_id in groups:
            totals[group_id] = (totals[group_id][0] + value, totals[group_id][1] + people)
    enough = [(groups[each], *total) for each, total in totals.items() if total[1] >= GROUP_MIN]
    falling = sorted(enough, key=lambda each: (-each[1], each[0].key))
    places = ranks([value for _, value, _ in falling])
    shown = zip(places, falling[: groups_shown(len(groups))], strict=False)
    return Listed(
        node=node,
        rows=[Row(rank, each.id, each.name, _above(each), value, people) for rank, (each, value, people) in shown],
        steps=Steps.of((value, 1) for _, value, _ in falling),
        values={each.id: value for each, value, _ in falling},
    )


def of_person(asked: Asked, person: Person) -> set[int]:
    """The groups of a board's kind that a person belongs to."""
    if asked.subject == "teams":
        teams = select(Membership.unit_id).where(Membership.person_id == person.id, Membership.kind == "team")
        return set(db.session.scalars(teams.where(Membership.until_at.is_(None))))
    steps = person.unit.steps
    kind = GROUP_KINDS[asked.subject]
    return set(db.session.scalars(select(Unit.id).where(Unit.id.in_(steps), Unit.kind == kind)))


def _groups(asked: Asked, node: Node) -> dict[int, Unit]:
    wanted = select(Unit).where(
        Unit.kind == GROUP_KINDS[asked.subject], Unit.path.startswith(node.path), Unit.closed_at.is_(None)
    )
    return {each.id: each for each in db.session.scalars(wanted)}


def _sums(asked: Asked) -> Iterator[tuple[int, int, int]]:
    """(group, value, people behind it); a group may come several times, as its people stand in several units below it."""
    sums = scores.sums(asked)
    theirs = select(func.sum(sums.c.value), func.count()).join(Person, scores.account_of(asked) == sums.c.account_id)
    if asked.subject == "teams":
        members = theirs.join(Membership, Membership.person_id == Person.id).add_columns(Membership.unit_id)
        is_now = (Membership.kind == "team", Membership.until_at.is_(None))
        for value, people, team_id in db.session.execute(members.where(*is_now).group_by(Membership.unit_id)):
            yield team_id, int(value), people
        return
    kind = GROUP_KINDS[asked.subject]
    kinds = dict(iter(db.session.execute(select(Unit.id, Unit.kind))))
    enrolled = theirs.join(Unit, Unit.id == Person.unit_id).add_columns(Unit.path).group_by(Unit.path)
    for value, people, path in db.session.execute(enrolled):
        above = (int(step) for step in reversed(path.strip("/").split("/")))
        group_id = next((step for step in above if kinds.get(step) == kind), None)
        if group_id is not None:
            yield group_id, int(value), people


def _above(group: Unit) -> str:
    return group.parent.name if group.parent else ""
