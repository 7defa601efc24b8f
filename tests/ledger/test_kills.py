"""A bank that is killed at two hundred moments, and asked again each time, has each entry once and keeps every promise."""

from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from bank import clock
from bank.access import actions as access
from bank.activities import actions as activities
from bank.activities.rules import NewActivity
from bank.db import db, is_postgres, transaction
from bank.ledger import actions, queries
from bank.ledger import audit as books_audit
from bank.ledger.models import JournalEntry, MonthClose
from bank.people.models import Person
from bank.rewards import actions as rewards
from bank.rewards.models import StockMovement
from bank.rewards.rules import NewReward
from bank.web.idempotency import Answer
from tests.attendance.scanning import check_in, check_out, code
from tests.ledger import kills
from tests.ledger.conftest import anchored, differences
from tests.ledger.kills import DEPOSIT, HTTP_PER_ROUND, KEYS_PER_ROUND, PRICE, ROUNDS
from tests.server import LOADED

KILLS = 200
STOCK = 500
HOUR = timedelta(hours=1)
LEFT_PER_ROUND = DEPOSIT - 100 - 30 + 5 + 5  # What a round leaves with the member: see `kills`.


@pytest.fixture
def ground(app: Flask, alice: Person, bob: Person, carol: Person, dave: Person, tmp_path: Path) -> Path:
    """Activities that alice attended, a reward, tokens, an account for the ledger's own requests; the folder that names them."""
    now = clock.now()
    attended = [_attended(alice, bob, now - timedelta(days=12) + number * 4 * HOUR) for number in range(ROUNDS)]
    with transaction():
        actions.open_member_accounts(keys=["killed"], at=now)
        actions.open_account(code="issued/killed", unit="points", has_floor=False, at=now)
        new = NewReward(unit_id=carol.unit_id, kind="goods", name="肥皂", points=PRICE, stock=STOCK, monthly_limit=None)
        reward = rewards.add_reward(by=dave, new=new, at=now)
        ids = {"activity": min(attended), "alice_id": alice.id, "reward": reward.id}
        for name, who in (("alice", alice), ("bob", bob), ("carol", carol)):
            _, ids[name] = access.create_token(by=None, person_id=who.id, name="测试", expires_at=now + 48 * HOUR, at=now)
    (tmp_path / "ids").write_text("\n".join(f"{name}={value}" for name, value in ids.items()))
    return tmp_path


def _attended(alice: Person, bob: Person, starts_at: object) -> int:
    """The id of an activity of one hour, long over, that nobody has confirmed."""
    new = NewActivity(
        name="清扫楼道", category="environment", place="3 号楼", content="清扫三号楼的楼道", starts_at=starts_at,
        ends_at=starts_at + HOUR, capacity=30, unit_id=alice.unit_id, leader_id=bob.id,
    )  # fmt: skip
    with transaction():
        activity = activities.publish(by=bob, new=new, at=starts_at - HOUR)
    check_in(alice, activity, code(activity, starts_at), starts_at)
    check_out(alice, activity, code(activity, starts_at + HOUR), starts_at + HOUR)
    return activity.id


def test_two_hundred_kills_leave_each_entry_once_and_every_promise_kept(app: Flask, ground: Path, alice: Person) -> None:
    db.session.rollback()
    killing = LOADED.Process(target=kills.main, args=(app.config["DATABASE_URL"], KILLS, 1, ground))
    killing.start()
    killing.join()
    assert killing.exitcode == 0
    killed, cut, rounds = map(int, (ground / "told").read_text().split())
    assert killed >= KILLS
    assert not is_postgres() or cut > 0
    db.session.rollback()
    _each_entry_once(rounds)
    _same_answers(ground, rounds)
    _promises(ground, rounds, alice)


def _each_entry_once(rounds: int) -> None:
    kinds = dict(db.session.execute(select(JournalEntry.key, JournalEntry.kind)).all())
    own = {f"{name}-{number}" for name in KEYS_PER_ROUND for number in range(rounds)}
    assert own <= kinds.keys()
    by_http = Counter(kind for key, kind in kinds.items() if key not in own and kind != "expire")
    each = dict.fromkeys(("deposit", "hand_over", "release", "reversal"), rounds)
    assert by_http == each | dict.fromkeys(("redeem", "reserve"), 2 * rounds)
    assert db.session.scalar(select(func.count()).select_from(MonthClose)) == rounds // 3


def _same_answers(folder: Path, rounds: int) -> None:
    answers = defaultdict(set)
    for line in (folder / "answers").read_text().splitlines():
        key, answer = line.split()
        answers[key].add(answer)
    assert len(answers) == (len(KEYS_PER_ROUND) - 1 + HTTP_PER_ROUND) * rounds
    assert [key for key, given in answers.items() if len(given) > 1] == []


def _promises(folder: Path, rounds: int, alice: Person) -> None:
    assert list(books_audit.differences()) == []
    assert differences() == anchored(folder / "seals.txt") == []
    assert set(queries.trial_balance().values()) == {0}
    expired = queries.balance(queries.system_account("expired", "points"))
    assert queries.balance(queries.account_by_name("member/killed").id) + expired == LEFT_PER_ROUND * rounds
    assert expired > 0
    assert queries.balance(queries.system_account("reserved", "points")) == 0
    assert queries.balance(alice.points_account_id) == rounds * (100 - 2 * PRICE)
    pieces = db.session.execute(select(func.sum(StockMovement.free), func.sum(StockMovement.held))).one()
    assert tuple(pieces) == (STOCK - 2 * rounds, 0)
    assert db.session.scalar(select(func.count()).select_from(Answer)) == HTTP_PER_ROUND * rounds
