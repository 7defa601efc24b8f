"""A bank that was at work before counters and batches keeps its rewards, redemptions and stock."""

from pathlib import Path

import flask_migrate
import pytest
from flask import Flask

from bank.app import create_app
from bank.counter.models import Redemption
from bank.db import db
from bank.ledger import guards
from bank.main import attach_migrations
from bank.rewards.models import Reward
from bank.rewards.queries import wrong_batches
from bank.rewards.stock import batches
from tests.server import SECRET

BEFORE = "0004"
ROWS = """
INSERT INTO account (id, code, unit, has_floor, balance, opened_at) VALUES
    (901, 'issued/x', 'points', false, NULL, '2026-10-15'), (902, 'redeemed', 'points', false, NULL, '2026-10-15'),
    (903, 'member/p', 'points', true, 0, '2026-10-15'), (904, 'member/p', 'minutes', true, 0, '2026-10-15');
INSERT INTO unit (id, "key", kind, name, path, issued_account_id, added_at) VALUES
    (900, 'u', 'community', '老社区', '/900/', 901, '2026-10-15');
INSERT INTO person (id, "key", card_number, name, name_sort, unit_id, is_volunteer, is_in_service, points_account_id,
                    minutes_account_id, enrolled_at) VALUES
    (900, 'p', '1', '老王', 'wang', 900, true, false, 903, 904, '2026-10-15');
INSERT INTO journal_entry (id, "key", fingerprint, kind, effective_on, recorded_at, recorded_by, approved_by, reason,
                           reverses_id, transfer_count) VALUES
    (901, 'a', 'f', 'redeem', '2026-10-15', '2026-10-15', 'p', NULL, NULL, NULL, 1),
    (902, 'b', 'f', 'redeem', '2026-10-15', '2026-10-15', 'p', NULL, NULL, NULL, 1);
INSERT INTO journal_entry (id, "key", fingerprint, kind, effective_on, recorded_at, recorded_by, approved_by, reason,
                           reverses_id, transfer_count) VALUES
    (903, 'c', 'f', 'reversal', '2026-10-15', '2026-10-15', 'p', 'q', '拿错了', 902, 1);
INSERT INTO reward (id, number, kind, name, points, stock, monthly_limit, unit_id, is_offered, added_at) VALUES
    (901, '101', 'goods', '大米', 300, 3, 2, 900, true, '2026-10-15'),
    (902, '201', 'service', '理发', 200, NULL, NULL, 900, false, '2026-10-15');
INSERT INTO redemption (id, "key", person_id, reward_id, quantity, points, entry_id, handed_over_at, handed_over_by_id,
                        undone_at, undone_by_id, undo_entry_id) VALUES
    (901, 'a', 900, 901, 2, 600, 901, '2026-10-15 01:00:00', 900, NULL, NULL, NULL),
    (902, 'b', 900, 901, 1, 300, 902, '2026-10-15 01:00:00', 900, '2026-10-15 01:05:00', 900, 903);
INSERT INTO stock_movement (id, reward_id, kind, quantity, redemption_id, reason, moved_at, moved_by_id) VALUES
    (901, 901, 'received', 5, NULL, NULL, '2026-10-15', 900), (902, 901, 'handed_over', -2, 901, NULL, '2026-10-15', 900),
    (903, 901, 'handed_over', -1, 902, NULL, '2026-10-15', 900), (904, 901, 'returned', 1, 902, '拿错了', '2026-10-15', 900)
"""


@pytest.fixture
def upgraded(kind, databases_of, tmp_path: Path, monkeypatch):
    """The old bank after `bank upgrade`."""
    url = databases_of(kind).create()
    app: Flask = attach_migrations(create_app({"DATABASE_URL": url, "SECRET_KEY": SECRET, "DATA_DIR": str(tmp_path)}))
    with app.app_context():
        with monkeypatch.context() as old:
            old.setattr(guards, "renew", lambda _connection: None)  # Those of today speak of tables that are not there yet.
            flask_migrate.upgrade(revision=BEFORE)
        for statement in ROWS.split(";"):
            db.session.execute(db.text(statement))
        db.session.commit()
        flask_migrate.upgrade()
        yield app
        db.session.rollback()
        db.engine.dispose()
    databases_of(kind).drop(url)


def test_everything_is_still_there_and_adds_up(upgraded):
    rice, haircut = db.session.get_one(Reward, 901), db.session.get_one(Reward, 902)
    assert (rice.points, rice.stock, rice.is_counted, rice.counters[0].name) == (300, 3, True, "兑换点")
    assert (haircut.points, haircut.stock, haircut.is_offered) == (200, None, False)
    assert [(each.free, each.held) for each in batches(901)] == [(3, 0)] and wrong_batches() == []


def test_redemptions_keep_their_lives(upgraded):
    kept, undone = db.session.get_one(Redemption, 901), db.session.get_one(Redemption, 902)
    assert (kept.state, kept.consent, [each.kind for each in kept.steps]) == ("handed_over", "checked", ["handed_over"])
    assert [(each.kind, each.reason) for each in undone.steps] == [("handed_over", None), ("undone", "拿错了")]


def test_new_rows_get_new_numbers(upgraded):
    statement = (
        "INSERT INTO stock_movement (batch_id, kind, free, held, moved_at) VALUES (:batch, 'received', 1, 0, '2026-10-16')"
    )
    db.session.execute(db.text(statement), {"batch": batches(901)[0].id})
    assert db.session.scalar(db.text("SELECT max(id) FROM stock_movement")) == 905
