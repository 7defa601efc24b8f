"""Opening + lines = closing, next opening = last closing, in words a member understands."""

import hmac
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bank.clock import local_instant
from bank.db import db, transaction
from bank.hours.models import ServiceRecord
from bank.ledger import actions as ledger
from bank.ledger import guards
from bank.ledger.models import Opening
from bank.ledger.rules import MonthNotOver
from bank.statements import actions, members
from bank.statements.codes import code
from bank.statements.models import Statement
from bank.statements.rules import Balances, NothingBooked, StatementNotFound, StatementsDiffer

AUGUST, SEPTEMBER, OCTOBER = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)


def take_back(service_id, day):
    """Reverse what a service deposited, on a day."""
    entry_id = db.session.scalars(db.select(ServiceRecord.entry_id).where(ServiceRecord.service_id == service_id)).one()
    with transaction():
        ledger.reverse(
            entry_id=entry_id, key=f"back:{service_id}", reason="重复记录", recorded_by="bob", approved_by="dave",
            effective_on=day, at=local_instant(day, time(12)),
        )  # fmt: skip


def throw_away_statements():
    """What only an operator with the guards off can do."""
    with transaction():
        guards.drop(db.session.connection())
        db.session.execute(db.delete(Statement))
        guards.renew(db.session.connection())


def test_opening_and_lines_make_the_closing(alice, serve, redeem, issue):
    serve(alice, 120, date(2026, 9, 3))
    serve(alice, 95, date(2026, 9, 5))
    redeem(alice, 150, date(2026, 9, 20))
    issue(SEPTEMBER)
    found = members.statement(person_id=alice.id, month=SEPTEMBER)
    assert (found.opening, found.closing) == (Balances(0, 0), Balances(points=208, minutes=215))
    assert (found.deposited, found.withdrawn, found.expired) == (Balances(358, 215), Balances(150), Balances())
    assert [(line.kind, line.what, line.points, line.points_after) for line in found.lines] == [
        ("deposit", "清扫楼道", 200, 200), ("deposit", "清扫楼道", 158, 358), ("redeem", "毛巾", -150, 208)]  # fmt: skip


def test_each_month_opens_where_the_last_one_closed(alice, serve, redeem, issue):
    for month in (AUGUST, SEPTEMBER, OCTOBER):
        serve(alice, 90, month + timedelta(days=3))
        redeem(alice, 100, month + timedelta(days=9))
    issue(OCTOBER)
    for month in (AUGUST, SEPTEMBER):
        issue(month)
    august, september, october = (members.statement(person_id=alice.id, month=each) for each in (AUGUST, SEPTEMBER, OCTOBER))
    assert (september.opening, october.opening) == (august.closing, september.closing)
    assert [each.closing.points for each in (august, september, october)] == [50, 100, 150]


def test_the_leap_day_belongs_to_february_and_the_year_ends_without_a_gap(alice, serve, issue):
    for day in (date(2027, 12, 31), date(2028, 1, 1), date(2028, 2, 29), date(2028, 3, 1)):
        serve(alice, 60, day)
    issue(date(2028, 2, 1))
    months = [date(2027, 12, 1), date(2028, 1, 1), date(2028, 2, 1)]
    for month in months:
        issue(month)
    views = [members.statement(person_id=alice.id, month=each) for each in months]
    assert [(each.opening.points, each.closing.points, each.last_day.day) for each in views] == [
        (0, 100, 31), (100, 200, 31), (200, 300, 29)]  # fmt: skip


def test_a_reversal_names_what_it_takes_back(alice, serve, issue):
    first = serve(alice, 60, date(2026, 9, 3), name="送餐上门")
    serve(alice, 60, date(2026, 9, 4))
    issue(SEPTEMBER)
    take_back(first, date(2026, 10, 8))
    issue(OCTOBER)
    [line] = members.statement(person_id=alice.id, month=OCTOBER).lines
    assert (line.kind, line.reversed_kind, line.what, line.reason) == ("reversal", "deposit", "送餐上门", "重复记录")
    assert (line.points, line.minutes, line.points_after) == (-100, -60, 100)
    assert members.statement(person_id=alice.id, month=OCTOBER).reversed == Balances(-100, -60)


def test_a_late_record_falls_into_the_open_month_and_keeps_its_day(alice, serve, issue):
    serve(alice, 60, date(2026, 9, 3))
    issue(SEPTEMBER)
    serve(alice, 60, date(2026, 9, 28), at=local_instant(date(2026, 10, 6), time(9)))
    issue(OCTOBER)
    [line] = members.statement(person_id=alice.id, month=OCTOBER).lines
    assert (line.effective_on, line.served_on) == (date(2026, 10, 6), date(2026, 9, 28))


def test_what_was_cut_is_told_with_its_reason(alice, serve, issue):
    serve(alice, 600, date(2026, 9, 3))
    issue(SEPTEMBER)
    [line] = members.statement(person_id=alice.id, month=SEPTEMBER).lines
    assert (line.minutes, line.cut_reasons) == (480, ("day_cap",))


def test_everybody_gets_one_also_without_a_line(alice, bob, charlie, serve, issue):
    serve(alice, 60, date(2026, 9, 3))
    assert issue(SEPTEMBER) == 6
    assert members.statement(person_id=charlie.id, month=SEPTEMBER).lines == []


