"""Everything that tells members something, or changes how they are told. `tell` is for every slice above this one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bank.consents.queries import consenting
from bank.db import db, is_postgres
from bank.notices import rules
from bank.notices.models import Delivery, Notice, NoticeChannel
from bank.notices.texts import KINDS
from bank.people.models import Person

Facts = Mapping[str, str | int]
AT_ONCE = 500


def tell(*, person_ids: Iterable[int], kind: str, facts: Facts, key: str, at: datetime) -> int:
    """Tell members the same matter, each once per key; answers how many had not been told before.

    The facts are plain texts and numbers that the kind's words name (bank/notices/texts.py) and hold nobody's name: days
    end in `_on`, instants in `_at`, months in `month` (ISO, the first day), hundredths of points in `points`, time in `minutes`.
    Who closed the account is told nothing. Who chose a channel and agreed to be contacted is told there as well.
    """
    return tell_each(facts_of=dict.fromkeys(person_ids, facts), kind=kind, key=key, at=at)


def tell_each(*, facts_of: Mapping[int, Facts], kind: str, key: str, at: datetime) -> int:
    """Tell each member the own facts of one matter, once per key; answers how many had not been told before. See `tell`."""
    assert kind in KINDS, f"bank/notices/texts.py has no words for {kind}"
    assert len(key) <= rules.KEY_MAX, "a key is short"
    count = 0
    for ids in _batches(sorted(facts_of)):
        known = select(Notice.person_id).where(Notice.key == key)
        asked = select(Person.id).where(Person.id.in_(ids), Person.closed_at.is_(None), Person.id.not_in(known))
        new = db.session.scalars(asked.order_by(Person.id)).all()
        same = {"kind": kind, "key": key, "told_at": at}
        if new:
            count += _write([{"person_id": each, "facts": dict(facts_of[each]), **same} for each in new])
            _queue(key, new, at)
    return count


def read(*, by: Person, notice_ids: Sequence[int] | None = None, at: datetime) -> int:
    """Mark the own notices as read, all or some; answers how many were unread. Those of others are left alone."""
    unread = update(Notice).where(Notice.person_id == by.id, Notice.read_at.is_(None))
    if notice_ids is not None:
        unread = unread.where(Notice.id.in_(notice_ids))
    return db.session.connection().execute(unread.values(read_at=at)).rowcount


def choose(*, by: Person, channel: str | None, address: str = "", language: str = "zh", at: datetime) -> NoticeChannel | None:
    """Choose how else to be told, or with None nothing but the own pages; what still waits on another way is dropped.

    Raises BadChannel, BadAddress.
    """
    kept = rules.checked_address(channel, address) if channel is not None else None
    chosen = db.session.get(NoticeChannel, by.id, populate_existing=True)
    if chosen is not None and (chosen.channel, chosen.address) != (channel, kept):
        _drop(by.id, at)
    if channel is None or kept is None:
        db.session.execute(delete(NoticeChannel).where(NoticeChannel.person_id == by.id))
        return None
    if chosen is None:
        chosen = NoticeChannel(person_id=by.id)
        db.session.add(chosen)
    chosen.channel, chosen.address, chosen.language, chosen.chosen_at = channel, kept, language, at
    return chosen


def forget(*, person_id: int) -> None:
    """Remove all that was ever told to a person, and where to."""
    mine = select(Notice.id).where(Notice.person_id == person_id)
    db.session.execute(delete(Delivery).where(Delivery.notice_id.in_(mine)))
    for table in (Notice, NoticeChannel):
        db.session.execute(delete(table).where(table.person_id == person_id))


def _write(rows: list[dict[str, object]]) -> int:
    # Two who tell the same at once: the unique key decides, and the second writes nothing.
    new = (postgresql.insert if is_postgres() else sqlite.insert)(Notice).on_conflict_do_nothing()
    return len(db.session.scalars(new.returning(Notice.id), rows).all())


def _queue(key: str, person_ids: Sequence[int], at: datetime) -> None:
    """Put those notices on their way whose members chose one and agreed to be contacted."""
    is_known = select(Delivery.id).where(Delivery.notice_id == Notice.id).exists()
    told = select(Notice.id, NoticeChannel.channel).join(NoticeChannel, NoticeChannel.person_id == Notice.person_id)
    told = told.where(Notice.key == key, Notice.person_id.in_(person_ids), ~is_known)
    rows = db.session.execute(told.where(Notice.person_id.in_(consenting("contact"))).order_by(Notice.id))
    new = [
        {"notice_id": notice_id, "channel": channel, "state": "waiting", "attempts": 0, "due_at": at}
        for notice_id, channel in rows
    ]
    if new:
        db.session.execute(insert(Delivery), new)


def _drop(person_id: int, at: datetime) -> None:
    mine = select(Notice.id).where(Notice.person_id == person_id)
    waiting = update(Delivery).where(Delivery.notice_id.in_(mine), Delivery.state == "waiting")
    db.session.execute(waiting.values(state="dropped", ended_at=at))


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
