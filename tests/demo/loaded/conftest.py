"""The bank here holds the small demo town, loaded by the command itself; each test has a copy of its own."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from functools import cache

import pytest
from flask import Flask
from sqlalchemy import select

from bank import clock
from bank.db import db, transaction
from bank.demo import cast
from bank.people import actions
from bank.people.models import Person
from bank.people.rules import NewPerson
from bank.units.models import Unit
from tests import databases, server
from tests.demo.loaded import walk

UNTIL = date(2026, 6, 20)  # Long over, so that the town is the same whenever the tests run.


@pytest.fixture(scope="session")
def template(
    databases_of: Callable[[str], databases.Databases], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """The address of a bank with the small demo town in it, made once per kind and copied for every test."""

    @cache
    def url(kind: str) -> str:
        place = databases_of(kind)
        return databases.shared(f"demo-{kind}", lambda: made(place))

    def made(place: databases.Databases) -> str:
        url, folder = place.create(), tmp_path_factory.mktemp("demo")
        server.bank("init", database_url=url, folder=folder)
        said = server.bank("demo", "--size", "small", "--until", f"{UNTIL}", database_url=url, folder=folder)
        assert said.splitlines()[0].startswith("2025-05: "), "without a terminal there is a line a month"
        return url

    return url


@pytest.fixture
def players(app: Flask) -> dict[str, Person]:
    """Who can sign in, by part."""
    return cast.people()


@pytest.fixture
def somebody(app: Flask, at: datetime) -> Callable[..., Person]:
    """A new person with roles in a unit: `somebody(("clerk",), unit)`."""

    numbers = iter(range(100, 200))

    def made(roles: Sequence[str], unit: Unit) -> Person:
        home = unit if unit.kind != "bank" else db.session.scalars(select(Unit).where(Unit.kind == "community")).first()
        with transaction():
            new = NewPerson(name="测试员", phone=f"13700000{next(numbers)}", unit_id=home.id)
            person = actions.enrol(by=None, new=new, at=at)
            for role in roles:
                actions.grant_role(by=None, person_id=person.id, role=role, unit_id=unit.id, at=at)
        return person

    return made


@pytest.fixture
def top(app: Flask) -> Unit:
    """The bank itself, above all other units."""
    return db.session.scalars(select(Unit).where(Unit.kind == "bank")).one()


@pytest.fixture
def open_doors(app: Flask) -> Iterator[None]:
    """Forms without tokens, requests without limits, and a crash as an answer: what is asked is who may, and what breaks."""
    with walk.unguarded(app):
        yield


@pytest.fixture
def at() -> datetime:
    """The instant up to which the town has been filled."""
    return clock.local_instant(UNTIL, time(10))


@pytest.fixture
def chief(somebody: Callable[..., Person], top: Unit) -> Person:
    """Who has every role of the staff in the whole bank; enrolled first, so the same person in every copy of the town."""
    return somebody(walk.STAFF, top)


@pytest.fixture(scope="session")
def maps() -> dict[str, walk.Map]:
    """What was found on a walk, by kind of database: every copy of the town has the same pages."""
    return {}


@pytest.fixture(scope="session")
def read() -> dict[str, list[tuple[str, str]]]:
    """What was read in English, by kind of database: every copy of the town says the same."""
    return {}


@pytest.fixture
def pages(
    app: Flask, kind: str, read: dict[str, list[tuple[str, str]]], found: walk.Map, chief: Person, players: dict[str, Person]
) -> list[tuple[str, str]]:
    """Address and text of one page of each kind, in English, as the chief and as a volunteer see it."""
    if kind not in read:
        paths = [each for paths in found.pages.values() for each in paths[:1]]
        read[kind] = [page for person in (chief, players["volunteer"]) for page in walk.read(app, person, paths, "en")]
    return read[kind]


@pytest.fixture
def found(app: Flask, kind: str, maps: dict[str, walk.Map], chief: Person, open_doors: None) -> walk.Map:
    """Every page and form that the chief comes across."""
    if kind not in maps:
        maps[kind] = walk.explore(app, walk.signed_in(app, chief))
    return maps[kind]
