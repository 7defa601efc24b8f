"""Who asks to be forgotten is: a dump of the database knows neither name nor phone, and every total and seal is as before."""

import sqlite3
from datetime import date, timedelta

import pytest

from bank import clock
from bank.access.actions import set_pin
from bank.access.queries import sign_in
from bank.access.rules import SignInRefused
from bank.consents.actions import record_paper
from bank.db import db, is_postgres, transaction
from bank.ledger import seal, seal_audit
from bank.ledger.audit import differences
from bank.ledger.models import Account
from bank.ledger.queries import balance, trial_balance
from bank.people import actions as people
from bank.people import queries
from bank.people.models import Change, Person
from bank.people.rules import Facts, PersonClosed, PersonNotFound, RoleMissing
from bank.privacy import actions, rules
from tests import cast
from tests.privacy.conftest import NAME, PHONE

TRACES = (NAME, PHONE, "老名字", "13900000001", "13912121212", "11010519491231002")


def dump():
    """The whole database as text, as its own tool would write it, whatever way characters are written."""
    db.session.rollback()
    if not is_postgres():
        with sqlite3.connect(db.engine.url.database) as connection:
            text = "\n".join(connection.iterdump())
    else:
        driver = db.session.connection().connection.driver_connection
        text = "\n".join(_copied(driver, table.name) for table in db.metadata.sorted_tables)
    return text + _unescaped(text)


def _copied(driver, table):
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
        return b"".join(bytes(each) for each in rows).decode()


def _unescaped(text):
    for trace in TRACES:
        hexed, escaped = trace.encode().hex(), trace.encode("unicode_escape").decode()
        text = text.replace(hexed, trace).replace(hexed.upper(), trace).replace(escaped, trace)
    return text


def erase(by, person, at):
    with transaction():
        return actions.erase(by=by, person_id=person.id, at=at)


@pytest.fixture
def known(member, api, dave, serve, redeem, tmp_path, at):
    """The member with points, a redemption, a closed and a sealed book, and answers that hold his data."""
    serve(member, 240, date(2026, 9, 12))
    redeem(member, 100, date(2026, 9, 20))
    api(dave).get(f"/persons/{member.id}")
    api(dave).post(f"/persons/{member.id}/roles", json={"role": "clerk", "unit_id": member.unit_id})
    with transaction():
        record_paper(by=dave, person_id=member.id, purpose="contact", is_given=True, at=at)
    seal.seal_all(published=tmp_path / "seals.txt", at=at)
    return member


def test_a_dump_knows_neither_name_nor_phone(known, dave, at):
    assert {trace for trace in TRACES if trace in dump()} >= {NAME, PHONE}
    erase(dave, known, at)
    assert [trace for trace in TRACES if trace in dump()] == []


def test_an_answer_that_held_the_data_is_emptied_and_still_counts_as_given(api, dave, community):
    new = {"name": NAME, "phone": PHONE, "unit_id": community.id}
    enrolled = api(dave).post("/persons", json=new, key="window-1").json
    with transaction():
        actions.erase(by=dave, person_id=enrolled["id"], at=clock.now())
    assert PHONE not in dump()
    assert api(dave).post("/persons", json=new, key="window-1").status_code == 409
    assert queries.find_persons(by=dave, text=NAME) == []


def test_totals_and_seals_stay_and_the_books_verify(known, dave, tmp_path, at):
    before = _balances()
    erase(dave, known, at)
    changed = {code for code, held in _balances().items() if held != before[code]}
    assert changed == {(f"member/{known.key}", "points"), ("pool", "points")}
    assert set(trial_balance().values()) == {0}
    assert list(differences()) == []
    assert all(said == [] for _, said in seal_audit.differences())
    assert seal.seal_all(published=tmp_path / "seals.txt", at=at + timedelta(days=1)) == 1


def _balances():
    return {(each.code, each.unit): balance(each.id) for each in db.session.query(Account)}


def test_points_left_go_to_the_pool_by_an_entry(known, dave, at):
    left = balance(known.points_account_id)
    pool = db.session.query(Account).filter_by(code="pool", unit="points").one().id
    assert left > 0
    with transaction():
        actions.close_account(by=dave, person_id=known.id, at=at)
    assert (balance(known.points_account_id), balance(pool)) == (0, left)
    assert balance(known.minutes_account_id) == 240


