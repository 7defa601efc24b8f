"""The month of a unit as one structure, from which page, paper, table and JSON are made; the whole bank's with its books."""

from dataclasses import dataclass, field
from datetime import date

from bank.people.models import Person
from bank.statements import books, groups
from bank.statements.books import TrialBalance
from bank.statements.groups import GroupStatement, Issued


@dataclass(frozen=True)
class GroupMonth:
    """A group's month; `books` is the trial balance and `issued` what each community gave out, of the whole bank alone."""

    group: GroupStatement
    books: TrialBalance | None = None
    issued: list[Issued] = field(default_factory=list)


def of_unit(*, by: Person | None, unit_id: int, month: date) -> GroupMonth:
    """The month of a unit, a team or the bank. Raises what `groups.of_unit` raises."""
    group = groups.of_unit(by=by, unit_id=unit_id, month=month)
    if group.kind != "bank":
        return GroupMonth(group)
    return GroupMonth(group, books.trial_balance(group.month), groups.issued_by_community(group.month))


def of_household(*, by: Person, month: date) -> GroupMonth:
    """The month of the reader's household. Raises what `groups.of_household` raises."""
    return GroupMonth(groups.of_household(by=by, month=month))
