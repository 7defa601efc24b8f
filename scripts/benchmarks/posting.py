"""Single postings, an activity of 500 in one call, and sixteen writers on one account; deposits of minutes and points."""

import multiprocessing
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import cycle, islice
from multiprocessing.connection import Connection
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
PATIENCE_S = 60  # For all writers of a process to be ready.
BARE_MEMBERS = [(2 * each + 1, 2 * each + 2) for each in range(1, MEMBERS + 1)]  # After the two accounts of the bank.
Pair = tuple[int, int]  # The points and the minutes account of a member.


def cases(kind: str, new_url: NewUrl, *, quick: bool) -> Iterator[Case]:
    """The cases of one kind of database."""
    count, seconds = (150, 0.7) if quick else (1000, 3.0)
    rounds = 5 if quick else 9
    yield Case(f"{kind}: one posting", 0.5, lambda: _single(new_url, count), rounds)
    yield Case(f"{kind}: {ACTIVITY} in one call", 0.5, lambda: _activity(new_url), rounds)
    yield Case(f"{kind}: {ACTIVITY} sent again (against sent once)", 1.0, lambda: _again(new_url), rounds)
    yield Case(
        f"{kind}: 16 writers on one account (against 16 accounts)", 0.95, lambda: _hot(new_url, seconds), 3 if quick else rounds
    )


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
    with places.bank_in(new_url) as app:
        with transaction():
            codes = ["hot", *range(PROCESSES * THREADS)]
            hot, *spread = [ledger.open_account(code=f"issued/{each}", unit="points", has_floor=False, at=AT) for each in codes]
            members = ledger.open_member_accounts(keys=[f"m{each}" for each in range(MEMBERS)], at=AT)
        points = [each for each, _ in members]
        with _crowd(app.config["DATABASE_URL"], points, seconds) as rate_on:
            yield lambda: rate_on(spread), lambda: rate_on([hot] * len(spread))


@contextmanager
def _both(new_url: NewUrl) -> Iterator[tuple[Any, list[Pair], int, int]]:
    """A floor's connection, and a bank with members: (connection, members, `served`, an account of `issued`)."""
    bare = floor.make(new_url(), BARE_MEMBERS[-1][1])
    with places.bank_in(new_url):
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


@contextmanager
def _crowd(url: str, points: list[int], seconds: float) -> Iterator[Callable[[list[int]], float]]:
    """Processes that write when they are told which accounts to debit; what all commit together in a second."""
    context = multiprocessing.get_context("forkserver")  # Forked from one that has read the bank: a start is no work.
    context.set_forkserver_preload(["benchmarks.posting"])
    ends = [context.Pipe() for _ in range(PROCESSES)]
    shares = [points[number::PROCESSES] for number in range(PROCESSES)]
    crowd = [
        context.Process(target=_writers, args=(url, share, seconds, far), daemon=True)
        for share, (_, far) in zip(shares, ends, strict=True)
    ]
    for each, (_, far) in zip(crowd, ends, strict=True):
        each.start()
        far.close()  # Held by the writers alone, it ends with them, and nobody waits for those who have failed.

    def rate_on(issued: list[int]) -> float:
        for number, (near, _) in enumerate(ends):
            near.send(issued[number::PROCESSES])
        return sum(near.recv() for near, _ in ends) / seconds

    yield rate_on
    for near, _ in ends:
        near.send(None)
    for each in crowd:
        each.join()
        assert each.exitcode == 0


def _writers(url: str, points: list[int], seconds: float, orders: Connection) -> None:
    """One process of the crowd: a thread for each account it debits, each crediting members of its own."""
    app = create_app({"DATABASE_URL": url, "SECRET_KEY": "only measured, never served"})

    def write(number: int, issued: list[int], gate: threading.Barrier) -> int:
        with app.app_context():
            names, turn = keys(uuid.uuid4().hex), cycle(points[number :: len(issued)])
            system_account("served", "minutes")  # Connect before the start.
            gate.wait()
            count, end = 0, time.perf_counter() + seconds
            while time.perf_counter() < end:
                transfer = NewTransfer("points", issued[number], next(turn), 100)
                entry = NewEntry(key=next(names), kind="deposit", effective_on=ON, transfers=(transfer,), recorded_by="bench")
                with transaction():
                    ledger.post([entry], at=AT)
                count += 1
            return count

    while issued := orders.recv():
        gate = threading.Barrier(len(issued), timeout=PATIENCE_S)
        with ThreadPoolExecutor(len(issued)) as threads:
            orders.send(sum(threads.map(partial(write, issued=issued, gate=gate), range(len(issued)))))
