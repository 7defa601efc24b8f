"""Fixtures for all tests: both databases, the fixed cast, clients of both faces, and the real server."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from bank import clock
from bank.access import queries as access
from bank.access.actions import create_token, set_pin
from bank.app import create_app
from bank.db import db, transaction
from bank.people.models import Person
from bank.units.models import Unit
from bank.web.security import limiter
from tests import cast, databases, server
from tests import chromium as browsers
from tests.clients import ApiClient, FreshClient

for name in [each for each in os.environ if each.startswith("BANK_") and each != "BANK_TEST_PG_URL"]:
    del os.environ[name]
os.environ["BANK_DATA_DIR"] = str(databases.FOLDER)  # A test never writes beside the developer's own bank.


STRONG = access.PIN_HASHER
# The cast signs in thousands of times, which would take minutes at the price that is meant for whoever guesses.
LIGHT = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

LONG = (
    "tests/stories/",
    "tests/scripts/",
    "tests/demo/",
    *(f"tests/ledger/test_{name}" for name in ("kills", "model", "hammer")),
)


def pytest_configure() -> None:
    """TERM ends a run as tidily as Ctrl-C does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, so that no process is alone with it at the end; then what shares a browser.

    A page gets a second chance: on a machine that stalls for seconds it may miss its moment. The report counts it as a rerun.
    """
    in_browser = {each for each in items if each.get_closest_marker("browser")}
    items.sort(key=lambda each: (not each.nodeid.startswith(LONG), each not in in_browser))
    for each in in_browser:
        each.add_marker(pytest.mark.flaky(reruns=1))


def _hash_with(hasher: PasswordHasher) -> None:
    access.PIN_HASHER, access._NOBODYS_HASH = hasher, hasher.hash("no PIN has letters")


_hash_with(LIGHT)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The first process of the run leaves nothing behind."""
    if not hasattr(config, "workerinput"):
        databases.remove()


def _new_app(url: str) -> Flask:
    app = create_app({"DATABASE_URL": url, "SECRET_KEY": server.SECRET, "TESTING": True})
    app.test_client_class = FreshClient
    return app


def _leave() -> None:
    db.session.rollback()
    db.engine.dispose()  # Nobody may be connected to a database that is copied or replaced.


@pytest.fixture(scope="session")
def databases_of() -> Iterator[Callable[[str], databases.Databases]]:
    """The place for databases of a kind, opened when it is first asked for."""
    places: dict[str, databases.Databases] = {}
    with ExitStack() as stack:

        def place(kind: str) -> databases.Databases:
            assert kind in databases.KINDS, f"a test calls something else its kind: {kind}"
            if kind not in places and kind == "sqlite":
                places[kind] = databases.SqliteFiles(databases.FOLDER)
            elif kind not in places:
                places[kind] = stack.enter_context(databases.postgres_databases())
            return places[kind]

        yield place


