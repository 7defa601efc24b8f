"""Everything that ends an account or makes the bank forget a person. `by=None` is the operator at the machine.

The books stay as they are: points that are left go to the public welfare pool by an entry of their own, and the lines of
the account stand under its random key, which then leads to nobody.
"""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import delete, select, update

from bank import clock
from bank.access.models import ApiToken, Credential, Invitation, RecoveryCode
from bank.db import db
from bank.evaluations.actions import erase_texts
from bank.ledger import actions as ledger
from bank.ledger.models import Account
from bank.ledger.queries import system_account
from bank.ledger.rules import NewEntry, NewTransfer
from bank.notices.actions import choose
from bank.notices.actions import forget as forget_notices
from bank.orders import life as orders
from bank.people import changes, queries
from bank.people.actions import CHANCE, free_cards
from bank.people.models import Grant, Guardian, HouseholdMember, Membership, Person
from bank.privacy import rules
from bank.privacy.scrub import prune_answers, scrub, settle_answers
from bank.units.queries import top_unit


def close_account(*, by: Person | None, person_id: int, at: datetime) -> Person:
    """End a person's account: no sign-in, no roles, no teams; points left go to the pool. Closing it again changes nothing.

    Raises PersonNotFound, RoleMissing unless it is one's own or `by` is admin of the unit, LastAdmin.
    """
    person = _own_or_administered(by, person_id)
    if person.closed_at is None:
        _refuse_last_admin(person)
        _give_to_pool(by, person, at)
        person.closed_at, person.pin_hash = at, None
        _end_all(by, person, at)
        choose(by=person, channel=None, at=at)  # Nothing is sent to who has left.
        changes.record(by=by, subject=changes.of_person(person), what="close", before={}, after={"closed_at": at}, at=at)
    return person


def erase(*, by: Person | None, person_id: int, at: datetime) -> Person:
    """Close the account and forget who it belonged to; totals, seals and the record of changes stay. Again, it changes nothing.

    Raises what close_account raises.
    """
    person = close_account(by=by, person_id=person_id, at=at)
    if person.erased_at is None:
        words = [person.name, *filter(None, (person.phone, person.contact))]
        erase_texts(person_id=person.id)  # Comments may tell of somebody without the name.
        orders.forget_person(person.id)  # And so may what somebody asked for.
        scrub(person, words)
        settle_answers(person, words)
        changes.forget(person.id)
        forget_notices(person_id=person.id)
        _forget_guardians(person)
        _make_nobody(person, at)
        changes.record(by=by, subject=changes.of_person(person), what="erase", before={}, after={"erased_at": at}, at=at)
    return person


def keep_house(*, at: datetime) -> dict[str, int]:
    """Do what falls due by time: old answers go, late points go to the pool, who closed ten years ago is forgotten.

    Answers how many of each.
    """
    day = clock.local_day(at)
    pruned = prune_answers(before=at - rules.ANSWERS_KEPT)
    wishes = orders.forget_old(before=at - rules.WISHES_KEPT)
    late = select(Person).join(Account, Account.id == Person.points_account_id)
    swept = db.session.scalars(late.where(Person.closed_at.is_not(None), Account.balance > 0).order_by(Person.id)).all()
    for person in swept:
        _give_to_pool(None, person, at)
    # Every month has 28 days; who closed later in one waits for the next.
    until = clock.local_instant(day.replace(year=day.year - rules.RETAINED_YEARS, day=min(day.day, 28)), time())
    due = db.session.scalars(select(Person.id).where(Person.closed_at <= until, Person.erased_at.is_(None)).order_by(Person.id))
    erased = [erase(by=None, person_id=each, at=at) for each in due.all()]
    done = {"answers_pruned": pruned, "wishes_forgotten": wishes, "given_to_pool": len(swept)}
    return done | {"persons_forgotten": len(erased)}


def _own_or_administered(by: Person | None, person_id: int) -> Person:
    person = queries.person(by=by, person_id=person_id)
    if by is None or by.id != person.id:
        queries.require_role(by, "admin", person.unit_id)
        # Whoever could send an administrator away could take his place.
        for grant in queries.grants(person.id):
            queries.require_role(by, "admin", grant.unit_id)
    db.session.refresh(person, with_for_update=True)
    return person


def _refuse_last_admin(person: Person) -> None:
    top = top_unit().id
    admins = select(Grant.person_id).where(Grant.role == "admin", Grant.unit_id == top, Grant.revoked_at.is_(None))
    if set(db.session.scalars(admins)) == {person.id}:
        raise rules.LastAdmin()


def _give_to_pool(by: Person | None, person: Person, at: datetime) -> None:
    account = db.session.get_one(Account, person.points_account_id, populate_existing=True)
    if not account.balance:
        return
    entry = NewEntry(
        key=f"close:{person.key}:{account.last_entry_id}",
        kind="expire",
        effective_on=clock.local_day(at),
        transfers=(NewTransfer("points", account.id, system_account("pool", "points"), account.balance),),
        recorded_by=by.key if by else ledger.BANK,
    )
    ledger.post([entry], at=at)


def _end_all(by: Person | None, person: Person, at: datetime) -> None:
    _forget_secrets(person.id)
    for table, ended in ((Membership, "until_at"), (Guardian, "until_at"), (HouseholdMember, "left_at")):
        is_open = (table.person_id == person.id, getattr(table, ended).is_(None))
        db.session.execute(update(table).where(*is_open).values({ended: at}))
    for grant in queries.grants(person.id):
        grant.revoked_at, grant.revoked_by_id = at, by.id if by else None
    db.session.flush()
    queries.forget_grants()


def _forget_guardians(person: Person) -> None:
    values = {"name": None, "phone": None}
    db.session.execute(update(Guardian).where(Guardian.person_id == person.id).values(values))


def _forget_secrets(person_id: int) -> None:
    # A code that was handed out would otherwise open the account again.
    for table in (ApiToken, Credential, Invitation, RecoveryCode):
        db.session.execute(delete(table).where(table.person_id == person_id))


def _make_nobody(person: Person, at: datetime) -> None:
    [card] = free_cards(1, CHANCE)
    person.name = person.name_sort = rules.NOBODY
    person.card_number, person.erased_at = card, at  # Nobody holds this card.
    gone: Sequence[str] = ("phone", "contact", "sex", "born_on", "area", "skills", "service_kinds", "id_hash", "id_verified_at")
    for name in gone:
        setattr(person, name, None)
    db.session.flush()
