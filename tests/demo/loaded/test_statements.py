"""Fourteen months of the town: every statement adds up line by line and opens where the one before it closed."""

from collections import defaultdict
from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from bank.clock import local_instant, next_month
from bank.db import db, transaction
from bank.ledger import queries as books
from bank.ledger import seal_audit
from bank.ledger.models import Account
from bank.people.models import Person
from bank.statements import actions, members
from bank.statements.models import Statement
from bank.statements.rules import months_after

FIRST, COUNT = date(2025, 5, 1), 14
MONTHS = [months_after(FIRST, number) for number in range(COUNT)]


@pytest.fixture
def stated(app: Flask) -> dict[int, list[members.StatementView]]:
    """Everybody's statements in order, with the last two months issued on the fifth."""
    for month in MONTHS[-2:]:
        with transaction():
            actions.issue(month=month, at=local_instant(next_month(month) + timedelta(days=4), time(6)))
    found = defaultdict(list)
    for month in MONTHS:
        wanted = select(Statement).where(Statement.month == month).options(joinedload(Statement.person))
        wanted = wanted.order_by(Statement.person_id)
        ids = db.session.scalars(select(Statement.person_id).where(Statement.month == month).order_by(Statement.person_id))
        for person_id, view in zip(ids.all(), members.views(month, wanted), strict=True):
            found[person_id].append(view)
    return found


def test_each_opens_where_the_last_one_closed_and_adds_up(stated: dict[int, list[members.StatementView]]) -> None:
    assert len(stated) > 60 and max(map(len, stated.values())) == COUNT
    for views in stated.values():
        for before, after in pairwise(views):
            assert (after.month, after.opening) == (next_month(before.month), before.closing)
        for each in views:
            moved = each.deposited.points - each.withdrawn.points - each.expired.points + each.reversed.points
            assert each.closing.points == each.opening.points + moved
            assert each.closing.minutes == each.opening.minutes + each.deposited.minutes + each.reversed.minutes
            assert sum(line.points for line in each.lines) == moved


def test_the_last_closing_is_what_the_books_hold(app: Flask, stated: dict[int, list[members.StatementView]]) -> None:
    held = dict(
        db.session.execute(select(Person.id, Account.balance).join(Account, Account.id == Person.points_account_id)).all()
    )
    day = MONTHS[-1] + timedelta(days=29)
    assert sum(views[-1].closing.points for views in stated.values()) == sum(held.values()) and books.last_closed_month() < day
    assert {person_id: views[-1].closing.points for person_id, views in stated.items()} == held


def test_every_statement_names_a_seal_that_holds(app: Flask, stated: dict[int, list[members.StatementView]]) -> None:
    assert all(each.seal for views in stated.values() for each in views)
    assert db.session.scalar(select(func.count()).select_from(Statement)) == sum(map(len, stated.values()))
    assert [told for _, told in seal_audit.differences() if told] == []