@pytest.fixture(scope="session")
def template(
    databases_of: Callable[[str], databases.Databases], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """The address of a bank with the cast in it, made once per kind and copied for every test."""

    @cache
    def url(kind: str) -> str:
        place = databases_of(kind)
        return databases.shared(kind, lambda: made(place))

    def made(place: databases.Databases) -> str:
        url = place.create()
        server.bank("init", database_url=url, folder=tmp_path_factory.mktemp("init"))
        with _new_app(url).app_context():
            cast.load()
            _leave()
        return url

    return url


@pytest.fixture(params=databases.KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on; every test that asks for it, or for `app`, runs on both."""
    return str(request.param)


@pytest.fixture
def new_database(
    template: Callable[[str], str], databases_of: Callable[[str], databases.Databases]
) -> Iterator[Callable[[str], str]]:
    """A factory of databases with the cast in them; they go when the test ends."""
    made: list[tuple[str, str]] = []

    def create(kind: str) -> str:
        url = databases_of(kind).create(template(kind))
        made.append((kind, url))
        return url

    yield create
    for kind, url in made:
        databases_of(kind).drop(url)


@pytest.fixture(scope="session")
def app_of(
    template: Callable[[str], str], databases_of: Callable[[str], databases.Databases]
) -> Iterator[Callable[[str], Flask]]:
    """The bank as one application per kind: making one takes longer than most tests."""
    made: dict[str, Flask] = {}

    def app(kind: str) -> Flask:
        if kind not in made:
            made[kind] = _new_app(databases_of(kind).create(template(kind)))
        return made[kind]

    yield app
    for kind, each in made.items():
        with each.app_context():
            _leave()
        databases_of(kind).drop(each.config["DATABASE_URL"])


@pytest.fixture
def app(
    kind: str,
    app_of: Callable[[str], Flask],
    template: Callable[[str], str],
    databases_of: Callable[[str], databases.Databases],
) -> Iterator[Flask]:
    """The bank with nothing but the cast in it, on each database in turn, inside an application context."""
    app = app_of(kind)
    databases_of(kind).restore(app.config["DATABASE_URL"], template(kind))
    app.extensions.pop("boards", None)  # What was kept belongs to the books of the test before.
    settings, hooks = dict(app.config), list(app.before_request_funcs[None])
    with app.app_context():
        limiter.reset()
        yield app
        db.session.rollback()
        if kind == "sqlite":
            db.engine.dispose()  # Its file is replaced; PostgreSQL's connections are warm and stay.
    app.before_request_funcs[None][:] = hooks
    app.config.clear()
    app.config.update(settings)


@pytest.fixture
def strong_pins(alice: Person) -> Iterator[None]:
    """The hashing that the bank does outside its tests, and alice's PIN by it."""
    _hash_with(STRONG)
    with transaction():
        set_pin(by=None, person_id=alice.id, pin=cast.PIN, at=cast.AT)
    yield
    _hash_with(LIGHT)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a session."""
    return app.test_client()


@pytest.fixture
def api(app: Flask) -> Callable[[Person], ApiClient]:
    """The API as a person calls it: `api(alice).post("/check-ins", json={...})`."""

    def client_of(person: Person) -> ApiClient:
        at = clock.now()
        with transaction():
            _, secret = create_token(by=None, person_id=person.id, name="测试", expires_at=at + timedelta(days=1), at=at)
        return ApiClient(app.test_client(), secret)

    return client_of


@pytest.fixture
def new_server(new_database: Callable[[str], str], tmp_path: Path) -> Iterator[Callable[..., server.Server]]:
    """A factory of real web servers, each with a database of its own that holds the cast: `new_server("sqlite")`."""
    started: list[server.Server] = []

    def start(kind: str, **settings: str) -> server.Server:
        started.append(server.start(new_database(kind), tmp_path, **settings))
        return started[-1]

    yield start
    for each in started:
        each.stop()


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """A real browser without a page, a cookie, or anything else that another test has left."""
    browser = browsers.browser()
    yield browser
    for context in browser.contexts:
        context.close()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """The browser ends when the next test wants none."""
    if nextitem is None or nextitem.get_closest_marker("browser") is None:
        browsers.close()


@pytest.fixture
def at() -> datetime:
    """The instant at which tests take place, a Thursday morning."""
    return cast.AT


@pytest.fixture
def alice(app: Flask) -> Person:
    """Volunteers in the community."""
    return cast.person("alice")


@pytest.fixture
def bob(app: Flask) -> Person:
    """Organises in the community."""
    return cast.person("bob")


@pytest.fixture
def carol(app: Flask) -> Person:
    """Is the clerk of the community's counter."""
    return cast.person("carol")


@pytest.fixture
def dave(app: Flask) -> Person:
    """Is admin of the whole bank."""
    return cast.person("dave")


@pytest.fixture
def erin(app: Flask) -> Person:
    """Audits the whole bank."""
    return cast.person("erin")


@pytest.fixture
def charlie(app: Flask) -> Person:
    """Volunteers in another community, and must see nothing of this one."""
    return cast.person("charlie")


@pytest.fixture
def town(app: Flask) -> Unit:
    """The bank itself, above all other units."""
    return cast.person("alice").unit.parent.parent


@pytest.fixture
def community(app: Flask) -> Unit:
    """Where the cast lives and serves."""
    return cast.unit(cast.COMMUNITY)


@pytest.fixture
def other_community(app: Flask) -> Unit:
    """Where charlie lives."""
    return cast.unit(cast.OTHER_COMMUNITY)
