"""Lists in pages: nothing twice, nothing left out, while rows are added."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from bank.db import db, transaction
from bank.people import organisation
from bank.people.models import Person
from bank.units.models import Unit
from bank.web.paging import BadCursor, Page, page
from tests.cases import cases
from tests.cast import JOINED_AT


def test_pages_follow_each_other_without_a_gap(app: Flask) -> None:
    whole = db.session.scalars(select(Person).order_by(Person.name_sort, Person.id)).all()
    assert _walk(2) == [each.id for each in whole]


def test_descending_pages_too(app: Flask) -> None:
    assert _walk(4, is_descending=True) == _walk(100)[::-1]


def test_order_by_instants(app: Flask, community: Unit) -> None:
    with transaction():
        for hours in range(3):
            organisation.add_unit(
                by=None, name=f"第{hours}网格", kind="grid", parent_id=community.id, at=JOINED_AT + timedelta(hours=hours)
            )
    first = page(select(Unit), order=(Unit.added_at, Unit.id), limit=5)
    second = page(select(Unit), order=(Unit.added_at, Unit.id), limit=5, cursor=first.next)
    assert len({each.id for each in (*first.items, *second.items)}) == len(first.items) + len(second.items) == 7


@cases("cursor", ["", "x", "W10", "WyJhIl0", "WzEsMl0", "bnVsbA", "WyJhIiwgMTFd" * 40, "%00", "中"])
def test_made_up_cursor_is_refused(app: Flask, cursor: str) -> None:
    with pytest.raises(BadCursor):
        page(select(Person), order=(Person.name_sort, Person.id), cursor=cursor)


def _walk(limit: int, *, is_descending: bool = False) -> list[int]:
    found, part = [], Page([], "")
    while part.next is not None:
        part = page(
            select(Person),
            order=(Person.name_sort, Person.id),
            is_descending=is_descending,
            limit=limit,
            cursor=part.next or None,
        )
        found += [each.id for each in part.items]
    return found
