"""The web server starts only where nobody can walk in with a PIN that everybody knows, and never without a secret."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask, request

from bank import config, exposed
from bank.access.actions import set_pin
from bank.app import create_app
from bank.db import db, transaction
from bank.demo import cast as demo_cast
from bank.people.actions import enrol
from bank.people.models import Person, Unit
from bank.people.rules import NewPerson
from bank.serve import is_reachable
from tests.browser import Browser
from tests.cast import AT
from tests.server import SECRET, begin, environment


def settings(**changed: str) -> dict[str, object]:
    return config.load({"BANK_SECRET_KEY": SECRET, **{f"BANK_{name}": value for name, value in changed.items()}})


def serve(app: Flask, folder: Path, **changed: str) -> tuple[int | None, str]:
    """The exit code of `bank serve`, and what it said."""
    process = begin("serve", env=environment(app.config["DATABASE_URL"], folder, PORT="1", **changed), folder=folder)
    process.join(timeout=60)
    return process.exitcode, (folder / "bank.err").read_text()


@pytest.fixture
def player(app: Flask, community: Unit) -> Person:
    """One of the demo town, with the PIN that everybody knows."""
    known = next(each for each in demo_cast.PLAYERS if each.who == "admin")
    with transaction():
        person = enrol(by=None, new=NewPerson(name=known.name, phone=known.phone, unit_id=community.id), at=AT)
        set_pin(by=None, person_id=person.id, pin=demo_cast.PIN, at=AT)
    return person


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", "::1", "[::1]", "bank.localhost"])
def test_an_address_of_this_computer_alone_is_not_reachable(host: str) -> None:
    assert not is_reachable(settings(HOST=host))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "bank.example", "127.0.0.1.example"])
def test_any_other_address_is_reachable(host: str) -> None:
    assert is_reachable(settings(HOST=host))


def test_behind_a_proxy_the_printed_address_tells() -> None:
    assert is_reachable(settings(PUBLIC_URL="https://bank.example"))
    assert not is_reachable(settings(PUBLIC_URL="http://localhost:8000"))


def test_the_demo_town_is_not_served_to_others(app: Flask, player: Person, tmp_path: Path) -> None:
    code, said = serve(app, tmp_path, HOST="0.0.0.0")
    assert code == 1
    assert "BANK_ALLOW_DEMO" in said
    assert "Traceback" not in said


def test_a_bank_without_the_public_pin_may_be_served(app: Flask, player: Person) -> None:
    assert exposed.opened() == [player.name]
    with transaction():
        set_pin(by=None, person_id=player.id, pin="975310", at=AT)
    db.session.rollback()
    assert exposed.opened() == []


def test_nothing_starts_without_a_secret(app: Flask, tmp_path: Path) -> None:
    env = environment(app.config["DATABASE_URL"], tmp_path, SECRET_KEY="")
    module = [sys.executable, "-m", "bank.serve"]
    refused = subprocess.run(module, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    for code, said in ((refused.returncode, refused.stderr), serve(app, tmp_path, SECRET_KEY="")):
        assert code != 0
        assert "BANK_SECRET_KEY" in said
        assert "Traceback" not in said


@pytest.mark.parametrize("secret", ["short", "x" * 31])
def test_a_short_secret_stops_the_start(secret: str) -> None:
    with pytest.raises(config.BadSetting, match="BANK_SECRET_KEY"):
        config.load({"BANK_SECRET_KEY": secret})


def test_no_secret_stands_in_the_code() -> None:
    assert next(each for each in config.SETTINGS if each.name == "SECRET_KEY").default is None


@pytest.mark.parametrize(("proxies", "seen"), [("0", "127.0.0.1"), ("1", "10.9.9.9")])
def test_a_proxy_names_the_caller_only_where_one_is_said_to_stand(proxies: str, seen: str) -> None:
    app = create_app(settings(PROXIES=proxies, DATABASE_URL="sqlite:///unused.db"))
    app.add_url_rule("/address", "address", lambda: str(request.remote_addr))
    assert app.test_client().get("/address", headers={"X-Forwarded-For": "10.9.9.9"}).text == seen


def test_with_https_one_proxy_is_taken_for_granted_and_browsers_stay_with_https() -> None:
    app = create_app(settings(HTTPS="1"))
    answer = app.test_client().get("/static/look/parts.css")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "ProxyFix" in type(app.wsgi_app).__name__
    answer.close()


def test_leafing_through_the_members_is_slowed_down(app: Flask, dave: Person) -> None:
    browser = Browser(app.test_client()).sign_in(dave)
    answers = [browser.get("/people?search=13800").status_code for _ in range(121)]
    assert answers == [200] * 120 + [429]
