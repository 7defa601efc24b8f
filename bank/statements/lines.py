"""Members' lines in the journal, with the names of what was done and what was given for it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, func, select, union_all

from bank.counter.models import Redemption, RedemptionStep
from bank.db import db
from bank.hours.models import Service, ServiceRecord
from bank.ledger import queries as books
from bank.ledger.models import JournalEntry, Opening, Transfer
from bank.people.models import Change, Person
from bank.rewards.models import Reward
from bank.statements.rules import Balances, Line, with_balances

_KINDS_OF_REASON = ("undone", "returned", "not_done", "supplemented", "not_mine")
# What was typed stands beside the journal, which only knows what kind of reason it was.
_TYPED = func.coalesce(
    RedemptionStep.reason,
    case((JournalEntry.reverses_id.is_(None), ServiceRecord.reason)),
    case((JournalEntry.reason.not_in(_KINDS_OF_REASON), JournalEntry.reason)),
)


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
    plain = plain_lines([person], since=start, until=until, reason=_TYPED)[person.id]
    return [each for each in with_balances(plain, opening=opening(person, start)) if each.effective_on >= since]


def plain_lines(
    persons: Sequence[Person], *, since: date, until: date, reason: ColumnElement[Any] | None = None
) -> Mapping[int, list[Line]]:
    """The lines of several members by their ids, without balances; of no more than a thousand, read at once.

    The reason is the sealed journal's own, which stays what it is, unless another is asked for.
    """
    owners = {each.points_account_id: each.id for each in persons} | {each.minutes_account_id: each.id for each in persons}
    found: dict[tuple[int, int], dict[str, Any]] = {}
    told: Any = JournalEntry.reason if reason is None else reason
    query = _query(list(owners), since, until, told)
    for row in db.session.execute(query).mappings():
        fields = dict(row)
        account_id, unit, amount = (fields.pop(name) for name in ("account_id", "moved_unit", "amount"))
        line = found.setdefault((owners[account_id], fields["entry_id"]), fields | {"points": 0, "minutes": 0})
        line[unit] += amount
    by_person: dict[int, list[Line]] = defaultdict(list)
    for (person_id, _), fields in found.items():
        cuts = fields.pop("cut_reasons")
        by_person[person_id].append(Line(**fields, cut_reasons=tuple(cuts.split(",")) if cuts else ()))
    return by_person


def _query(account_ids: Sequence[int], since: date, until: date, reason: ColumnElement[Any]) -> Select[tuple[object, ...]]:
    moved = _moved(account_ids, since, until).subquery()
    original = JournalEntry.__table__.alias("original")
    # A reversal is named after what it takes back.
    named_id = func.coalesce(JournalEntry.reverses_id, JournalEntry.id)
    return (
        select(
            JournalEntry.id.label("entry_id"), JournalEntry.key, JournalEntry.kind, original.c.kind.label("reversed_kind"),
            JournalEntry.effective_on, JournalEntry.recorded_at,
            func.coalesce(Service.name, _reward_name(), Reward.name).label("what"), Service.place, Service.served_on,
            Redemption.quantity, Service.class_percent, ServiceRecord.evidence, ServiceRecord.cut_reasons,
            reason.label("reason"), moved.c.account_id, moved.c.unit.label("moved_unit"), moved.c.amount,
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


def _reward_name() -> ColumnElement[str]:
    """What a reward was called when it was redeemed, if it is called otherwise since."""
    then = Change.before["name"].as_string()
    renamed = (Change.subject_kind == "reward", Change.subject_key == Reward.number, Change.what == "change_reward")
    later = select(then).where(*renamed, Change.changed_at > Redemption.made_at, then.is_not(None))
    return later.order_by(Change.changed_at, Change.id).limit(1).scalar_subquery()


def _moved(account_ids: Sequence[int], since: date, until: date) -> Select[tuple[object, ...]]:
    """Signed amounts per entry and account; each side of the transfers has its own index by account and date."""
    sides = union_all(
        *(
            select(Transfer.entry_id, account_id.label("account_id"), Transfer.unit, amount.label("amount")).where(
                account_id.in_(account_ids), Transfer.effective_on >= since, Transfer.effective_on < until
            )
            for account_id, amount in ((Transfer.credit_id, Transfer.amount), (Transfer.debit_id, -Transfer.amount))
        )
    ).subquery()
    total = cast(func.sum(sides.c.amount), BigInteger).label("amount")
    by = (sides.c.entry_id, sides.c.account_id, sides.c.unit)
    return select(*by, total).group_by(*by)
