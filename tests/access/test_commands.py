"""What an operator does with persons at the machine."""

from bank import clock
from bank.access import queries
from bank.db import db
from bank.people.queries import roles
from tests.server import bank


def run(app, folder, *arguments):
    printed = bank(*arguments, database_url=app.config["DATABASE_URL"], folder=folder)
    db.session.rollback()  # The test's own session looks again at what the command has changed.
    return printed


def test_the_first_admin_enters_from_the_shell(app, tmp_path):
    shown = run(app, tmp_path, "add-admin", "曾国强", "138 1234 5678")
    [pin] = [each for each in shown.replace("，", " ").split() if len(each) == 6 and each.isdigit()]
    assert roles(queries.sign_in(login="13812345678", pin=pin)) == {"admin"}


def test_a_forgotten_pin_is_reset_from_the_shell(app, tmp_path, dave):
    pin = run(app, tmp_path, "reset-pin", dave.phone).strip()
    assert queries.sign_in(login=dave.phone, pin=pin) == dave


def test_a_token_is_made_listed_and_revoked_from_the_shell(app, tmp_path, alice):
    secret = run(app, tmp_path, "token", "create", alice.card_number, "--name", "门口扫码机").strip()
    assert queries.token_owner(secret, clock.now()) == alice
    shown = run(app, tmp_path, "token", "list")
    assert secret[:8] in shown
    assert secret not in shown
    assert alice.name not in shown
    run(app, tmp_path, "token", "revoke", str(queries.tokens()[0].id))
    assert queries.token_owner(secret, clock.now()) is None
