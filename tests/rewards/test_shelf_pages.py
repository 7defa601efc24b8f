"""An admin keeps a reward: terms, price, picture, places, batches; counters open and close."""

import io
from datetime import date

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from bank import clock
from bank.db import db, transaction
from bank.rewards import actions, queries
from bank.rewards.stock import batches
from tests.cases import cases

TERMS = {"name": "大米", "points": "3", "monthly_limit": "2", "about": ""}


@pytest.fixture
def shelf(browser, dave, rice):
    return browser(dave).open(f"/rewards/manage/{rice.id}")


def photograph(kind="PNG", size=(1200, 900), **saved):
    out = io.BytesIO()
    Image.new("RGB", size, "#88aa33").save(out, kind, **saved)
    return out.getvalue()


def upload(shelf, content, name="rice.png"):
    return shelf.send("/picture", picture=(io.BytesIO(content), name))


def test_a_price_changes_from_now_on_and_the_old_one_stays_in_the_life(shelf, erin, browser, rice):
    shelf.send("/terms", **TERMS | {"points": "4.5"})
    assert "4.50" in shelf.page
    assert [each.points for each in queries.prices(rice.id)] == [450, 300]
    assert "3.00" in browser(erin).open(f"/rewards/manage/{rice.id}/life").page


def test_terms_say_for_whom_and_when_and_members_read_them(shelf, browser, alice, rice):
    conditions = {"stars_min": "1", "age_min": "60", "offered_from": "2026-01-01", "about": "五常大米"}
    shelf.send("/terms", **TERMS | conditions)
    offer = browser(alice).open(f"/rewards/{rice.id}").page
    assert "1 星志愿者起" in offer and "年满 60 岁" in offer and "五常大米" in offer and 'name="quantity"' not in offer


@cases(
    ("field", "value"),
    [
        ("points", "0"),
        ("points", "x"),
        ("name", ""),
        ("stars_min", "6"),
        ("age_max", "151"),
        ("offered_from", "morgen"),
        ("about", "长" * 201),
    ],
)
def test_terms_that_cannot_be_are_refused_and_nothing_changes(shelf, rice, field, value):
    shelf.send("/terms", **TERMS | {field: value})
    assert shelf.status == 400 and "result-refused" in shelf.page and rice.points == 300


def test_a_picture_is_made_small_and_forgets_where_it_was_taken(shelf, browser, alice, rice):
    upload(shelf, photograph("JPEG", (3000, 2000), exif=b"Exif\0\0II*\0\x08\0\0\0\0\0"), "a.jpg")
    answer = browser(alice).get(f"/rewards/{rice.id}/picture")
    picture = Image.open(io.BytesIO(answer.data))
    assert answer.content_type == "image/jpeg" and max(picture.size) == 800 and not picture.getexif()
    assert f"/rewards/{rice.id}/picture" in browser(alice).open("/rewards/").page


@cases("content", [b"", b"MZ\x90\0", b"<svg onload='alert(1)'/>", photograph()[:100], b"\xff\xd8\xff" + b"\0" * 99])
def test_what_is_no_picture_is_refused_in_words(shelf, rice, content):
    upload(shelf, content)
    assert shelf.status == 400 and "result-refused" in shelf.page and queries.picture(rice.id) is None


def test_a_reward_without_a_picture_has_none_to_give(browser, alice, rice):
    assert browser(alice).get(f"/rewards/{rice.id}/picture").status_code == 404


def test_pieces_come_in_as_a_batch_with_its_day(shelf, rice):
    shelf.send("/stock", kind="received", quantity="7", reason="捐赠", label="A7", best_before="2099-01-31")
    assert "2099年1月31日" in shelf.page and "A7" in shelf.page
    oldest = batches(rice.id)[0]
    assert (oldest.label, oldest.best_before, oldest.free) == ("A7", date(2099, 1, 31), 7)


def test_a_batch_past_its_day_is_not_taken_in(shelf):
    shelf.send("/stock", kind="received", quantity="7", reason="捐赠", best_before="2020-01-31")
    assert shelf.status == 400 and "result-refused" in shelf.page


def test_one_batch_is_written_off(shelf, rice):
    [batch] = batches(rice.id)
    shelf.send("/stock", kind="written_off", quantity="2", reason="受潮", batch_id=str(batch.id))
    db.session.rollback()
    assert rice.stock == 3 and "受潮" in shelf.page


def test_a_second_counter_opens_and_a_reward_is_had_at_both(shelf, rice, community, dave):
    shelf.open("/rewards/manage/").send("/counters", unit_id=str(community.id), name="东门积分超市")
    assert "东门积分超市" in shelf.page
    ids = [each.id for each in queries.counters_of(dave, "admin")]
    shelf.open(f"/rewards/manage/{rice.id}").send("/places", counter_ids=[str(each) for each in ids])
    db.session.rollback()
    assert [each.id for each in rice.counters] == ids


def test_a_clerk_of_two_counters_says_where_he_stands(shelf, browser, carol, community, dave, at):
    with transaction():
        east = actions.open_counter(by=dave, unit_id=community.id, name="东门积分超市", at=at)
    desk = browser(carol).open("/counter/")
    assert "我在哪个兑换点" in desk.page
    desk.send("/stand", counter_id=str(east.id))
    assert desk.page.index("东门积分超市") < desk.page.index("我在哪个兑换点")


def test_a_clerk_stands_at_no_counter_that_is_not_there(browser, carol, community, dave, at):
    with transaction():
        for name in ("东门积分超市", "西门积分超市"):
            actions.open_counter(by=dave, unit_id=community.id, name=name, at=at)
    desk = browser(carol).open("/counter/")
    for counter_id in ("", "x", "0", "999", "9" * 5000):
        assert desk.send("/stand", counter_id=counter_id).status == 404
        assert "没有这个兑换点" in desk.page


def test_the_price_list_can_be_scanned_from_the_wall(shelf, browser, carol, rice, haircut):
    [counter] = queries.counters_of(carol, "clerk")
    answer = browser(carol).get(f"/rewards/manage/prices/{counter.id}.pdf")
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    assert answer.content_type == "application/pdf" and "大米" in words and "3.00" in words and "2 0 1" in words


def test_the_bars_say_the_number(rice):
    from_zxing = zxingcpp.create_barcode(rice.number, zxingcpp.BarcodeFormat.Code128).to_image(scale=3)
    assert zxingcpp.read_barcodes(from_zxing)[0].text == "101"


def test_nobody_elses_price_list(browser, charlie, alice, rice, carol):
    [counter] = queries.counters_of(carol, "clerk")
    assert browser(alice).get(f"/rewards/manage/prices/{counter.id}.pdf").status_code == 403
    assert clock.today() and browser(charlie).get(f"/rewards/manage/prices/{counter.id}.pdf").status_code == 403
