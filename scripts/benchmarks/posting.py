"""Single postings, an activity of 500 in one call, and sixteen writers on one account; deposits of minutes and points."""

import multiprocessing
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from typing import Any

from bank.app import create_app
from bank.db import transaction
from bank.ledger import actions as ledger
from bank.ledger.queries import system_account
from bank.ledger.rules import NewEntry, NewTransfer
from benchmarks import floor, places
from benchmarks.measure import Case, Work, keys, rate
from benchmarks.places import AT, ON, NewUrl

MEMBERS = 2000
ACTIVITY = 500
PROCESSES, THREADS = 2, 8
BARE_MEMBERS = [(2 * each + 1, 2 * each + 2) for each in range(1, MEMBERS + 1)]  # After the two accounts of the bank.
Pair = tuple[int, int]  # The points and the minutes account of a member.


def cases(kind: str, new_url: NewUrl, *, quick: bool) -> Iterator[Case]:
    """The cases of one kind of database."""
    count, seconds = (150, 1.0) if quick else (1000, 3.0)
    rounds = 5 if quick else 9
    yield Case(f"{kind}: one posting", 0.5, lambda: _single(new_url, count), rounds)
    yield Case(f"{kind}: {ACTIVITY} in one call", 0.5, lambda: _activity(new_url), rounds)
    yield Case(f"{kind}: {ACTIVITY} sent again (against sent once)", 1.0, lambda: _again(new_url), rounds)
    yield Case(f"{kind}: 16 writers on one account (against 16 accounts)", 0.95, lambda: _hot(new_url, seconds), rounds)


@contextmanager
def _single(new_url: NewUrl, count: int) -> Iterator[tuple[Work, Work]]:
    names = keys("bench")
    with _both(new_url) as (bare, members, served, issued):
        turn, bare_turn = cycle(members), cycle(BARE_MEMBERS)

        def least() -> None:
            for pair in islice(bare_turn, count):
                floor.post_one(bare, _bare_deposit(next(names), pair), str(ON), str(AT))

        def ours() -> None:
            for pair in islice(turn, count):
                with transaction():
                    ledger.post([deposit(next(names), pair, served, issued)], at=AT)

        yield lambda: rate(count, least), lambda: rate(count, ours)


@contextmanager
def _activity(new_url: NewUrl) -> Iterator[tuple[Work, Work]]:
    names = keys("bench")
    with _both(new_url) as (bare, members, served, issued):

        def least() -> None:
            batch = [_bare_deposit(next(names), pair) for pair in BARE_MEMBERS[:ACTIVITY]]
            floor.post_many(bare, batch, str(ON), str(AT))

        def ours() -> None:
            with transaction():
                ledger.post([deposit(next(names), pair, served, issued) for pair in members[:ACTIVITY]], at=AT)

        yield lambda: rate(ACTIVITY, least), lambda: rate(ACTIVITY, ours)


@contextmanager
def _again(new_url: NewUrl) -> Iterator[tuple[Work, Work]]:
    names = keys("bench")
    with _both(new_url) as (_, members, served, issued):
        sent: list[NewEntry] = []

        def send() -> None:
            with transaction():
                ledger.post(sent, at=AT)

        def once() -> float:
            sent[:] = [deposit(next(names), pair, served, issued) for pair in members[:ACTIVITY]]
            return rate(ACTIVITY, send)

        yield once, lambda: rate(ACTIVITY, send)


@contextmanager
def _hot(new_url: NewUrl, seconds: float) -> Iterator[tuple[Work, Work]]:
    url = new_url()
    with places.bank_in(url):
        with transaction():
            codes = ["hot", *range(PROCESSES * THREADS)]
            hot, *spread = [ledger.open_account(code=f"issued/{each}", unit="points", has_floor=False, at=AT) for each in codes]
            members = ledger.open_member_accounts(keys=[f"m{each}" for each in range(MEMBERS)], at=AT)
        points = [each for each, _ in members]
        same = [hot] * len(spread)
        yield lambda: _crowd(url, spread, points, seconds), lambda: _crowd(url, same, points, seconds)


@contextmanager
def _both(new_url: NewUrl) -> Iterator[tuple[Any, list[Pair], int, int]]:
    """A floor's connection, and a bank with members: (connection, members, `served`, an account of `issued`)."""
    bare = floor.make(new_url(), BARE_MEMBERS[-1][1])
    with places.bank_in(new_url()):
        with transaction():
            members = ledger.open_member_accounts(keys=[f"m{each}" for each in range(MEMBERS)], at=AT)
            issued = ledger.open_account(code="issued/bench", unit="points", has_floor=False, at=AT)
        yield bare, members, system_account("served", "minutes"), issued
    bare.close()


def deposit(key: str, pair: Pair, served: int, issued: int) -> NewEntry:
    """An hour and its point."""
    points, minutes = pair
    transfers = (NewTransfer("minutes", served, minutes, 60), NewTransfer("points", issued, points, 100))
    return NewEntry(key=key, kind="deposit", effective_on=ON, transfers=transfers, recorded_by="bench")


def _bare_deposit(key: str, pair: Pair) -> floor.Asked:
    points, minutes = pair
    return key, [("minutes", 1, minutes, 60), ("points", 2, points, 100)]


def _crowd(url: str, issued: list[int], points: list[int], seconds: float) -> float:
    """Postings a second that all writers together commit."""
    context = multiprocessing.get_context("forkserver")  # Forked from one that has read the bank: a start is no work.
    context.set_forkserver_preload(["benchmarks.posting"])
    gate, total = context.Barrier(len(issued)), context.Value("q", 0)
    shares = [(issued[number::PROCESSES], points[number::PROCESSES]) for number in range(PROCESSES)]
    crowd = [context.Process(target=_writers, args=(url, *share, seconds, gate, total)) for share in shares]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
        assert each.exitcode == 0
    return float(total.value) / seconds


def _writers(url: str, issued: list[int], points: list[int], seconds: float, gate: Any, total: Any) -> None:
    """One process of the crowd: a thread for each account it debits, each crediting members of its own."""
    app = create_app({"DATABASE_URL": url, "SECRET_KEY": "only measured, never served"})

    def write(number: int) -> None:
        with app.app_context():
            names, turn = keys(f"{issued[number]}-{uuid.uuid4().hex}"), cycle(points[number :: len(issued)])
            system_account("served", "minutes")  # Connect before the start.
            gate.wait()
            count, end = 0, time.perf_counter() + seconds
            while time.perf_counter() < end:
                transfer = NewTransfer("points", issued[number], next(turn), 100)
                entry = NewEntry(key=next(names), kind="deposit", effective_on=ON, transfers=(transfer,), recorded_by="bench")
                with transaction():
                    ledger.post([entry], at=AT)
                count += 1
            with total.get_lock():
                total.value += count

    threads = [threading.Thread(target=write, args=(number,)) for number in range(len(issued))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
