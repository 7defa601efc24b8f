"""The bank here holds the small demo town, loaded by the command itself; each test has a copy of its own."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time

import pytest
from flask import Flask

from bank import clock
from bank.demo import cast
from bank.people.models import Person
from tests import databases, server

UNTIL = date(2026, 6, 20)  # Long over, so that the town is the same whenever the tests run.


@pytest.fixture(scope="session")
def template(
    databases_of: Callable[[str], databases.Databases], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], str]]:
    """The address of a bank with the small demo town in it, made once per kind and copied for every test."""
    made: dict[str, str] = {}

    def url(kind: str) -> str:
        if kind not in made:
            made[kind] = databases_of(kind).create()
            folder = tmp_path_factory.mktemp("demo")
            server.bank("init", database_url=made[kind], folder=folder)
            said = server.bank("demo", "--size", "small", "--until", f"{UNTIL}", database_url=made[kind], folder=folder)
            assert said.splitlines()[0].startswith("2025-05: "), "without a terminal there is a line a month"
        return made[kind]

    yield url
    for kind, each in made.items():
        databases_of(kind).drop(each)


@pytest.fixture
def players(app: Flask) -> dict[str, Person]:
    """Who can sign in, by part."""
    return cast.people()


@pytest.fixture
def at() -> datetime:
    """The instant up to which the town has been filled."""
    return clock.local_instant(UNTIL, time(10))
