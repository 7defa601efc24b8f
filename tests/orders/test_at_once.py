"""Fifty members tap at once: real threads with connections of their own, and real processes."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bank.db import db, transaction
from bank.errors import BankError
from bank.orders import actions, rules
from bank.orders.models import Order
from bank.people import actions as people
from bank.people.models import Person
from bank.people.rules import NewPerson

AT_ONCE = 10  # As many as SQLAlchemy's pool gives at once; the others queue behind them.


@pytest.fixture
def crowd(dave, community, at):
    """Fifty neighbours."""
    new = [NewPerson(name="邻居", phone=f"139000000{number:02}", unit_id=community.id) for number in range(50)]
    with transaction():
        return people.enrol_all(by=dave, new=new, at=at)


@pytest.fixture
def together(app):
    """Let each of these persons do something at once; what came of it: "done" or the refusal's code."""

    def run(person_ids, deed):
        barrier = Barrier(AT_ONCE)

        def one(place):
            number, person_id = place
            with app.app_context():
                if number < AT_ONCE:
                    barrier.wait()
                try:
                    with transaction():
                        deed(db.session.get_one(Person, person_id))
                except BankError as refused:
                    return refused.code
                return "done"

        with ThreadPoolExecutor(AT_ONCE) as pool:
            outcome = Counter(pool.map(one, enumerate(person_ids)))
        db.session.rollback()
        return outcome

    return run


def test_of_fifty_who_tap_at_once_one_gets_it_and_forty_nine_are_told(hung, crowd, together, at):
    order_id = hung().id
    db.session.commit()
    outcome = together(crowd, lambda person: actions.accept(by=person, order_id=order_id, at=at))
    assert outcome == {"done": 1, rules.OrderTaken.code: 49}
    order = db.session.get_one(Order, order_id)
    assert order.helper_id in crowd and [each.kind for each in order.steps].count("accepted") == 1


def test_one_member_who_taps_at_ten_at_once_gets_three(hung, crowd, together, at):
    waiting = [hung(phone=f"1391111{number:04}").id for number in range(10)]
    db.session.commit()
    outcome = together([crowd[0]] * 10, lambda person: actions.accept(by=person, order_id=waiting.pop(), at=at))
    assert outcome == {"done": 3, rules.TooManyOrders.code: 7}
