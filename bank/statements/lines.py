"""A member's lines in the journal, with the names of what was done and what was given for it."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import BigInteger, Select, case, cast, func, select, union_all

from bank.counter.models import Redemption, RedemptionStep
from bank.db import db
from bank.hours.models import Service, ServiceRecord
from bank.ledger import queries as books
from bank.ledger.models import JournalEntry, Opening, Transfer
from bank.people.models import Person
from bank.rewards.models import Reward
from bank.statements.rules import Balances, Line, with_balances


def opening(person: Person, month: date) -> Balances:
    """Both balances at the start of a month that is closed or the first open one; nothing booked before is zero."""
    accounts = (person.points_account_id, person.minutes_account_id)
    query = select(Opening.account_id, Opening.balance).where(Opening.month == month, Opening.account_id.in_(accounts))
    found = {row.account_id: row.balance for row in db.session.execute(query)}
    return Balances(points=found.get(accounts[0], 0), minutes=found.get(accounts[1], 0))


def lines(person: Person, *, since: date, until: date) -> list[Line]:
    """The lines dated from `since` to before `until`, oldest first, each with both balances after it.

    `since` is the first day of a month. Reads from the first open month at the latest, where the last opening stands.
    """
    start = min(since, books.open_month() or since)
    found = with_balances(_plain_lines(person, start, until), opening=opening(person, start))
    return [each for each in found if each.effective_on >= since]


def _plain_lines(person: Person, since: date, until: date) -> Iterator[Line]:
    for row in db.session.execute(_query(person, since, until)).mappings():
        fields = dict(row)
        cuts = fields.pop("cut_reasons")
        yield Line(**fields, cut_reasons=tuple(cuts.split(",")) if cuts else ())


_KINDS_OF_REASON = ("undone", "returned", "not_done", "supplemented")
# What was typed stands beside the journal, which only knows what kind of reason it was.
_REASON = func.coalesce(
    RedemptionStep.reason,
    case((JournalEntry.reverses_id.is_(None), ServiceRecord.reason)),
    case((JournalEntry.reason.not_in(_KINDS_OF_REASON), JournalEntry.reason)),
).label("reason")


def _query(person: Person, since: date, until: date) -> Select[tuple[object, ...]]:
    moved = _moved(person, since, until).subquery()
    original = JournalEntry.__table__.alias("original")
    # A reversal is named after what it takes back.
    named_id = func.coalesce(JournalEntry.reverses_id, JournalEntry.id)
    return (
        select(
            JournalEntry.key, JournalEntry.kind, original.c.kind.label("reversed_kind"), JournalEntry.effective_on,
            JournalEntry.recorded_at, func.coalesce(Service.name, Reward.name).label("what"), Service.place, Service.served_on,
            Redemption.quantity, Service.class_percent, ServiceRecord.evidence, ServiceRecord.cut_reasons,
            _REASON,
            moved.c.points, moved.c.minutes,
        )
        .join(moved, moved.c.entry_id == JournalEntry.id)
        .outerjoin(original, original.c.id == JournalEntry.reverses_id)
        .outerjoin(ServiceRecord, ServiceRecord.entry_id == named_id)
        .outerjoin(Service, Service.id == ServiceRecord.service_id)
        .outerjoin(RedemptionStep, RedemptionStep.entry_id == JournalEntry.id)
        .outerjoin(Redemption, Redemption.id == RedemptionStep.redemption_id)
        .outerjoin(Reward, Reward.id == Redemption.reward_id)
        .order_by(JournalEntry.effective_on, JournalEntry.recorded_at, JournalEntry.id)
    )  # fmt: skip


def _moved(person: Person, since: date, until: date) -> Select[tuple[object, ...]]:
    """Signed points and minutes per entry; each side of the transfers has its own index by account and date."""
    accounts = (person.points_account_id, person.minutes_account_id)
    sides = union_all(
        *(
            select(Transfer.entry_id, Transfer.unit, amount.label("amount")).where(
                account_id.in_(accounts), Transfer.effective_on >= since, Transfer.effective_on < until
            )
            for account_id, amount in ((Transfer.credit_id, Transfer.amount), (Transfer.debit_id, -Transfer.amount))
        )
    ).subquery()
    amounts = {unit: case((sides.c.unit == unit, sides.c.amount), else_=0) for unit in ("points", "minutes")}
    sums = (cast(func.sum(amount), BigInteger).label(unit) for unit, amount in amounts.items())
    return select(sides.c.entry_id, *sums).group_by(sides.c.entry_id)
