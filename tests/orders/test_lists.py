"""Lists of needs, problems and services; the menu; the clock; projects of organisations; days and weeks counted."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from bank.db import db, transaction
from bank.orders import actions, dispatch, figures, lists, menu, projects, rules
from bank.orders.clocks import Clock
from bank.orders.models import OrderClock, OrderFigures
from bank.orders.rules import Look, NewListEntry, NewOrder
from bank.people.actions import grant_role
from bank.people.rules import RoleMissing


@pytest.fixture
def other_organizer(charlie, other_community, at):
    """Charlie organises in his own community."""
    with transaction():
        grant_role(by=None, person_id=charlie.id, role="organizer", unit_id=other_community.id, at=at)
    return charlie


@pytest.fixture
def add(at):
    def line(by, unit, kind="need", title="每周探访", category="elder_care"):
        new = NewListEntry(unit_id=unit.id, quarter=at.date(), kind=kind, category=category, title=title)
        with transaction():
            return lists.add(by=by, new=new, at=at)

    return line


def publish(by, unit, at):
    with transaction():
        return lists.publish(by=by, unit_id=unit.id, quarter=at.date())


def test_drafts_are_seen_by_the_own_unit_and_published_lines_by_all(alice, bob, erin, community, add, at):
    add(bob, community)
    assert lists.lines(alice, quarter=at.date()) == []
    assert len(lists.lines(bob, quarter=at.date())) == len(lists.lines(erin, quarter=at.date())) == 1
    assert (publish(bob, community, at), publish(bob, community, at)) == (1, 0)
    assert [each.entry.quarter for each in lists.lines(alice, quarter=at.date())] == [date(2026, 10, 1)]
    assert lists.lines(alice, quarter=date(2026, 9, 30)) == []


def test_needs_and_services_of_one_kind_fit_each_other(bob, other_organizer, community, other_community, add, at):
    need, offer = add(bob, community), add(other_organizer, other_community, "service", "结对陪护")
    add(bob, community, "problem", "楼道杂物", "environment")
    publish(bob, community, at)
    publish(other_organizer, other_community, at)
    fits = {each.entry.id: [fit.id for fit in each.fits] for each in lists.lines(bob, quarter=at.date())}
    assert fits[need.id] == [offer.id] and fits[offer.id] == [need.id]
    assert sorted(map(len, fits.values())) == [0, 1, 1]


def test_one_unit_claims_and_the_other_says_what_came_of_it(bob, other_organizer, community, other_community, add, at):
    entry = add(bob, community)
    with pytest.raises(rules.ListEntryNotFound), transaction():
        lists.claim(by=other_organizer, entry_id=entry.id, unit_id=other_community.id, at=at)
    publish(bob, community, at)
    with pytest.raises(RoleMissing), transaction():
        lists.claim(by=other_organizer, entry_id=entry.id, unit_id=community.id, at=at)
    with transaction():
        lists.claim(by=other_organizer, entry_id=entry.id, unit_id=other_community.id, at=at)
    with pytest.raises(rules.ListEntryClaimed), transaction():
        lists.claim(by=bob, entry_id=entry.id, unit_id=community.id, at=at)
    with pytest.raises(RoleMissing), transaction():
        lists.conclude(by=other_organizer, entry_id=entry.id, is_met=True, words="每周四去", at=at)
    with transaction():
        lists.conclude(by=bob, entry_id=entry.id, is_met=True, words="每周四去", at=at)
    assert (entry.state, entry.outcome) == ("met", "每周四去")


def test_a_line_stands_once(bob, community, add):
    add(bob, community)
    with pytest.raises(rules.ListEntryThere):
        add(bob, community)


@pytest.mark.parametrize("bad", [{"kind": "wish"}, {"title": "x"}, {"title": "\x00\x00"}, {"about": "长" * 301}])
def test_lines_that_cannot_be_meant(bad):
    with pytest.raises(rules.BadOrder):
        rules.check_entry(
            NewListEntry(
                **({"unit_id": 1, "quarter": date(2026, 1, 1), "kind": "need", "category": "other", "title": "探访"} | bad)
            )
        )


def test_the_menu_is_offered_below_its_unit_only(bob, dave, community, other_community):
    item = {"name": "修锁", "category": "repairs", "way": "home", "usual_minutes": 45}
    with transaction():
        menu.add_item(by=bob, unit_id=community.id, **item)
    assert [each.name for each in menu.offered(community)] == ["修锁"] and menu.offered(other_community) == []
    with pytest.raises(RoleMissing), transaction():
        menu.add_item(by=bob, unit_id=other_community.id, **item)
    with pytest.raises(rules.BadMenuItem), transaction():
        menu.add_item(by=dave, unit_id=community.id, **item)


def test_what_is_taken_off_the_menu_cannot_be_asked_for(bob, community, ask):
    with transaction():
        item = menu.add_item(by=bob, unit_id=community.id, name="修锁", category="repairs", way="home", usual_minutes=45)
    order = ask(kind="service", menu_item_id=item.id)
    assert (order.title, order.category, order.usual_minutes, order.way) == ("修锁", "repairs", 45, "home")
    with transaction():
        menu.offer_item(by=bob, menu_item_id=item.id, is_offered=False)
    with pytest.raises(rules.MenuItemNotFound):
        ask(kind="service", menu_item_id=item.id)


def test_waits_are_data_that_only_the_banks_admin_changes(bob, dave, ask, look, at):
    with pytest.raises(RoleMissing), transaction():
        menu.set_clock(by=bob, clock=Clock(), at=at)
    with transaction():
        menu.set_clock(by=dave, clock=Clock(yellow_minutes=30), at=at)
    assert look(ask()).due_at == at + timedelta(minutes=30)
    with pytest.raises(DBAPIError), transaction():
        db.session.execute(db.update(OrderClock).values(red_minutes=1))


def test_a_key_project_is_claimed_by_one_organisation_and_struck_off_when_its_outcome_is_told(
    alice, bob, other_organizer, community, other_community, accept, at
):
    new = NewOrder(kind="project", level="key", unit_id=community.id, wish="口袋公园共建", title="口袋公园")
    with transaction():
        order = actions.ask(by=bob, new=new, at=at)
        dispatch.look(by=bob, order_id=order.id, look=Look(title="口袋公园", is_urgent=False, is_important=True), at=at)
        dispatch.hang(by=bob, order_id=order.id, at=at)
    with pytest.raises(rules.ForUnitsOnly):
        accept(alice, order)
    with transaction():
        projects.claim(by=other_organizer, order_id=order.id, unit_id=other_community.id, at=at)
    with pytest.raises(rules.OrderTaken), transaction():
        projects.claim(by=bob, order_id=order.id, unit_id=community.id, at=at)
    with transaction():
        projects.carry_out(by=other_organizer, order_id=order.id, source="activity:1", at=at)
        projects.conclude(by=other_organizer, order_id=order.id, words="种了 40 棵树", at=at)
        dispatch.post(by=bob, order_id=order.id, at=at)
    assert (order.state, order.outcome, order.source) == ("posted", "种了 40 棵树", "activity:1")


def test_days_and_weeks_are_counted_once_by_unit(alice, bob, dave, charlie, community, hung, accept, at):
    accept(alice, hung())
    monday = at.date() - timedelta(days=at.weekday())
    for period, first, made in (("day", at.date(), 3), ("day", at.date(), 0), ("week", monday, 3)):
        with transaction():
            assert figures.count(period=period, starts_on=first, at=at) == made
    [(unit, counted)] = figures.latest(bob, period="day")
    assert unit.id == community.id and charlie.id != alice.id
    assert {name: counted.figures[name] for name in ("asked", "accepted", "posted")} == {"asked": 1, "accepted": 1, "posted": 0}
    assert len(figures.latest(dave, period="week")) == 3 and figures.latest(charlie, period="day") == []
    with pytest.raises(DBAPIError), transaction():
        db.session.execute(db.delete(OrderFigures))


def test_missed_days_and_weeks_are_made_up_for(hung, at):
    hung()
    with transaction():
        assert figures.make_up(until=at.date() + timedelta(days=5), at=at) == 6
    with transaction():
        assert figures.make_up(until=at.date() + timedelta(days=5), at=at) == 0
