"""What is reserved at home waits, is fetched once, or goes back whole."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from bank import clock
from bank.counter import holds, queries, rules
from bank.counter.actions import undo
from bank.counter.models import Redemption
from bank.db import db, random_key, transaction
from bank.errors import BankError
from bank.jobs import runs
from bank.jobs.table import BY_NAME
from bank.ledger.queries import balance, system_account, trial_balance
from bank.ledger.rules import BalanceTooLow, KeyReused
from bank.notices.models import Notice
from bank.people import actions as people
from bank.people.models import Person
from bank.people.rules import RoleMissing
from bank.rewards import actions, stock
from bank.rewards.queries import wrong_batches
from bank.rewards.rules import NewBatch, OutOfStock
from tests import cast
from tests.cases import cases

DAY = timedelta(days=1)


@pytest.fixture
def reserve(at):
    """Reserve at home: `reserve(alice, rice)`."""

    def at_home(person, reward, quantity=1, key=None, after=timedelta()):
        wanted = rules.Wanted(person_id=person.id, reward_id=reward.id, quantity=quantity)
        with transaction():
            return holds.reserve(by=person, wanted=wanted, key=key or random_key(), at=at + after)

    return at_home


@pytest.fixture
def waiting(alice, rice, give, reserve):
    """Two bags of rice that wait for alice, who had ten points."""
    give(alice, 1000)
    return reserve(alice, rice, 2)


@pytest.fixture
def collect(waiting, at):
    """Fetch what waits: `collect(carol)`."""

    shown = queries.pickup_code(waiting)

    def fetch(by, *, code=shown, after=timedelta()):
        with transaction():
            return holds.collect(by=by, code=code, at=at + after)

    return fetch


def books(person, reward):
    """Points at hand, points put aside, pieces free, pieces put aside."""
    held = sum(each.held for each in stock.batches(reward.id))
    return balance(person.points_account_id), balance(system_account("reserved", "points")), reward.stock, held


def test_points_and_pieces_are_put_aside(alice, rice, waiting):
    assert books(alice, rice) == (400, 600, 3, 2)
    assert (waiting.state, waiting.hold_ends_on.isoformat()) == ("reserved", "2026-11-14")


def test_what_is_put_aside_is_not_spent_twice(alice, rice, give, waiting, reserve, haircut):
    with pytest.raises(BalanceTooLow):
        reserve(alice, haircut, 3)


def test_the_code_has_eight_digits_and_is_nowhere_kept(waiting):
    code = queries.pickup_code(waiting)
    assert len(code) == 8 and code.isdecimal()
    row = db.session.execute(db.text("SELECT * FROM redemption")).mappings().one()
    assert not any(code in str(value) for value in row.values())


def test_the_code_is_the_consent_and_settles_what_was_held(alice, carol, rice, collect):
    done = collect(carol)
    assert (done.state, done.consent, done.handed_over_by_id) == ("handed_over", "pickup_code", carol.id)
    assert books(alice, rice) == (400, 0, 3, 0)
    assert balance(system_account("redeemed", "points")) == 600
    assert trial_balance() == {"points": 0} and wrong_batches() == []


def test_a_code_typed_in_full_width_is_the_same(carol, waiting, collect):
    wide = "".join(chr(ord(each) + 0xFEE0) for each in queries.pickup_code(waiting))
    assert collect(carol, code=f" {wide} ").state == "handed_over"


def test_a_code_is_good_once(carol, collect):
    collect(carol)
    with pytest.raises(rules.AlreadyHandedOver):
        collect(carol)


@cases("code", ["00000000", "1", "", "abcdefgh", "9" * 30])
def test_a_wrong_code_is_unknown(carol, collect, code):
    with pytest.raises(rules.PickupCodeUnknown):
        collect(carol, code=code)


def test_a_clerk_of_another_community_finds_no_reservation(charlie, other_community, collect):
    with transaction():
        people.grant_role(by=None, person_id=charlie.id, role="clerk", unit_id=other_community.id, at=cast.AT)
    with pytest.raises(rules.PickupCodeUnknown):
        collect(charlie)


def test_an_auditor_hands_nothing_over(erin, collect):
    with pytest.raises(RoleMissing):
        collect(erin)


def test_nobody_fetches_for_themselves_over_the_counter(carol, rice, give, reserve, at):
    give(carol, 300)
    mine = reserve(carol, rice)
    with pytest.raises(rules.NotForYourself), transaction():
        holds.collect(by=carol, code=queries.pickup_code(mine), at=at)


def test_fifty_counters_and_one_code_are_one_winner(app, carol, waiting, at):
    carol_id, code, redemption_id = carol.id, queries.pickup_code(waiting), waiting.id
    db.session.commit()
    barrier = Barrier(10)

    def fetch(number):
        with app.app_context():
            if number < 10:
                barrier.wait()
            try:
                with transaction():
                    holds.collect(by=db.session.get_one(Person, carol_id), code=code, at=at)
            except BankError as refused:
                return refused.code
            return "done"

    with ThreadPoolExecutor(10) as pool:
        assert Counter(pool.map(fetch, range(50))) == {"done": 1, "already_handed_over": 49}
    assert db.session.get_one(Redemption, redemption_id).state == "handed_over"


def test_cancelled_it_is_as_if_it_had_never_been(alice, rice, waiting, at):
    with transaction():
        holds.cancel(by=alice, redemption_id=waiting.id, at=at)
    assert books(alice, rice) == (1000, 0, 5, 0)
    assert (waiting.state, waiting.undone_by_id) == ("cancelled", alice.id)
    assert trial_balance() == {"points": 0} and wrong_batches() == []


def test_it_is_cancelled_once(alice, waiting, at):
    for refused in (None, rules.HoldEnded):
        if refused is None:
            with transaction():
                holds.cancel(by=alice, redemption_id=waiting.id, at=at)
        else:
            with pytest.raises(refused), transaction():
                holds.cancel(by=alice, redemption_id=waiting.id, at=at)


def test_what_was_fetched_is_not_cancelled(alice, carol, waiting, collect, at):
    collect(carol)
    with pytest.raises(rules.AlreadyHandedOver), transaction():
        holds.cancel(by=alice, redemption_id=waiting.id, at=at)


@pytest.mark.parametrize("who", ["bob", "charlie", "erin"])
def test_who_has_nothing_to_do_with_it_cannot_cancel_it(request, who, waiting, at):
    by = request.getfixturevalue(who)
    with pytest.raises(rules.RedemptionNotFound), transaction():
        holds.cancel(by=by, redemption_id=waiting.id, at=at)


def test_the_counter_may_cancel_for_a_member(alice, carol, rice, waiting, at):
    with transaction():
        holds.cancel(by=carol, redemption_id=waiting.id, reason="储户来电", at=at)
    assert books(alice, rice) == (1000, 0, 5, 0)


def test_a_cancelled_code_is_refused_in_words(alice, carol, waiting, collect, at):
    code = queries.pickup_code(waiting)
    with transaction():
        holds.cancel(by=alice, redemption_id=waiting.id, at=at)
    with pytest.raises(rules.HoldEnded):
        collect(carol, code=code)


def test_on_its_last_day_it_is_fetched_and_the_day_after_not(carol, collect):
    with pytest.raises(rules.HoldEnded):
        collect(carol, after=31 * DAY)
    assert collect(carol, after=30 * DAY).state == "handed_over"


def test_the_job_ends_what_is_over_and_run_again_nothing(alice, rice, waiting, at):
    for when, found in ((30 * DAY, (1, 0)), (31 * DAY, (0, 1)), (31 * DAY, (0, 0)), (60 * DAY, (0, 0))):
        with transaction():
            assert holds.end_holds(at=at + when) == found
    assert (waiting.state, waiting.undone_by_id) == ("expired", None)
    assert books(alice, rice) == (1000, 0, 5, 0)


def test_the_nightly_job_ends_them_once(alice, rice, give, reserve, at):
    give(alice, 1000)
    now = clock.now()
    held = reserve(alice, rice, after=now - 40 * DAY - at)
    said = [runs.run(BY_NAME["holds"], clock.local_day(now) - DAY) for _ in range(2)]
    assert [(each.result, each.is_new) for each in said] == [('{"reminded": 0, "ended": 1}', each) for each in (True, False)]
    assert (held.state, balance(alice.points_account_id), rice.stock) == ("expired", 1000, 5)


def test_a_week_before_the_end_the_member_is_reminded_once(waiting, at):
    for when, reminded in ((22 * DAY, 0), (23 * DAY, 1), (24 * DAY, 0)):
        with transaction():
            assert holds.end_holds(at=at + when) == (reminded, 0)
    assert [each.kind for each in waiting.steps] == ["reserved", "reminded"]
    assert db.session.scalars(db.select(Notice.kind)).all() == ["hold_ending"]


def test_a_late_job_ends_all_in_one_go(alice, bob, rice, give, reserve, waiting, at):
    give(bob, 300)
    reserve(bob, rice, after=DAY)
    with transaction():
        assert holds.end_holds(at=at + 400 * DAY) == (0, 2)
    assert rice.stock == 5


def test_the_same_key_again_is_the_same_reservation(alice, bob, rice, give, reserve):
    give(alice, 1000)
    first, second = (reserve(alice, rice, key="a") for _ in range(2))
    assert first.id == second.id and books(alice, rice) == (700, 300, 4, 1)
    with pytest.raises(KeyReused):
        reserve(alice, rice, 2, key="a")


def test_the_last_piece_put_aside_is_not_handed_to_another(alice, bob, carol, rice, give, redeem, reserve):
    give(alice, 600)
    give(bob, 900)
    reserve(alice, rice, 2)
    redeem(carol, bob, rice, 2)
    with pytest.raises(OutOfStock) as refused:
        redeem(carol, bob, rice, 2)
    assert refused.value.details == {"stock": 1}


def test_a_reservation_counts_for_the_month(alice, carol, rice, waiting, redeem):
    with pytest.raises(BankError) as refused:
        redeem(carol, alice, rice)
    assert refused.value.code == "monthly_limit_reached"


def test_undone_after_it_was_fetched_everything_is_back(alice, carol, rice, waiting, collect, at):
    collect(carol)
    with transaction():
        undo(by=carol, redemption_id=waiting.id, reason="拿错了", at=at + timedelta(minutes=10))
    assert books(alice, rice) == (1000, 0, 5, 0)
    assert trial_balance() == {"points": 0} and wrong_batches() == []


def test_what_waits_is_not_undone_but_cancelled(carol, waiting, at):
    with pytest.raises(rules.NotHandedOver), transaction():
        undo(by=carol, redemption_id=waiting.id, reason="拿错了", at=at)


@pytest.fixture
def ageing(dave, rice, at):
    """The rice's only pieces are good until 1 November."""
    with transaction():
        actions.write_off_stock(by=dave, reward_id=rice.id, quantity=5, reason="受潮", at=at)
        best_before = (at + 17 * DAY).date()
        actions.receive_stock(
            by=dave, reward_id=rice.id, quantity=2, reason="到货", batch=NewBatch(best_before=best_before), at=at
        )
    return rice


def test_what_got_too_old_while_it_waited_is_changed_for_fresh(alice, carol, dave, ageing, give, reserve, at):
    give(alice, 600)
    old = reserve(alice, ageing, 2)
    with transaction():
        actions.receive_stock(by=dave, reward_id=ageing.id, quantity=3, reason="到货", at=at)
    with transaction():
        holds.collect(by=carol, code=queries.pickup_code(old), at=at + 20 * DAY)
    assert [(each.free, each.held) for each in stock.batches(ageing.id)] == [(2, 0), (1, 0)]
    assert wrong_batches() == []


def test_what_got_too_old_and_has_no_fresh_is_refused_and_can_be_cancelled(alice, carol, ageing, give, reserve, at):
    give(alice, 600)
    old = reserve(alice, ageing, 2)
    with pytest.raises(BankError) as refused, transaction():
        holds.collect(by=carol, code=queries.pickup_code(old), at=at + 20 * DAY)
    assert refused.value.code == "out_of_stock"
    with transaction():
        holds.cancel(by=alice, redemption_id=old.id, at=at + 20 * DAY)
    assert balance(alice.points_account_id) == 600
