"""A recipient's phone in a real browser: a link, one tap, thanks, without an account or a script."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from bank import clock
from bank.app import create_app
from bank.db import db, transaction
from bank.evaluations import actions, invitations, queries
from bank.evaluations.models import RatingInvitation
from bank.hours import actions as hours
from bank.hours.models import ServiceRecord
from bank.hours.rules import NewPart, NewService, Stay
from tests import cast
from tests.server import SECRET, Server

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
FINGER = 60  # Pixels that the row of an old person's finger needs at least.


@pytest.fixture
def bank(new_server: Callable[..., Server]) -> Iterator[Server]:
    """A running bank, and its books within reach of the test."""
    server = new_server("sqlite")
    with create_app({"DATABASE_URL": server.database_url, "SECRET_KEY": SECRET}).app_context():
        yield server
        db.session.rollback()
        db.engine.dispose()


@pytest.fixture
def code(bank: Server) -> str:
    """The code for the recipient of what alice did until a moment ago."""
    at, alice, bob = clock.now(), cast.person("alice"), cast.person("bob")
    begin = at - timedelta(hours=2)
    new = NewService(
        source="test:1", name="清扫楼道", category="environment", place="3 号楼", content="清扫三号楼的楼道", starts_at=begin,
        ends_at=at, unit_id=alice.unit_id, leader_id=bob.id,
    )  # fmt: skip
    with transaction():
        hours.record(by=cast.person("dave"), service=new, parts=[NewPart(person_id=alice.id, stays=(Stay(begin, at),))], at=at)
    record = db.session.scalars(db.select(ServiceRecord)).one()
    with transaction():
        made: RatingInvitation = actions.invite(by=cast.person("bob"), record_id=record.id, at=at)
    return invitations.code_of(made)


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_one_tap_on_five_stars_and_a_word_of_thanks(has_scripts: bool, bank: Server, code: str, chromium: Browser) -> None:
    context = chromium.new_context(
        viewport=PHONE, is_mobile=True, locale="zh-CN", base_url=bank.url, java_script_enabled=has_scripts
    )
    page = context.new_page()
    page.goto(f"/e/{code}")
    rows = page.locator(".rate-row")
    boxes = [each.bounding_box() for each in rows.all()]
    assert len(boxes) == 5
    assert all(each and each["height"] >= FINGER and each["y"] + each["height"] <= PHONE["height"] for each in boxes)
    page.get_by_role("button", name="非常满意").click()
    expect(page.get_by_text("谢谢您！")).to_be_visible()
    page.fill("textarea", "扫得很干净")
    page.get_by_role("button", name="发送").click()
    expect(page.locator("textarea")).to_have_count(0)
    db.session.rollback()
    [marks] = queries.marks_of([each.id for each in db.session.scalars(db.select(ServiceRecord))]).values()
    assert marks.recipient == 5
