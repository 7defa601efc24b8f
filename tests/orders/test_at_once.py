"""Fifty members tap at once: real threads with connections of their own, and requests to real server processes."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bank import clock
from bank.app import create_app
from bank.db import db, transaction
from bank.errors import BankError
from bank.orders import actions, dispatch, rules
from bank.orders.models import Order
from bank.orders.rules import NewOrder
from bank.people import actions as people
from bank.people.models import Person
from bank.people.rules import NewPerson
from tests import cast, server
from tests.orders.conftest import LOOK

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


def test_of_fifty_in_five_processes_one_gets_it_and_forty_nine_are_told(kind, new_database, tmp_path):
    url = new_database(kind)
    order_id, ids = _asked(url)
    said = [tmp_path / f"said-{number}" for number in range(5)]
    racers = [server.LOADED.Process(target=race, args=(url, order_id, ids[number::5], path)) for number, path in enumerate(said)]
    for each in racers:
        each.start()
    for each in racers:
        each.join(timeout=120)
    assert Counter(" ".join(each.read_text() for each in said).split()) == {"done": 1, "order_taken": 49}


def race(url, order_id, person_ids, said):
    """What one process does: each of its persons taps once."""
    outcome = []
    with create_app({"DATABASE_URL": url, "SECRET_KEY": server.SECRET}).app_context():
        for person_id in person_ids:
            try:
                with transaction():
                    actions.accept(by=db.session.get_one(Person, person_id), order_id=order_id, at=clock.now())
                outcome.append("done")
            except BankError as refused:
                outcome.append(refused.code)
    said.write_text(" ".join(outcome))


def _asked(url):
    """An order on the tree of a bank, and fifty members of it."""
    at = clock.now()
    with create_app({"DATABASE_URL": url, "SECRET_KEY": server.SECRET}).app_context():
        bob, community = cast.person("bob"), cast.unit(cast.COMMUNITY)
        new = NewOrder(kind="wish", unit_id=community.id, wish="门锁坏了", phone="13911112222")
        crowd = [NewPerson(name="邻居", phone=f"139000000{number:02}", unit_id=community.id) for number in range(50)]
        with transaction():
            order = actions.ask(by=None, new=new, at=at)
            dispatch.look(by=bob, order_id=order.id, look=LOOK, at=at)
            dispatch.hang(by=bob, order_id=order.id, at=at)
            ids = people.enrol_all(by=None, new=crowd, at=at)
        order_id = order.id
        db.session.rollback()
        db.engine.dispose()
    return order_id, ids
