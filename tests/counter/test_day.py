"""A counter's day is counted, signed off, and opened again only for a reason."""

from datetime import timedelta

import pytest

from bank.counter import actions, day, queries, rules
from bank.db import transaction
from bank.people.rules import RoleMissing
from bank.rewards import actions as rewards
from bank.rewards.queries import movements
from bank.rewards.rules import ReasonMissing
from tests.cases import cases

HOUR = timedelta(hours=1)


@pytest.fixture
def counter(rice):
    """Where the rice is handed out."""
    return rice.counters[0]


@pytest.fixture
def count(carol, counter, rice, at):
    """Count the rice: `count(3)`."""

    def write_down(counted, reason="", after=HOUR):
        with transaction():
            rewards.count_stock(by=carol, counter_id=counter.id, reward_id=rice.id, counted=counted, reason=reason, at=at + after)

    return write_down


@pytest.fixture
def close(counter, at):
    """Sign off at the end of the morning: `close(carol)`."""

    def sign(by, after=2 * HOUR):
        with transaction():
            return day.close(by=by, counter_id=counter.id, at=at + after)

    return sign


@pytest.fixture
def morning(alice, bob, carol, rice, give, redeem, at):
    """Two bags for alice, one for bob, who brought it back at once."""
    give(alice, 1000)
    give(bob, 1000)
    kept, wrong = redeem(carol, alice, rice, 2), redeem(carol, bob, rice)
    with transaction():
        actions.undo(by=carol, redemption_id=wrong.id, reason="拿错了", at=at)
    return kept


def test_the_report_adds_up(carol, morning, counter, count, close, at):
    count(2, "盘亏一件")
    signed = close(carol)
    figures = day.figures_of(signed)
    assert figures == day.Figures(redemptions=1, pieces=2, points=600, undone=1, returned=0, counted=1, differences=1)
    assert (signed.number, signed.is_closed, signed.by_id) == (1, True, carol.id)


def test_what_moved_is_counted_first(carol, rice, morning, close):
    with pytest.raises(rules.CountMissing) as refused:
        close(carol)
    assert refused.value.details == {"names": "大米", "missing": 1}


def test_what_moved_after_the_count_is_counted_again(carol, alice, haircut, rice, morning, counter, count, close, redeem, at):
    count(3)
    redeem(carol, alice, haircut, at=at + 1.5 * HOUR)
    with transaction():
        actions.undo(by=carol, redemption_id=morning.id, reason="拿错了", at=at + timedelta(minutes=14))
    close(carol)


def test_a_closed_day_hands_nothing_over(alice, carol, rice, morning, count, close, redeem, at):
    count(3)
    close(carol)
    with pytest.raises(rules.DayClosed):
        redeem(carol, alice, rice, at=at + 3 * HOUR)
    with pytest.raises(rules.DayClosed):
        close(carol)


def test_the_next_day_is_open(bob, carol, rice, morning, count, close, redeem, at):
    count(3)
    close(carol)
    redeem(carol, bob, rice, at=at + 24 * HOUR)
    assert rice.stock == 2


def test_it_is_opened_again_for_a_reason_and_signed_once_more(bob, carol, rice, morning, counter, count, close, redeem, at):
    count(3)
    close(carol)
    with transaction():
        day.reopen(by=carol, counter_id=counter.id, reason="来了一位老人", at=at + 3 * HOUR)
    redeem(carol, bob, rice, at=at + 3 * HOUR)
    count(2, after=4 * HOUR)
    again = close(carol, after=4 * HOUR)
    assert (again.number, again.redemptions) == (3, 2)
    assert [each.is_closed for each in day.report(counter, at.date()).signed] == [True, False, True]


def test_a_day_is_opened_again_only_when_closed_and_with_a_reason(carol, counter, count, close, at):
    with pytest.raises(rules.DayOpen), transaction():
        day.reopen(by=carol, counter_id=counter.id, reason="再开", at=at)
    count(5)
    close(carol)
    with pytest.raises(ReasonMissing), transaction():
        day.reopen(by=carol, counter_id=counter.id, reason=" ", at=at + 3 * HOUR)


def test_a_change_after_the_signature_shows(carol, dave, morning, counter, count, close, at):
    count(3)
    close(carol)
    assert not day.report(counter, at.date()).is_changed
    with transaction():
        actions.undo(by=dave, redemption_id=morning.id, reason="储户要求", at=at + 5 * HOUR)
    report = day.report(counter, at.date())
    assert report.is_closed and report.is_changed and report.figures.undone == 2


@cases("who", ["alice", "bob", "dave", "erin", "charlie"])
def test_only_a_clerk_signs(request, morning, close, who):
    with pytest.raises(RoleMissing):
        close(request.getfixturevalue(who))


def test_a_clerk_sees_the_own_counter_and_a_supervisor_all(alice, carol, dave, erin, charlie, other_community, rice, at):
    with transaction():
        rewards.open_counter(by=dave, unit_id=other_community.id, name="月季兑换点", at=at)
    seen = {who.id: len(day.reports(who, at.date())) for who in (carol, dave, erin, charlie, alice)}
    assert list(seen.values()) == [1, 2, 2, 0, 0]


def test_a_rewards_whole_life_is_told(alice, carol, dave, rice, morning):
    came = [(each.kind, each.quantity, each.moved_by_id) for each in movements(rice.id) if each.kind == "received"]
    told = [(each.person_id, [step.kind for step in each.steps]) for each in queries.life_of(rice.id)]
    assert came == [("received", 5, dave.id)]
    assert told[1] == (alice.id, ["handed_over"]) and told[0][1] == ["handed_over", "undone"]


def test_an_honour_that_was_handed_over_is_certified(alice, carol, dave, community, give, redeem, at):
    new = rewards.rules.NewReward(unit_id=community.id, kind="honour", name="社区之星", points=300, stock=None, number="301")
    with transaction():
        star = rewards.add_reward(by=dave, new=new, at=at)
    give(alice, 600)
    done = redeem(carol, alice, star)
    honour = queries.honour(done, at.date())
    assert (honour.name, honour.honour, honour.unit) == (alice.name, "社区之星", community.name)
    assert honour.number == f"2026-301-{done.id:06}"
    with transaction():
        actions.undo(by=carol, redemption_id=done.id, reason="重复", at=at)
    assert queries.honour(done, at.date()) is None


def test_goods_have_no_certificate(alice, carol, rice, give, redeem, at):
    give(alice, 300)
    assert queries.honour(redeem(carol, alice, rice), at.date()) is None
