"""A matter is told to each member once, stands in the own pages, and takes the way the member chose."""

from datetime import timedelta

import pytest
from flask_babel import force_locale

from bank.consents.actions import decide_consent
from bank.db import db, transaction
from bank.notices import actions, queries, rules
from bank.notices.models import Delivery, Notice, NoticeChannel
from bank.notices.texts import KINDS, words
from bank.privacy.actions import close_account, erase

ROBOT = "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
CANCELLED = {"activity": "清扫楼道", "starts_at": "2026-10-17T09:00:00+08:00"}


@pytest.fixture
def tell(at):
    """Tell members that an activity is cancelled; answers how many did not know yet."""

    def one(*persons, key="activity:7:cancelled"):
        with transaction():
            ids = [each.id for each in persons]
            return actions.tell(person_ids=ids, kind="activity_cancelled", facts=CANCELLED, key=key, at=at)

    return one


@pytest.fixture
def choose(at):
    """Choose e-mail, having agreed to be contacted or not: `choose(alice)`."""

    def one(person, *, is_agreed=True, address="alice@example.org"):
        with transaction():
            decide_consent(by=person, person_id=person.id, purpose="contact", is_given=is_agreed, at=at)
        with transaction():
            return actions.choose(by=person, channel="email", address=address, at=at)

    return one


def deliveries():
    return [(each.channel, each.state) for each in db.session.scalars(db.select(Delivery))]


def test_each_member_is_told_once_per_key(alice, bob, tell):
    assert [tell(alice, alice), tell(alice, bob), tell(alice, bob)] == [1, 1, 0]
    assert tell(alice, key="activity:8:cancelled") == 1
    assert [queries.unread_count(each.id) for each in (alice, bob)] == [2, 1]


def test_who_has_left_is_told_nothing(alice, dave, tell, at):
    with transaction():
        close_account(by=dave, person_id=alice.id, at=at)
    assert tell(alice) == 0


def test_a_notice_is_in_the_readers_language(app):
    assert words("activity_cancelled", CANCELLED).body == "原定 10月17日 星期六 09:00 举行，请不必前往。"
    with force_locale("en"):
        expiring = words("points_expiring", {"points": 190, "expires_on": "2026-12-31"})
    assert expiring.title == "1.90 points expire on Dec 31, 2026"


def test_a_kind_nobody_knows_any_more_still_has_a_name(app):
    assert words("old_kind", {"name": "x"}).title == "old_kind"


def test_words_need_no_fact_that_is_not_there(app):
    assert all(words(kind, {}).title for kind in KINDS)


def test_only_who_chose_a_channel_and_agreed_is_told_there_too(alice, bob, charlie, choose, tell):
    choose(alice)
    choose(bob, is_agreed=False)
    tell(alice, bob, charlie)
    assert deliveries() == [("email", "waiting")]


def test_another_choice_drops_what_still_waits(alice, choose, tell, at):
    choose(alice)
    tell(alice)
    choose(alice)
    assert deliveries() == [("email", "waiting")]
    choose(alice, address="another@example.org")
    assert deliveries() == [("email", "dropped")]
    with transaction():
        assert actions.choose(by=alice, channel=None, at=at) is None
    assert queries.channel_of(alice.id) is None


@pytest.mark.parametrize(
    ("channel", "typed", "kept"),
    [
        ("email", " an.li+bank@example.org ", "an.li+bank@example.org"),
        ("feishu", ROBOT, ROBOT),
        ("wecom", f"https://localhost/send?key={ROBOT}", ROBOT),
    ],
)  # fmt: skip
def test_an_address_is_kept_as_its_channel_needs_it(channel, typed, kept):
    assert rules.checked_address(channel, typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "alice", "a@b", "a@b.c\r\nBcc: d@e.f", "a@" + "b." * 200 + "c", "阿丽@例子.中国", "a b@example.org",
     "\0@example.org", "a@b.c,d@e.f"],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(rules.BadAddress):
        rules.checked_address("email", typed)


@pytest.mark.parametrize(("channel", "typed"), [("sms", "13800000001"), ("", "x"), ("json", "json://localhost/")])
def test_there_are_only_these_channels(channel, typed):
    with pytest.raises(rules.BadChannel):
        rules.checked_address(channel, typed)


def test_a_robots_key_leads_nowhere_else():
    for typed in ("localhost:8000@0a1b2c3d0a1b2c3d", "key?to=localhost", "../../../../../../admin", "short"):
        with pytest.raises(rules.BadAddress):
            rules.checked_address("dingtalk", typed)


def test_reading_marks_only_the_own_notices(alice, bob, tell, at):
    tell(alice, bob)
    with transaction():
        everyones = [each.id for each in db.session.scalars(db.select(Notice))]
        assert actions.read(by=alice, notice_ids=everyones, at=at) == 1
    assert [queries.unread_count(each.id) for each in (alice, bob)] == [0, 1]


def test_erasing_a_member_takes_notices_and_channel_along(alice, dave, choose, tell, at):
    choose(alice)
    tell(alice)
    with transaction():
        erase(by=dave, person_id=alice.id, at=at + timedelta(days=1))
    assert [db.session.scalar(db.select(db.func.count()).select_from(each)) for each in (Notice, NoticeChannel, Delivery)] == [
        0
    ] * 3
