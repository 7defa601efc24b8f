"""The demo town keeps the books, and has something to show to everybody who signs in."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from bank.access.queries import sign_in
from bank.boards.queries import board
from bank.boards.rules import Asked
from bank.counter.choices import choices
from bank.counter.models import Redemption
from bank.db import db, transaction
from bank.demo import cast
from bank.honours.queries import honour_of
from bank.hours.models import Service, ServiceRecord
from bank.ledger import audit
from bank.ledger import queries as books
from bank.people import queries as people
from bank.people.models import Person
from bank.rewards.models import Batch, Reward
from bank.rewards.queries import wrong_batches
from bank.statements import actions as statements
from bank.statements import members
from bank.statements.models import Statement
from bank.statements.rules import parse_period
from bank.units.models import Unit
from tests import server

MAY = date(2026, 5, 1)


def test_books_sum_to_zero(app: Flask) -> None:
    assert books.trial_balance() == {"points": 0, "minutes": 0}
    assert list(audit.differences()) == []


def test_same_seed_gives_the_same_journal_on_both_databases(new_database: Callable[[str], str], tmp_path: Path) -> None:
    one, other = (_journal(new_database(kind), tmp_path) for kind in ("sqlite", "postgresql"))
    assert one == other
    assert len(one) > 2000


def test_units_stand_in_a_tree(app: Flask) -> None:
    counted = dict(db.session.execute(select(Unit.kind, func.count()).group_by(Unit.kind)).all())
    assert {"bank": 1, "street": 1, "community": 2, "grid": 6}.items() <= counted.items()
    assert counted["home_unit"] > 5
    assert counted["team"] > 2


def test_nobody_has_a_number_that_a_company_gave(app: Flask) -> None:
    assert all(phone.startswith(cast.PHONE_PREFIX) for phone in db.session.scalars(select(Person.phone)))


def test_members_are_of_all_ages_and_some_in_service(app: Flask) -> None:
    born = [each.year for each in db.session.scalars(select(Person.born_on)) if each]
    assert min(born) < 1955
    assert max(born) > 2008
    assert db.session.scalar(select(func.count()).where(Person.is_in_service, Person.home_unit_id.is_not(None)))


def test_only_the_cast_can_sign_in(app: Flask, players: dict[str, Person]) -> None:
    with_pin = set(db.session.scalars(select(Person.id).where(Person.pin_hash.is_not(None))))
    assert with_pin == {each.id for each in players.values()}
    assert all(sign_in(login=each.phone, pin=cast.PIN).name == each.name for each in cast.PLAYERS)


def test_cast_holds_the_roles_it_is_named_for(players: dict[str, Person]) -> None:
    assert {each.who: people.roles(players[each.who]) for each in cast.PLAYERS} == {
        each.who: {each.role} if each.role else set() for each in cast.PLAYERS
    }


def test_months_are_stated_up_to_the_one_before_the_last(app: Flask) -> None:
    months = db.session.scalars(select(Statement.month).distinct().order_by(Statement.month)).all()
    assert (months[0], months[-1], len(months)) == (date(2025, 5, 1), date(2026, 4, 1), 12)
    assert books.last_closed_month() == date(2026, 4, 1)


def test_last_month_is_left_to_the_jobs(at: datetime, app: Flask) -> None:
    with transaction():
        assert statements.issue(month=MAY, at=at) > 60


def test_volunteer_has_a_star_a_statement_and_enough_for_a_reward(players: dict[str, Person], at: datetime) -> None:
    volunteer = players["volunteer"]
    assert honour_of(volunteer, at=at).stars >= 1
    assert any(each.refusal is None for each in choices(volunteer, at=at))
    assert len(members.statement(person_id=volunteer.id, month=date(2026, 4, 1)).lines) >= 3


def test_board_of_last_month_ranks_the_volunteer_among_others(players: dict[str, Person], at: datetime) -> None:
    root = players["admin"].unit_id
    period, by = parse_period("2026-05"), players["volunteer"]
    shown = board(asked=Asked(unit_id=root, period=period), by=by, at=at)
    assert len(shown.rows) > 10
    assert shown.own is not None and shown.own.is_shown
    assert board(asked=Asked(unit_id=root, period=period, subject="communities", measure="minutes"), by=by, at=at).rows


def test_most_records_come_from_scans_and_some_were_cut(app: Flask) -> None:
    columns = (ServiceRecord.evidence, ServiceRecord.cut_reasons)
    rows = db.session.execute(select(*columns, func.count()).group_by(*columns))
    counted = {(evidence, reasons): count for evidence, reasons, count in rows}
    assert counted["scanned", None] > 0.9 * sum(counted.values())
    assert ("scanned", "presence") in counted
    assert any(evidence == "supplemented" for evidence, _ in counted)


def test_services_carry_every_field_of_a_record(app: Flask) -> None:
    assert not db.session.scalars(select(Service.id).where((Service.place == "") | (Service.content == ""))).all()
    assert db.session.scalar(select(func.count(Service.category.distinct()))) > 8


def test_rewards_of_all_kinds_were_taken_and_stock_adds_up(app: Flask) -> None:
    taken = db.session.scalars(select(Reward.kind).join(Redemption, Redemption.reward_id == Reward.id).distinct())
    assert set(taken) == {"service", "honour", "goods"}
    assert db.session.scalar(select(func.count(Batch.id))) > 5
    assert wrong_batches() == []


def _journal(url: str, folder: Path) -> list[str]:
    """All lines but for the number of the entry, which each database gives in its own order."""
    lines = server.bank("export", "journal", "--format", "csv", database_url=url, folder=folder).splitlines()
    return sorted(line.partition(",")[2] for line in lines)
