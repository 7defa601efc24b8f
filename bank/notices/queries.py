"""What can be asked about notices; nothing here changes anything."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select

from bank.db import db
from bank.notices.models import Delivery, Notice, NoticeChannel


def unread_count(person_id: int) -> int:
    """How many notices a member has not read yet."""
    return db.session.scalar(select(func.count()).where(Notice.person_id == person_id, Notice.read_at.is_(None))) or 0


def of_person(person_id: int) -> Select[Notice]:
    """A member's notices, for a page of them."""
    return select(Notice).where(Notice.person_id == person_id)


def channel_of(person_id: int) -> NoticeChannel | None:
    """How else a member is told, or None."""
    return db.session.get(NoticeChannel, person_id, populate_existing=True)


def deliveries_of(notice_ids: Sequence[int]) -> dict[int, Delivery]:
    """The latest delivery of each of some notices."""
    found = db.session.scalars(select(Delivery).where(Delivery.notice_id.in_(notice_ids)).order_by(Delivery.id))
    return {each.notice_id: each for each in found}


def counts() -> dict[str, int]:
    """How many deliveries there are in each state."""
    by_state = db.session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return {state: int(count) for state, count in by_state}
