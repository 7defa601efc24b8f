"""What is kept is asked for once by many at the same time, by bank and board, and not without end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask

from bank.boards.kept import BOARDS_MAX, kept
from bank.boards.rules import KEPT, Asked
from bank.statements.rules import parse_period

AT = datetime(2026, 10, 20, 4, tzinfo=UTC)


@pytest.fixture
def bare() -> Flask:
    """A bank of which only its name is known."""
    app = Flask("bare")
    app.config["SCHEMA"] = "bank"
    return app


def asked(unit_id: int = 1) -> Asked:
    return Asked(unit_id=unit_id, period=parse_period("2026-10"))


def test_many_at_once_ask_the_books_once(bare):
    asks, together = [], Barrier(8)

    def look(_number):
        together.wait()
        with bare.app_context():
            return kept(asked(), lambda: asks.append(1) or "found", at=AT, is_good=lambda _: True)

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(look, range(8))) == {("found", AT)}
    assert len(asks) == 1


def test_what_is_no_longer_good_or_too_old_or_of_later_is_asked_again(bare):
    found = iter(range(9))

    def look(at, *, is_good=True):
        return kept(asked(), lambda: next(found), at=at, is_good=lambda _: is_good)[0]

    with bare.app_context():
        assert [look(AT), look(AT + KEPT - timedelta(microseconds=1)), look(AT + KEPT)] == [0, 0, 1]
        assert [look(AT), look(AT, is_good=False), look(AT)] == [2, 3, 3]


def test_two_banks_keep_nothing_for_each_other(bare):
    with bare.app_context():
        kept(asked(), lambda: "one", at=AT, is_good=lambda _: True)
        bare.config["SCHEMA"] = "other"
        assert kept(asked(), lambda: "two", at=AT, is_good=lambda _: True)[0] == "two"


def test_the_boards_longest_unasked_go_first(bare):
    with bare.app_context():
        for unit_id in range(1, BOARDS_MAX + 2):
            kept(asked(unit_id), lambda: unit_id, at=AT, is_good=lambda _: True)  # noqa: B023 - it is called at once.
        assert len(bare.extensions["boards"]) == BOARDS_MAX
        assert kept(asked(1), lambda: "anew", at=AT, is_good=lambda _: True)[0] == "anew"
