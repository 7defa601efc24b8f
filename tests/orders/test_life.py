"""From asking to striking off, and every way that an order can end otherwise."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from bank.db import db, transaction
from bank.evaluations.queries import marks_of
from bank.evaluations.rules import Device
from bank.hours.queries import records_of
from bank.ledger.queries import balance, trial_balance
from bank.micro_hours import actions as micro_hours
from bank.micro_hours.rules import MicroHourNeedsSecond, MicroHourRunning, NewMicroHour, OwnMicroHour
from bank.orders import actions, dispatch, queries, rules
from bank.orders import code as codes
from bank.orders.models import Order, OrderStep
from bank.people.models import Household, HouseholdMember
from tests.orders.conftest import MINUTE, PHONE, STRANGER


def kinds(order):
    return [each.kind for each in db.session.get_one(Order, order.id, populate_existing=True).steps]


def test_a_wish_is_asked_seen_hung_taken_served_rated_and_struck_off(alice, hung, accept, serve, rate, post):
    order = post(rate(serve(alice, accept(alice, hung())), 4))
    assert kinds(order) == ["asked", "looked_at", "hung", "accepted", "started", "finished", "rated", "posted"]
    [record] = records_of(alice.id)
    assert (record.minutes, record.points, record.evidence, record.service.name) == (50, 83, "scanned", "修门锁")
    assert marks_of([record.id])[record.id].recipient == 4
    assert trial_balance() == {"minutes": 0, "points": 0}


def test_time_is_capped_at_the_usual_length(alice, hung, accept, serve, rate, post):
    post(rate(serve(alice, accept(alice, hung()), minutes=400)))
    assert balance(alice.minutes_account_id) == 60


def test_a_dispatched_order_reaches_the_unit_it_went_to(alice, charlie, ask, look, bob, community, accept, at):
    order = look(ask())
    with transaction():
        dispatch.dispatch(by=bob, order_id=order.id, unit_id=community.id, at=at)
    with pytest.raises(rules.OrderNotForYou):
        accept(charlie, order)
    assert accept(alice, order).helper_id == alice.id


def test_an_order_for_one_person_is_his_alone(alice, carol, ask, look, bob, accept, at):
    order = look(ask())
    with transaction():
        dispatch.dispatch(by=bob, order_id=order.id, card_number=alice.card_number, at=at)
    with pytest.raises(rules.OrderNotForYou):
        accept(carol, order)
    assert accept(alice, order).state == "accepted"


def test_who_comes_second_is_told(alice, charlie, hung, accept):
    order = hung()
    accept(alice, order)
    with pytest.raises(rules.OrderTaken):
        accept(charlie, order)


def test_nobody_takes_what_the_own_household_or_the_own_phone_asked_for(alice, carol, hung, accept, at):
    own = hung(phone=alice.phone)
    with pytest.raises(rules.OwnOrder):
        accept(alice, own)
    asked = hung(by=carol, asker_id=carol.id)
    with transaction():
        household = Household(key="h" * 20, formed_at=at)
        db.session.add(household)
        db.session.flush()
        db.session.add_all(HouseholdMember(household_id=household.id, person_id=e.id, joined_at=at) for e in (alice, carol))
    with pytest.raises(rules.OwnOrder):
        accept(alice, asked)


def test_who_asked_on_behalf_does_not_serve_it(alice, hung, accept):
    with pytest.raises(rules.OwnOrder):
        accept(alice, hung(by=alice))


def test_nobody_hoards_orders(alice, hung, accept):
    for number in range(3):
        accept(alice, hung(phone=f"1391111000{number}"))
    with pytest.raises(rules.TooManyOrders):
        accept(alice, hung())


def test_one_phone_has_five_open_orders(ask):
    for _ in range(5):
        ask()
    with pytest.raises(rules.AsksTooMuch):
        ask(phone="+86 139-1111-2222")


@pytest.mark.parametrize("code", ["0000", "", "一二三四", "9" * 10])
def test_without_the_askers_digits_nothing_begins(alice, hung, accept, code, at):
    order = accept(alice, hung())
    assert codes.service_code(order.key, "start") != "0000"
    with pytest.raises(rules.WrongServiceCode), transaction():
        actions.start(by=alice, order_id=order.id, code=code, at=at)


def test_the_digits_for_the_start_do_not_end_it(alice, hung, accept, at):
    order = accept(alice, hung())
    start = codes.service_code(order.key, "start")
    with transaction():
        actions.start(by=alice, order_id=order.id, code=start, at=at)
    with pytest.raises(rules.WrongServiceCode), transaction():
        actions.finish(by=alice, order_id=order.id, code=start, at=at + 30 * MINUTE)


def test_two_services_do_not_run_at_once(alice, hung, accept, at):
    with transaction():
        alice.is_in_service = True
    order = accept(alice, hung())
    with transaction():
        micro_hours.start(by=alice, new=NewMicroHour(title="扫雪", place="三号楼", unit_id=alice.unit_id), at=at)
    with pytest.raises(MicroHourRunning), transaction():
        actions.start(by=alice, order_id=order.id, code=codes.service_code(order.key, "start"), at=at)


def test_without_the_digits_for_the_end_the_rating_confirms(alice, hung, accept, serve, rate, post):
    order = serve(alice, accept(alice, hung()), has_end_code=False)
    with pytest.raises(rules.NotPostedYet):
        post(order)
    post(rate(order))
    assert balance(alice.minutes_account_id) == 50


def test_who_served_does_not_rate_on_the_own_phone(alice, hung, accept, serve, rate):
    order = serve(alice, accept(alice, hung()))
    with pytest.raises(OwnMicroHour):
        rate(order, device=Device("b" * 20, frozenset({alice.id})))
    with pytest.raises(OwnMicroHour):
        rate(order, by=alice)


def test_a_call_confirms_with_a_second_dispatcher_and_without_points(alice, bob, dave, hung, accept, serve, post, at):
    order = serve(alice, accept(alice, hung()), has_end_code=False)
    with transaction():
        dispatch.rate_on_call(by=bob, order_id=order.id, mark=5, called="王秀兰座机", at=at + 60 * MINUTE)
    with pytest.raises(MicroHourNeedsSecond):
        post(order)
    post(order, by=dave)
    [record] = records_of(alice.id)
    assert (record.minutes, record.points, record.evidence) == (50, 0, "supplemented")
    assert marks_of([record.id])[record.id].recipient == 5


def test_given_back_it_waits_where_it_waited(alice, charlie, hung, accept, at):
    order = accept(alice, hung())
    with pytest.raises(rules.WordsMissing), transaction():
        actions.give_back(by=alice, order_id=order.id, words=" ", at=at)
    with transaction():
        actions.give_back(by=alice, order_id=order.id, words="临时出差", at=at)
    assert accept(charlie, order).helper_id == charlie.id
    assert kinds(order)[-3:] == ["accepted", "given_back", "accepted"]


def test_a_matter_is_answered_and_never_served(alice, bob, ask, look, accept, at):
    order = look(ask(kind="matter"))
    with pytest.raises(rules.NotPaidWithPoints), transaction():
        dispatch.hang(by=bob, order_id=order.id, at=at)
    with pytest.raises(rules.NotPaidWithPoints):
        accept(alice, order)
    with transaction():
        dispatch.answer(by=bob, order_id=order.id, words="周五前修好路灯", at=at)
    assert queries.followed(queries.link_of(order)).order.outcome == "周五前修好路灯"


@pytest.mark.parametrize(("deed", "state"), [(dispatch.refuse, "refused"), (dispatch.not_met, "not_met")])
def test_an_end_unserved_is_told_in_words(bob, ask, look, deed, state, at):
    order = look(ask())
    with pytest.raises(rules.WordsMissing), transaction():
        deed(by=bob, order_id=order.id, words="", at=at)
    with transaction():
        deed(by=bob, order_id=order.id, words="请联系供电公司 95598", at=at)
    found = queries.followed(queries.link_of(order)).order
    assert (found.state, found.outcome) == (state, "请联系供电公司 95598")


def test_an_order_given_up_in_the_middle_counts_nothing(alice, bob, hung, accept, at):
    order = accept(alice, hung())
    with transaction():
        actions.start(by=alice, order_id=order.id, code=codes.service_code(order.key, "start"), at=at)
    with transaction():
        dispatch.not_met(by=bob, order_id=order.id, words="材料不齐，改日再做", at=at + 20 * MINUTE)
    assert order.micro_hour.state == "dropped" and records_of(alice.id) == []


def test_the_asker_cancels_until_it_begins(alice, hung, accept, serve, at):
    order = accept(alice, hung())
    with transaction():
        actions.cancel(link=queries.link_of(order), at=at)
    assert (order.state, order.helper_id) == ("cancelled", None)
    other = serve(alice, accept(alice, hung()))
    with pytest.raises(rules.OrderElsewhere), transaction():
        actions.cancel(link=queries.link_of(other), at=at)


def test_a_repeated_order_points_to_the_first(bob, ask, look, at):
    first, second = look(ask()), ask()
    with transaction():
        dispatch.repeat(by=bob, order_id=second.id, first_id=first.id, at=at)
    assert (second.state, second.repeat_of_id) == ("repeated", first.id)
    with pytest.raises(rules.BadOrder), transaction():
        dispatch.repeat(by=bob, order_id=first.id, first_id=first.id, at=at)


def test_nobody_dispatches_the_own_wish(bob, dave, ask, look):
    order = ask(by=bob, asker_id=bob.id, phone=None)
    with pytest.raises(rules.OwnOrder):
        look(order)
    assert look(order, by=dave).state == "looked_at"


def test_dispatchers_of_elsewhere_find_nothing(charlie, ask, look):
    with pytest.raises(rules.OrderNotFound):
        look(ask(), by=charlie)


def test_overdue_orders_go_up_one_node_at_a_time_and_are_left_alone_in_between(ask, look, community, at):
    order = look(ask())
    late = at + timedelta(days=1, minutes=1)
    with transaction():
        assert dispatch.escalate(at=at) == 0
    for node, hours in ((community.parent, 0), (community.parent, 1), (community.parent.parent, 25)):
        with transaction():
            dispatch.escalate(at=late + timedelta(hours=hours))
        assert order.node_id == node.id
    with transaction():
        assert dispatch.escalate(at=late + timedelta(days=9)) == 0
    assert kinds(order) == ["asked", "looked_at", "escalated", "escalated"]


def test_steps_are_never_changed_nor_removed(ask):
    step = ask().steps[0]
    for statement in (db.update(OrderStep).values(kind="posted"), db.delete(OrderStep).where(OrderStep.id == step.id)):
        with pytest.raises(DBAPIError), transaction():
            db.session.execute(statement)


@pytest.mark.parametrize(
    "bad",
    [
        {"state": "posted"},
        {"kind": "matter", "state": "cancelled", "ended_at": "asked_at", "is_paid": True},
        {"state": "rated", "colour": "red"},
        {"state": "looked_at"},
        {"repeat_of_id": "id"},
        {"mark": 6},
        {"kind": "project"},
    ],
)
def test_the_database_refuses_what_cannot_be(ask, bad):
    order = ask()
    values = {name: getattr(order, value) if value in ("asked_at", "id") else value for name, value in bad.items()}
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(db.update(Order).where(Order.id == order.id).values(**values))


def test_codes_find_their_order_and_no_other(ask):
    one, other = ask(), ask(phone="13911112223")
    assert queries.by_typed(f" {codes.typed(one.key)[:5]}-{codes.typed(one.key)[5:]}").id == one.id
    assert queries.by_link(queries.link_of(other)).id == other.id
    for wrong in ("0" * 10, "", "🙂"):
        with pytest.raises(rules.OrderCodeUnknown):
            queries.by_typed(wrong)
    for wrong in (
        f"{one.id}-{'0' * 20}",
        "1",
        f"{'9' * 30}-{'a' * 20}",
        queries.link_of(one).replace(f"{one.id}-", f"{other.id}-"),
    ):
        with pytest.raises(rules.OrderCodeUnknown):
            queries.by_link(wrong)


def test_what_was_asked_stands_with_the_phone_in_one_spelling(ask):
    assert ask(phone=" +86 139 1111 2222 ").contact.phone == STRANGER
    assert PHONE.person_ids == frozenset()
