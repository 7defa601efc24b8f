"""Whoever starts the demo can check in, and confirm hours, at once."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from bank import clock
from bank.activities.models import Activity
from bank.attendance.confirm import confirm
from bank.db import db, transaction
from bank.demo import cast
from bank.demo.command import demo
from bank.people.models import Person
from tests.attendance.scanning import check_in, check_out, code


def _open(at: datetime) -> list[Activity]:
    wanted = select(Activity).where(Activity.starts_at <= at, Activity.ends_at >= at, Activity.state == "published")
    return list(db.session.scalars(wanted))


def test_volunteer_can_check_in_now_and_hours_later(players: dict[str, Person], at: datetime) -> None:
    [activity] = _open(at + timedelta(hours=6))
    for moment, scan in ((at, check_in), (at + timedelta(hours=6), check_out)):
        scan(players["volunteer"], activity, code(activity, moment), moment)
    assert activity.unit_id == players["volunteer"].unit.parent_id


def test_activities_are_still_to_come(players: dict[str, Person], at: datetime) -> None:
    upcoming = db.session.scalars(select(Activity).where(Activity.starts_at > at)).all()
    assert len(upcoming) >= 5


def test_organizer_confirms_what_is_over(players: dict[str, Person], at: datetime) -> None:
    over = select(Activity.id).where(Activity.ends_at < at, Activity.unit_id == players["organizer"].unit_id)
    counts = []
    for activity_id in db.session.scalars(over).all():
        with transaction():
            done = confirm(by=players["organizer"], activity_id=activity_id, at=at)
        counts.append((done.record_count, done.pending_count))
    assert len(counts) == 2
    assert all(record_count >= 4 for record_count, _ in counts)
    assert sum(pending_count for _, pending_count in counts) == 1, "one forgot to check out"


def test_second_start_opens_one_activity_and_only_one(app: Flask, players: dict[str, Person]) -> None:
    runner = app.test_cli_runner()
    assert [runner.invoke(demo, ["--if-empty"]).exit_code for _ in range(2)] == [0, 0]
    db.session.rollback()
    assert len([each for each in _open(clock.now()) if each.unit_id == players["organizer"].unit_id]) == 1


def test_who_says_how_to_sign_in(app: Flask) -> None:
    shown = app.test_cli_runner().invoke(demo, ["--who"]).output
    assert all(each.phone in shown and each.role_en in shown for each in cast.PLAYERS)
    assert cast.PIN in shown
