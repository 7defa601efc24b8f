"""Own data is one tap away, and so is being forgotten, with the PIN."""

import io
import json
import zipfile

from bank.db import db
from bank.people.models import Person
from tests import cast


def test_all_own_data_come_in_one_click(browser, alice):
    phone = browser(alice)
    assert "/me/data/zip" in phone.open("/me/data").text
    answer = phone.client.get("/me/data/zip")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "person.csv" in zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert json.loads(phone.client.get("/me/data/json").data)["person"][0]["phone"] == alice.phone


def test_the_api_gives_them_too(api, alice):
    assert api(alice).get("/me/data").json["data"]["person"][0]["name"] == alice.name


def test_one_is_forgotten_with_the_pin_only(browser, alice):
    phone, person_id = browser(alice), alice.id
    phone.open("/me/farewell")
    assert phone.send("/me/farewell", pin="111111").status_code == 400
    assert db.session.get_one(Person, person_id).erased_at is None
    phone.send("/me/farewell", pin=cast.PIN)
    assert "个人资料已删除" in phone.page
    assert db.session.get_one(Person, person_id).name == "*"
    assert phone.client.get("/me").status_code == 303


def test_the_desk_closes_an_account_and_later_erases_it(browser, dave, alice):
    window, path, name = browser(dave), f"/people/{alice.id}", alice.name
    for how in ("close", "erase"):
        window.open(f"{path}/end")
        window.send(f"{path}/end", how=how)
        assert "已销户" in window.page
    assert name not in window.page


def test_nobody_sends_himself_away_as_the_last_admin(browser, dave):
    phone = browser(dave)
    phone.open("/me/farewell")
    assert phone.send("/me/farewell", pin=cast.PIN).status_code == 409
    assert "只有这一位管理员" in phone.page