def test_points_that_come_late_follow_them(known, dave, serve, at):
    erase(dave, known, at)
    serve(known, 60, date(2026, 10, 14))
    assert balance(known.points_account_id) > 0
    with transaction():
        assert actions.keep_house(at=at)["given_to_pool"] == 1
    assert balance(known.points_account_id) == 0
    assert list(differences()) == []


def test_the_journal_keeps_its_lines_under_a_key_that_leads_to_nobody(known, dave, at):
    key = known.key
    assert queries.names_by_key({key}) == {key: NAME}
    erase(dave, known, at)
    assert queries.names_by_key({key}) == {}
    assert db.session.get_one(Account, known.points_account_id).code == f"member/{key}"


def test_what_was_changed_stays_but_no_longer_from_what_to_what(known, dave, at):
    erase(dave, known, at)
    found = db.session.query(Change).filter_by(person_id=known.id).all()
    assert {each.what for each in found} >= {"enrol", "edit", "move", "close", "erase"}
    assert all(each.detail is None for each in found)


def test_an_erased_account_is_closed_in_every_way(known, dave, at):
    card = known.card_number
    erase(dave, known, at)
    for login in (PHONE, card, known.card_number):
        with pytest.raises(SignInRefused):
            sign_in(login=login, pin=cast.PIN)
    assert queries.grants(known.id) == []
    assert queries.household_of(known.id) == {known.id}
    assert [each for each in queries.memberships(known.id) if each.until_at is None] == []


def test_erasing_twice_changes_nothing_more(known, dave, at):
    first = erase(dave, known, at)
    card, changes = first.card_number, db.session.query(Change).count()
    again = erase(dave, known, at + timedelta(days=1))
    assert (again.card_number, again.erased_at) == (card, at)
    assert db.session.query(Change).count() == changes


def test_one_erases_oneself_and_the_units_admin_may(alice, carol, frank, bob, at):
    for by, refusal in ((carol, RoleMissing), (frank, PersonNotFound), (bob, RoleMissing)):
        with pytest.raises(refusal):
            erase(by, alice, at)
    assert erase(alice, alice, at).erased_at == at


def test_an_admin_of_a_unit_cannot_send_one_away_who_acts_above_it(frank, charlie, dave, town, at):
    with transaction():
        people.grant_role(by=dave, person_id=charlie.id, role="auditor", unit_id=town.id, at=at)
    with pytest.raises(RoleMissing):
        erase(frank, charlie, at)


def test_the_last_admin_of_the_bank_stays(dave, at):
    with pytest.raises(rules.LastAdmin):
        erase(dave, dave, at)


def test_the_phone_can_be_used_again(known, dave, community, at):
    erase(dave, known, at)
    with transaction():
        new = people.NewPerson(name=NAME, phone=PHONE, unit_id=community.id)
        assert people.enrol(by=dave, new=new, at=at).id != known.id


def test_who_closed_ten_years_ago_is_forgotten_by_itself(known, dave, at):
    with transaction():
        actions.close_account(by=dave, person_id=known.id, at=at)
    for years, name in ((9, NAME), (11, "*")):
        with transaction():
            actions.keep_house(at=at.replace(year=at.year + years))
        assert db.session.get_one(Person, known.id).name == name


def test_old_answers_go(api, dave, newcomer):
    api(dave).post("/persons", json=newcomer)
    assert "13812345678" in dump()
    with transaction():
        said = actions.keep_house(at=clock.now() + timedelta(days=31))
    assert said["answers_pruned"] == 1


def test_a_closed_account_is_not_served_and_not_opened_by_a_side_door(known, dave, carol, community, at):
    with transaction():
        actions.close_account(by=dave, person_id=known.id, at=at)
    with pytest.raises(PersonNotFound):
        queries.person_by_card(by=carol, card_number=known.card_number)
    for attempt in (
        lambda: set_pin(by=dave, person_id=known.id, pin="975310", at=at),
        lambda: people.grant_role(by=dave, person_id=known.id, role="clerk", unit_id=community.id, at=at),
        lambda: people.edit(by=dave, person_id=known.id, new=Facts(name=NAME, phone=PHONE), at=at),
        lambda: record_paper(by=dave, person_id=known.id, purpose="board", is_given=True, at=at),
    ):
        with pytest.raises(PersonClosed), transaction():
            attempt()
