"""Who sees how an asker is reached, and for how long; and what is forgotten in time."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from bank.db import db, transaction
from bank.orders import actions, dispatch, life, queries, rules
from bank.orders.models import Order, OrderContact, OrderPicture
from bank.orders.schemas import PublicOrderSchema
from bank.privacy import actions as privacy
from tests.orders.conftest import LOOK


def png():
    out = BytesIO()
    Image.new("RGB", (2000, 1000), "red").save(out, "PNG")
    return out.getvalue()


def contact(by, order):
    return queries.sight(by, order.id).contact


def test_only_the_dispatcher_and_who_took_it_see_the_contact(alice, bob, carol, dave, erin, hung, accept):
    order = hung()
    assert contact(bob, order).phone and contact(dave, order).phone
    assert contact(alice, order) is None and contact(erin, order) is None
    accept(alice, order)
    assert contact(alice, order).address == "2号楼301"
    with pytest.raises(rules.OrderNotFound):
        queries.sight(carol, order.id)


def test_it_lasts_no_longer_than_the_service(alice, bob, hung, accept, serve, rate, post):
    order = serve(alice, accept(alice, hung()))
    assert contact(alice, order) is None and contact(bob, order) is not None
    post(rate(order))
    assert contact(bob, order) is None
    assert db.session.query(OrderContact).count() == 0


def test_given_back_it_is_hidden_again(alice, hung, accept, at):
    order = accept(alice, hung())
    with transaction():
        actions.give_back(by=alice, order_id=order.id, words="临时有事", at=at)
    assert contact(alice, order) is None


def test_lists_hold_no_words_of_the_asker(hung):
    order = hung()
    [listed] = PublicOrderSchema(many=True).dump(queries.tree())
    text = str(listed)
    assert "王秀兰" not in text and "139" not in text and "301" not in text and order.wish not in text
    assert listed["title"] == "修门锁" and listed["place"] == "幸福路"


def test_of_a_childs_wish_nothing_but_the_wish_is_shown(hung):
    hung(is_minor=True)
    [listed] = PublicOrderSchema(many=True).dump(queries.tree())
    assert listed["place"] is None and listed["title"] == "修门锁"


def test_the_wall_shows_only_wishes_whose_askers_agreed(alice, hung, accept, serve, rate, post):
    post(rate(serve(alice, accept(alice, hung()))))
    assert queries.wall() == []
    shown = post(rate(serve(alice, accept(alice, hung())), is_shown=True))
    assert [each.id for each in queries.wall()] == [shown.id]


def test_the_follower_sees_a_masked_helper_and_codes_only_while_they_are_needed(alice, hung, accept):
    order = hung()
    link = queries.link_of(order)
    assert queries.followed(link).start_code is None
    accept(alice, order)
    seen = queries.followed(link)
    assert (seen.helper, len(seen.start_code or ""), seen.end_code) == ("安*", 4, None)


def test_a_picture_is_made_small_and_goes_with_the_contact(bob, ask, look, at):
    order = look(ask(picture=png()))
    assert order.picture.content.startswith(b"\xff\xd8") and len(order.picture.content) < len(png()) * 20
    with transaction():
        dispatch.refuse(by=bob, order_id=order.id, words="请打 12345", at=at)
    assert db.session.query(OrderPicture).count() == 0


def test_who_is_erased_takes_the_own_words_along(carol, ask, at):
    order = ask(by=carol, asker_id=carol.id)
    with transaction():
        privacy.erase(by=None, person_id=carol.id, at=at)
    found = db.session.get_one(Order, order.id, populate_existing=True)
    assert found.wish == "*" and found.contact is None


def test_after_a_year_the_words_of_ended_orders_are_forgotten(bob, ask, look, at):
    order = look(ask(), look=LOOK)
    with transaction():
        dispatch.refuse(by=bob, order_id=order.id, words="请打 12345", at=at)
    for days, count in ((364, 0), (366, 1), (366, 0)):
        with transaction():
            assert life.forget_old(before=at + timedelta(days=days) - timedelta(days=365)) == count
    assert db.session.get_one(Order, order.id, populate_existing=True).title == "修门锁"
