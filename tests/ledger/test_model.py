"""Ten thousand random sequences of all that can be done to the books, beside a plain dictionary; alike on both databases."""

import os
import random
from collections.abc import Callable, Iterator

import pytest
from flask.ctx import AppContext
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from bank.app import create_app
from bank.db import db, transaction
from bank.ledger import actions
from tests.ledger.model import AT, DAYS, MEMBERS, Asked, Oracle, Real
from tests.server import SECRET

SEQUENCES = int(os.environ.get("TEST_SEQUENCES") or 10_000)
SHARES = 4
STEPS = 4  # What a sequence does before everything is compared and the books are empty again.
IN_A_ROW = 12  # Sequences that are drawn at once: drawing costs more than doing.
ON_BOTH = int(os.environ.get("TEST_ON_BOTH") or 20)  # Every twentieth sequence runs on PostgreSQL as well,
LOOKED_THROUGH = 100  # and after every hundredth the audit and the seals are asked.
SETTINGS = settings(
    max_examples=20, stateful_step_count=STEPS * IN_A_ROW, phases=(Phase.generate, Phase.shrink), deadline=None,
    database=None, print_blob=True, suppress_health_check=list(HealthCheck),
)  # fmt: skip

number = some.integers(0, 2**20 - 1)


going_on = precondition(lambda self: len(self.log) < STEPS)