def test_who_came_later_has_none(alice, enrol, serve, issue):
    serve(alice, 60, date(2026, 9, 3))
    newcomer = enrol("13900000001", enrolled_at=local_instant(OCTOBER, time()))
    issue(SEPTEMBER)
    with pytest.raises(StatementNotFound):
        members.statement(person_id=newcomer.id, month=SEPTEMBER)


def test_a_second_run_adds_nothing_and_changes_nothing(alice, serve, issue):
    serve(alice, 60, date(2026, 9, 3))
    issue(SEPTEMBER)
    before = members.statement(person_id=alice.id, month=SEPTEMBER)
    assert issue(SEPTEMBER) == 0
    assert members.statement(person_id=alice.id, month=SEPTEMBER) == before


def test_made_again_it_is_the_same_to_the_letter(alice, serve, redeem, issue):
    serve(alice, 95, date(2026, 9, 3))
    redeem(alice, 100, date(2026, 9, 9))
    issue(SEPTEMBER)
    before = members.statement(person_id=alice.id, month=SEPTEMBER)
    serve(alice, 60, date(2026, 10, 3))
    throw_away_statements()
    issue(SEPTEMBER)
    assert members.statement(person_id=alice.id, month=SEPTEMBER) == before


def test_no_two_codes_are_alike(alice, serve, issue):
    for month in (AUGUST, SEPTEMBER):
        serve(alice, 60, month)
        issue(month)
    codes = db.session.scalars(db.select(Statement.code)).all()
    assert len(set(codes)) == len(codes) and all(len(each) == 16 for each in codes)


def test_the_database_makes_the_same_code_as_the_rule(app, alice, serve, issue):
    serve(alice, 60, date(2026, 9, 3))
    issue(SEPTEMBER)
    secret = hmac.digest(app.config["SECRET_KEY"].encode(), b"statement code", "sha256")
    made = members.statement(person_id=alice.id, month=SEPTEMBER).code
    assert made == code(person_key=alice.key, month=SEPTEMBER, secret=secret)


def test_a_month_that_is_not_over_is_refused(alice, serve):
    serve(alice, 60, date(2026, 9, 3))
    with pytest.raises(MonthNotOver), transaction():
        actions.issue(month=SEPTEMBER, at=local_instant(date(2026, 9, 30), time(23, 59)))


def test_the_month_is_over_by_the_banks_own_clock(alice, serve):
    serve(alice, 60, date(2026, 9, 3))
    with transaction():
        assert actions.issue(month=SEPTEMBER, at=datetime.fromisoformat("2026-09-30T16:00:00+00:00")) == 6


def test_without_any_entry_there_is_nothing_to_state(app, at):
    with pytest.raises(NothingBooked), transaction():
        actions.issue(month=SEPTEMBER, at=at)


@pytest.mark.parametrize("who", ["dave", "erin", "alice"])
def test_staff_of_the_unit_and_the_member_see_a_statement(who, alice, request, serve, issue):
    serve(alice, 60, date(2026, 9, 3))
    issue(SEPTEMBER)
    assert members.statement_seen(by=request.getfixturevalue(who), person_id=alice.id, month=SEPTEMBER).holder == "安*"


@pytest.mark.parametrize("who", ["bob", "carol", "charlie"])
def test_others_see_none(who, alice, request, serve, issue):
    serve(alice, 60, date(2026, 9, 3))
    issue(SEPTEMBER)
    with pytest.raises(StatementNotFound):
        members.statement_seen(by=request.getfixturevalue(who), person_id=alice.id, month=SEPTEMBER)


def test_books_that_do_not_lead_to_the_next_month_are_not_stated(alice, serve, issue):
    serve(alice, 60, date(2026, 9, 3))
    with transaction():
        ledger.close_through(month=SEPTEMBER, at=local_instant(OCTOBER, time(2)))
        with guards.lowered(db.session.connection(), "opening"):
            db.session.execute(db.update(Opening).values(balance=Opening.balance + 7, corrected=Opening.corrected + 7))
    with pytest.raises(StatementsDiffer):
        issue(SEPTEMBER)
    assert db.session.scalar(db.select(db.func.count()).select_from(Statement)) == 0


def test_statements_are_made_again_after_a_reading_that_was_broken_off(alice, serve, issue):
    """A job that failed may still hold what it was reading; SQLite then refuses to be taught its functions anew."""
    serve(alice, 60, date(2026, 9, 3))
    issue(SEPTEMBER)
    with transaction():
        reading = db.session.connection().exec_driver_sql("SELECT id FROM person")
        assert reading.fetchone()
        assert actions.issue(month=SEPTEMBER, at=local_instant(date(2026, 10, 6), time(6))) == 0


@pytest.mark.parametrize("unknown", ["person_id", "unit_id"])
def test_the_database_takes_no_statement_of_nobody(app, alice, serve, issue, unknown):
    serve(alice, 60, date(2026, 9, 3))
    issue(SEPTEMBER)
    columns = [each.name for each in Statement.__table__.columns]
    told = {"month": "'2026-08-01'", unknown: "99999"}
    values = ", ".join(told.get(each, each) for each in columns)
    attack = f"INSERT INTO statement ({', '.join(columns)}) SELECT {values} FROM statement WHERE person_id = {alice.id}"
    with pytest.raises(IntegrityError, match=r"(?i)foreign key|bad_statement"), transaction():
        db.session.connection().exec_driver_sql(attack)
