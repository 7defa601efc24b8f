"""`bank demo` leaves a bank in use alone, and says so."""

from flask import Flask
from sqlalchemy import func, select

from bank.db import db
from bank.demo.command import demo
from bank.people.models import Person


def test_demo_refuses_a_bank_with_people(app: Flask) -> None:
    done = app.test_cli_runner().invoke(demo, ["--size", "small"])
    assert done.exit_code == 1
    assert "银行里已有储户" in done.output
    assert "has people already" in done.output


def test_if_empty_leaves_a_bank_with_people_as_it_is(app: Flask) -> None:
    before = db.session.scalar(select(func.count(Person.id)))
    done = app.test_cli_runner().invoke(demo, ["--if-empty"])
    assert (done.exit_code, done.output) == (0, "")
    assert db.session.scalar(select(func.count(Person.id))) == before


def test_who_names_nobody_without_a_demo_town(app: Flask) -> None:
    done = app.test_cli_runner().invoke(demo, ["--who"])
    assert done.exit_code == 0
    assert "not loaded here" in done.output
    assert "16000000001" not in done.output