class Sequences(RuleBasedStateMachine):
    """Does to the real books and to the dictionary the same, and compares every answer, and after each sequence everything."""

    real: Real
    same_on_postgres: Callable[["Sequences"], None]
    finished = 0

    def __init__(self) -> None:
        super().__init__()
        self.log: list[tuple[str, *tuple[object, ...]]] = []

    @initialize(x=number)
    def start(self, x: int) -> None:
        """Somebody has something, so that what follows finds points to move."""
        self.oracle = Oracle()
        self.keys = 0
        self.log = []
        self.answers: list[object] = []
        self.real.begin()
        self.post(self.income(x), self.income(x // 7 + 1))

    @precondition(lambda self: len(self.log) >= STEPS)
    @rule(x=number)
    def next(self, x: int) -> None:
        """What was done is compared, and forgotten."""
        self.compare()
        type(self).finished += 1
        self.start(x)

    @going_on
    @rule(x=number)
    def deposit(self, x: int) -> None:
        self.post(self.income(x))

    @going_on
    @rule(x=number)
    def spend(self, x: int) -> None:
        """Redeem or hold, more than there is now and then."""
        kind, target = (("redeem", "redeemed"), ("reserve", "reserved"))[x % 2]
        x, amount = divmod(x // 2, 9)
        self.post(self.asked(kind, x, ("points", MEMBERS[x % 3], target, amount + 1)))

    @going_on
    @rule(x=number)
    def end_a_hold(self, x: int) -> None:
        holds = [each for each in self.oracle.entries.values() if each.kind == "reserve"]
        if holds:
            unit, member, _, amount = holds[x % len(holds)].moves[0]
            kind, target = (("hand_over", "redeemed"), ("release", member))[x // 3 % 2]
            self.post(self.asked(kind, x // 6, (unit, "reserved", target, amount)))

    @going_on
    @rule(x=number)
    def batch(self, x: int) -> None:
        """Several at once, all or none, one of them twice."""
        first, second = self.income(x), self.income(x // 5)
        self.post(first, second, first)

    @going_on
    @rule(x=number)
    def batch_with_one_refused(self, x: int) -> None:
        self.post(self.income(x), self.asked("redeem", x, ("points", MEMBERS[x % 3], "redeemed", 1000)))

    @going_on
    @rule(x=number)
    def batch_in_any_order(self, x: int) -> None:
        """What is spent may stand before what is earned, by somebody who has nothing or by others."""
        income, member = self.income(x), MEMBERS[x // 2 % 3]
        self.post(self.asked("redeem", x, ("points", member, "redeemed", x % 7 + 1)), income, self.income(x // 11))

    @going_on
    @rule(x=number)
    def circle(self, x: int) -> None:
        """Members pay each other round, which none of them could alone: in one entry or in three, now and then too much."""
        x, often = divmod(x, 3)  # On SQLite one takes as long as twenty postings.
        self.post(*([self.income(x)] if often else self.ring(x)))

    @going_on
    @rule(x=number)
    def repeat(self, x: int) -> None:
        """Send an old request again, as it was or with another content."""
        posted = [each for each in self.oracle.entries.values() if not each.reverses and each.kind != "expire"]
        if posted:
            old = posted[x // 2 % len(posted)]
            [(unit, source, target, amount), *rest] = old.moves
            self.post(Asked(old.key, old.kind, old.day, ((unit, source, target, amount + x % 2), *rest)))

    @going_on
    @rule(x=number)
    def reverse(self, x: int) -> None:
        """Take an entry back, now and then one that is taken back already, or whose points are spent."""
        if not self.oracle.entries:
            return
        x, books_shortfall = divmod(x, 2)
        original = list(self.oracle.entries.values())[x % len(self.oracle.entries)]
        earlier = self.oracle.reversal_of(original.key)
        key = earlier.key if earlier and x // 8 % 2 else self.key()
        moves = original.opposite()
        if books_shortfall:
            moves = self.oracle.entries[key].moves if key in self.oracle.entries else self.oracle.with_shortfall(moves)
        asked = Asked(key, "reversal", DAYS[x // 16 % len(DAYS)], moves, original.key)
        self.do(asked, answer=("reverse", asked, bool(books_shortfall)))

    @going_on
    @rule(x=number)
    def keep_the_books(self, x: int) -> None:
        """What the clock and the operator do, which takes ten times as long as a posting: expire, close, rebuild, seal."""
        x, task = divmod(x, 8)
        if task <= 1:
            self.oracle.expire(DAYS[x % len(DAYS)])
            self.step("expire", DAYS[x % len(DAYS)])
        elif task == 2 and len(self.oracle.closed) < 2:
            self.oracle.close()
            self.step("close")
        elif task in (3, 4):
            self.step(("rebuild", "seal")[task - 3])
        else:
            self.post(self.income(x))

    def teardown(self) -> None:
        if self.log:
            self.compare()

    def compare(self) -> None:
        """Everything is as the dictionary says, and the same actions give the same answers and journal on PostgreSQL."""
        self.is_looked_through = self.finished % LOOKED_THROUGH == 0
        try:
            assert self.real.facts() == self.oracle.facts()
            assert not self.is_looked_through or self.real.differences() == []
        finally:
            self.real.end()
        if self.finished % ON_BOTH == 0:
            self.same_on_postgres(self)

    def ring(self, x: int) -> list[Asked]:
        x, amount = divmod(x, 9)
        x, start = divmod(x, 3)
        payers = (*MEMBERS[start:], *MEMBERS[:start])
        moves = [("points", payers[each], payers[each - 1], amount + 1) for each in range(3)]
        x, more = divmod(x, 3)
        if not more:
            moves[-1] = (*moves[-1][:3], amount + 2)
        x, in_one = divmod(x, 2)
        return [self.asked("release", x, *moves)] if in_one else [self.asked("release", x, each) for each in moves]

    def income(self, x: int) -> Asked:
        x, points = divmod(x, 9)
        x, minutes = divmod(x, 3)
        member = MEMBERS[x % 3]
        moves = (("points", "issued", member, points + 1), ("minutes", "served", member, minutes))[: 2 if minutes else 1]
        return self.asked(("deposit", "import")[x // 3 % 2], x // 6, *moves)

    def asked(self, kind: str, x: int, *moves: tuple[str, str, str, int]) -> Asked:
        return Asked(self.key(), kind, DAYS[x % len(DAYS)], moves)

    def key(self) -> str:
        self.keys += 1
        return f"k{self.keys}"

    def post(self, *batch: Asked) -> None:
        self.do(*batch, answer=("post", *batch))

    def do(self, *batch: Asked, answer: tuple[str, *tuple[object, ...]]) -> None:
        """Ask both; a refusal must be one of those there is a reason for, and an answer the one of the dictionary."""
        known = set(self.oracle.entries)
        refusals = self.oracle.post(*batch)
        said = self.step(*answer)
        if refusals:
            assert said in refusals
            return
        keys = [each.key for each in batch]
        assert said == [key not in known and key not in keys[:place] for place, key in enumerate(keys)]

    def step(self, action: str, *arguments: object) -> object:
        self.log.append((action, *arguments))
        self.answers.append(self.real.do(action, *arguments))
        return self.answers[-1]


@pytest.fixture
def banks(new_database: Callable[[str], str]) -> Iterator[dict[str, AppContext]]:
    """A bank of each kind with the accounts of the model; SQLite is the one that is open."""
    contexts = {}
    for kind in ("postgresql", "sqlite"):
        settings = {"DATABASE_URL": new_database(kind), "SECRET_KEY": SECRET, "TESTING": True}
        contexts[kind] = create_app(settings).app_context()
        contexts[kind].push()
        with transaction():
            actions.open_member_accounts(keys=MEMBERS, at=AT)
            actions.open_account(code="issued", unit="points", has_floor=False, at=AT)
    yield contexts
    for kind in ("sqlite", "postgresql"):
        db.session.rollback()
        db.engine.dispose()
        contexts[kind].pop()


@pytest.mark.parametrize("share", range(SHARES))
def test_ten_thousand_sequences_are_as_the_dictionary_says_on_both_databases(banks: dict[str, AppContext], share: int) -> None:
    """In shares, so that several workers divide them; TEST_SEED repeats a run that failed, TEST_SEQUENCES sets their number."""
    with banks["postgresql"]:
        postgres = Real()

    def same_on_postgres(sequence: Sequences) -> None:
        with banks["postgresql"]:
            postgres.begin()
            try:
                answers = [postgres.do(*action) for action in sequence.log]
                assert (answers, postgres.facts()) == (sequence.answers, sequence.oracle.facts())
                assert not sequence.is_looked_through or postgres.differences() == []
            finally:
                postgres.end()

    machine = type("Machine", (Sequences,), {"real": Real(), "same_on_postgres": staticmethod(same_on_postgres)})
    chosen = int(os.environ.get("TEST_SEED") or random.randrange(2**32)) + share
    while machine.finished < SEQUENCES // SHARES:
        try:
            run_state_machine_as_test(seed(chosen)(machine), settings=SETTINGS)
        except Exception as error:
            error.add_note(f"repeat it with TEST_SEED={chosen - share}")
            raise
        chosen += SHARES
