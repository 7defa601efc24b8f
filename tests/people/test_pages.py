"""The pages of persons, as a browser without scripts walks them."""

import re

from bank.access.queries import sign_in
from bank.consents.queries import has_consent
from bank.people import queries
from tests import cast


def test_an_admin_enrols_sets_the_pin_and_the_member_signs_in(browser, client, dave, community):
    window = browser(dave)
    window.open("/people/new")
    window.send("/people/new", name="曾国强", phone="138 1234 5678", unit_id=community.id)
    person = queries.person_by_card(by=dave, card_number="13812345678")
    assert f"卡号 {person.card_number}" in window.page
    window.open(f"/people/{person.id}/pin")
    pin = re.search(r'name="pin"[^>]*value="(\d{6})"', window.page).group(1)
    window.send(f"/people/{person.id}/pin", pin=pin)
    assert "密码已设好" in window.page
    assert pin not in window.page
    assert sign_in(login="13812345678", pin=pin).id == person.id


def test_a_refused_form_keeps_what_was_typed_and_says_why(browser, dave, community):
    window = browser(dave)
    window.open("/people/new")
    answer = window.send("/people/new", name="曾国强", phone="13800000001", unit_id=community.id)
    assert answer.status_code == 409
    assert "这个手机号已经开过户。" in window.page
    assert 'value="曾国强"' in window.page
    answer = window.send("/people/new", name="曾国强", phone="138 1234 5678", unit_id=community.id)
    assert answer.status_code == 200


def test_a_form_sent_twice_enrols_once(browser, dave, community):
    window = browser(dave)
    window.open("/people/new")
    form = window.page
    for _ in range(2):
        window.page = form
        assert window.send("/people/new", name="曾国强", phone="13812345678", unit_id=community.id).status_code == 200
    assert len(queries.find_persons(by=dave, text="曾国强")) == 1


def test_the_form_comes_back_with_the_unit_of_the_person_before(browser, dave, community):
    page = browser(dave).open(f"/people/new?unit_id={community.id}").text
    assert f'<option value="{community.id}" selected>' in page


def test_a_search_finds_and_says_what_it_needs(browser, dave):
    window = browser(dave)
    assert "安丽" in window.open("/people?search=安丽").text
    assert "138****0001" in window.page
    assert "请至少输入两个汉字" in window.open("/people?search=安").text
    assert "没有找到" in window.open("/people?search=没有此人").text


def test_a_name_is_text_on_every_page(browser, dave, alice):
    page = browser(dave).open("/people?search=<script>alert(1)</script>").text
    assert "<script>alert" not in page


def test_a_role_is_given_and_taken_by_page(browser, dave, alice, community):
    window = browser(dave)
    window.open(f"/people/{alice.id}/roles/new")
    window.send(f"/people/{alice.id}/roles/new", role="clerk", unit_id=community.id)
    [grant] = queries.grants(alice.id)
    assert grant.role == "clerk"
    window.send(f"/people/roles/{grant.id}/revoke")
    assert queries.grants(alice.id) == []


def test_a_unit_is_added_by_page(browser, dave, community):
    window = browser(dave)
    window.open(f"/units/{community.id}/new")
    window.send(f"/units/{community.id}/new", name="第一网格", kind="grid")
    assert "第一网格" in window.page


def test_one_tap_gives_consent_and_one_takes_it_back(browser, alice):
    phone = browser(alice)
    phone.open("/me/consents")
    for is_given in (True, False):
        phone.send("/me/consents/board")
        assert has_consent(alice.id, "board") is is_given


def test_my_card_shows_its_number_and_its_code(browser, alice):
    page = browser(alice).open("/me").text
    assert alice.card_number in page
    assert '<svg version="1.1"' in page


def test_changing_my_pin_signs_out_my_other_browsers(browser, app, alice):
    here, elsewhere = browser(alice), browser(alice)
    here.open("/me/pin")
    assert here.send("/me/pin", old_pin="111111", pin="975310").status_code == 400
    assert "现在的密码不对" in here.page
    assert here.send("/me/pin", old_pin=cast.PIN, pin="975310").status_code == 200
    assert here.client.get("/me").status_code == 200
    assert elsewhere.client.get("/me").status_code == 303


def test_the_old_pin_is_not_guessed_from_a_found_phone(browser, alice):
    phone = browser(alice)
    phone.open("/me/pin")
    statuses = [phone.send("/me/pin", old_pin=f"13579{digit}", pin="975310").status_code for digit in range(4)]
    assert set(statuses) == {400}
    last = [phone.client.post("/me/pin", data={}).status_code for _ in range(8)][-1]
    assert last in {400, 429}


def test_pages_are_in_english_too(browser, dave, alice, community):
    window = browser(dave)
    window.client.set_cookie("language", "en")
    for path in (
        "/people",
        "/people/new",
        f"/people/{alice.id}",
        f"/people/{alice.id}/pin",
        f"/people/{alice.id}/edit",
        f"/people/{alice.id}/belonging",
        f"/people/{alice.id}/end",
        f"/people?unit_id={community.id}",
        f"/units/{community.id}",
        "/changes",
        "/permissions",
        "/me/data",
        "/me/farewell",
        "/units",
        f"/units/{community.id}/new",
        "/me",
        "/me/consents",
    ):
        main = re.search(r"<main.*</main>", window.open(path).text, re.DOTALL).group()
        data = "|".join([cast.COMMUNITY, cast.OTHER_COMMUNITY, "和平街道", "道德银行", *cast.NAMES.values()])
        assert re.findall("[一-鿿]+", re.sub(data, "", main)) == [], path


def test_the_list_shows_whoever_came_last(browser, dave, frank, alice):
    page = browser(dave).open("/people").text
    assert page.index("最近开户") < page.index(frank.name) < page.index(alice.name)
