"""What a command refuses is told as on the pages: in both languages, with what to do next, and with nothing written."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from bank import cli
from bank.db import db
from bank.people.models import Person


def people() -> int | None:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Person))


def refused(app: Flask, *arguments: str) -> list[str]:
    done = app.test_cli_runner().invoke(cli.group(lambda: app), arguments)
    assert done.exit_code == 1
    return done.output.splitlines()


def test_a_refusal_says_what_is_wrong_and_what_to_do_next(app: Flask) -> None:
    before = people()
    chinese, chinese_next, english, english_next, code = refused(app, "add-admin", "曾国强", "12")
    assert (chinese, english) == (
        "Error: 手机号应为 11 位数字，以 13 到 19 开头。",
        "A mobile number has 11 digits and begins with 13 to 19.",
    )
    assert chinese_next.startswith("请核对手机号") and english_next.startswith("Check the number") and code == "(bad_phone)"
    assert people() == before


@pytest.mark.parametrize("command", [("ledger", "history", "nobody"), ("ledger", "show", "99999"), ("token", "revoke", "99999")])
def test_nobody_is_sent_back_to_a_page_that_is_not_there(app: Flask, command: tuple[str, ...]) -> None:
    chinese, english, code = refused(app, *command)
    assert chinese.startswith("Error: 没有") and english.isascii() and code.startswith("(")
    assert "page" not in english
