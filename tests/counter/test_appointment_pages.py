"""Community services on pages: agreed for a day, done, or not done and paid back."""

from datetime import timedelta

import pytest

from bank import clock
from bank.counter.models import Appointment
from bank.db import db
from bank.ledger.queries import balance
from bank.web.filters import for_input
from tests.cases import cases


@pytest.fixture
def service(browser, carol, alice, haircut, give, redeem):
    """Alice has given two of her ten points for a haircut, and carol looks at it."""
    give(alice, 1000)
    redeem(carol, alice, haircut, at=clock.now())
    return browser(carol).open(f"/counter/appointments/{db.session.scalars(db.select(Appointment.id)).one()}")


def soon():
    return for_input(clock.now() + timedelta(days=3))


def test_a_service_waits_on_the_list_until_it_is_agreed_and_done(service):
    path = service.path
    assert "理发" in service.open("/counter/appointments/").page and "待约" in service.page
    assert "已约" in service.open(path).send("/agree", agreed_for=soon(), performer="王师傅").page
    service.send("/done", note="")
    assert "没有待办的服务" in service.page
    assert "已做完" in service.open("/counter/appointments/", settled=1).page


def test_the_member_reads_when_and_by_whom(service, browser, alice):
    service.send("/agree", agreed_for=soon(), performer="王师傅")
    assert "王师傅" in browser(alice).open("/rewards/mine/1").page


def test_a_service_that_was_not_done_gives_the_points_back(service, alice):
    assert balance(alice.points_account_id) == 800
    assert "未做成" in service.send("/not-done", reason="服务人员来不了").page
    assert balance(alice.points_account_id) == 1000


@cases(
    ("agreed_for", "performer"),
    [("", "王师傅"), ("2020-01-01T10:00", "王师傅"), ("morgen", "王师傅"), ("2999-01-01T10:00", "王"), (None, " ")],
)
def test_a_day_or_a_performer_that_cannot_be_is_refused_with_what_was_typed(service, agreed_for, performer):
    service.send("/agree", agreed_for=agreed_for if agreed_for is not None else soon(), performer=performer, note="先敲门")
    assert service.status == 400 and "result-refused" in service.page and "先敲门" in service.page


def test_what_is_settled_is_not_settled_again(service):
    form = service.answer
    service.send("/not-done", reason="服务人员来不了")
    service.answer = form
    assert service.send("/done").status == 409


@pytest.mark.parametrize("who", ["alice", "charlie"])
def test_services_are_not_for_everybody(request, service, browser, who):
    assert browser(request.getfixturevalue(who)).open(service.path).status == 403
