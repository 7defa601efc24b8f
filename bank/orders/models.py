"""The menu, orders with each step of their lives, and what is known of the asker only while it lasts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bank.db import APPEND_ONLY, Base, Id, Instant
from bank.micro_hours.models import MicroHour
from bank.orders.rules import COLOURS, KINDS, LEVELS, LIST_KINDS, LIST_STATES, STATES, STEPS, WAYS
from bank.people.models import Person
from bank.units.models import Unit


class MenuItem(Base):
    """A service that residents of a unit and below can ask for: how it is given, and how long it usually takes."""

    __tablename__ = "menu_item"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(60))
    category: Mapped[str] = mapped_column(String(20))
    way: Mapped[str] = mapped_column(String(12))
    usual_minutes: Mapped[int] = mapped_column(SmallInteger)
    about: Mapped[str] = mapped_column(String(200), default="")
    is_offered: Mapped[bool] = mapped_column(default=True)

    unit: Mapped[Unit] = relationship()

    __table_args__ = (
        UniqueConstraint("unit_id", "name"),
        CheckConstraint(f"way IN {WAYS}", name="way"),
        CheckConstraint("usual_minutes BETWEEN 15 AND 480", name="usual_minutes"),
    )


class Order(Base):
    """What somebody asked for. `title`, `place` and `category` may be shown to everybody; `wish` is as it was typed.

    `key` makes the asker's codes. `node_id` is the unit whose dispatchers answer for it now, `due_at` by when. It goes to
    a unit or team (`target_id`), to a person (`target_person_id`) or onto the tree (`is_on_tree`); `helper_id` or, for
    projects of organisations, `claimed_unit_id` took it. `source` names the service that it became.
    """

    __tablename__ = "service_order"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(20), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    level: Mapped[str | None] = mapped_column(String(8))
    way: Mapped[str | None] = mapped_column(String(12))
    menu_item_id: Mapped[int | None] = mapped_column(ForeignKey("menu_item.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    title: Mapped[str] = mapped_column(String(60))
    wish: Mapped[str] = mapped_column(String(500))
    place: Mapped[str | None] = mapped_column(String(60))
    category: Mapped[str] = mapped_column(String(20))
    usual_minutes: Mapped[int] = mapped_column(SmallInteger)
    wanted_for: Mapped[datetime | None] = mapped_column(Instant)
    is_minor: Mapped[bool]
    is_paid: Mapped[bool]
    is_on_tree: Mapped[bool] = mapped_column(default=False)
    is_on_wall: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(12))
    colour: Mapped[str | None] = mapped_column(String(8))
    asked_at: Mapped[datetime] = mapped_column(Instant, index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    escalate_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    target_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    target_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    claimed_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    micro_hour_id: Mapped[int | None] = mapped_column(ForeignKey("micro_hour.id"), unique=True)
    source: Mapped[str | None] = mapped_column(String(60))
    mark: Mapped[int | None] = mapped_column(SmallInteger)
    rated_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str | None] = mapped_column(String(300))
    repeat_of_id: Mapped[int | None] = mapped_column(ForeignKey("service_order.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    node: Mapped[Unit] = relationship(foreign_keys=[node_id])
    target: Mapped[Unit | None] = relationship(foreign_keys=[target_id])
    target_person: Mapped[Person | None] = relationship(foreign_keys=[target_person_id])
    helper: Mapped[Person | None] = relationship(foreign_keys=[helper_id])
    claimed_unit: Mapped[Unit | None] = relationship(foreign_keys=[claimed_unit_id])
    rated_by: Mapped[Person | None] = relationship(foreign_keys=[rated_by_id])
    menu_item: Mapped[MenuItem | None] = relationship()
    micro_hour: Mapped[MicroHour | None] = relationship()
    repeat_of: Mapped["Order | None"] = relationship(remote_side=[id])
    contact: Mapped["OrderContact | None"] = relationship(back_populates="order")
    picture: Mapped["OrderPicture | None"] = relationship(back_populates="order")
    steps: Mapped[list["OrderStep"]] = relationship(order_by="OrderStep.id", viewonly=True)

    @property
    def shown_place(self) -> str | None:
        """Where it is, as everybody may know it: a street or community, and nothing of a minor."""
        return None if self.is_minor else self.place

    @property
    def shown_title(self) -> str:
        """What to call it before somebody has looked at it."""
        return self.title or self.wish.splitlines()[0][:20]

    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"level IN {LEVELS}", name="level"),
        CheckConstraint("(kind = 'project') = (level IS NOT NULL)", name="project_level"),
        CheckConstraint(f"way IN {WAYS}", name="way"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"colour IN {COLOURS}", name="colour"),
        CheckConstraint("usual_minutes BETWEEN 15 AND 480", name="usual_minutes"),
        CheckConstraint("mark BETWEEN 1 AND 5", name="mark"),
        CheckConstraint("kind <> 'matter' OR (helper_id IS NULL AND NOT is_paid)", name="matter_unpaid"),
        CheckConstraint(
            "state NOT IN ('accepted', 'under_way', 'done', 'rated', 'posted')"
            " OR ((helper_id IS NOT NULL) <> (claimed_unit_id IS NOT NULL))",
            name="taken_by_one",
        ),
        CheckConstraint("state NOT IN ('asked', 'looked_at', 'dispatched', 'hung') OR helper_id IS NULL", name="untaken"),
        CheckConstraint("helper_id <> asker_id AND helper_id <> asked_by_id", name="not_oneself"),
        CheckConstraint(
            "(state IN ('posted', 'answered', 'refused', 'cancelled', 'not_met', 'repeated')) = (ended_at IS NOT NULL)",
            name="ended",
        ),
        CheckConstraint("(state = 'repeated') = (repeat_of_id IS NOT NULL)", name="repeated"),
        CheckConstraint("repeat_of_id <> id", name="repeats_another"),
        CheckConstraint("state IN ('asked', 'cancelled', 'refused', 'repeated') OR colour IS NOT NULL", name="coloured"),
        CheckConstraint("state <> 'rated' OR mark IS NOT NULL", name="rated"),
        Index(None, "node_id", "state"),
        Index(None, "state", "due_at"),
    )


class OrderContact(Base):
    """How the asker is reached; the row goes when the order is over."""

    __tablename__ = "order_contact"

    order_id: Mapped[int] = mapped_column(ForeignKey("service_order.id"), primary_key=True, autoincrement=False)
    asker: Mapped[str | None] = mapped_column(String(50))
    phone: Mapped[str | None] = mapped_column(String(30), index=True)
    address: Mapped[str | None] = mapped_column(String(100))

    order: Mapped[Order] = relationship(back_populates="contact")


class OrderPicture(Base):
    """What the asker took a picture of, made small; the row goes when the order is over."""

    __tablename__ = "order_picture"

    order_id: Mapped[int] = mapped_column(ForeignKey("service_order.id"), primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[datetime] = mapped_column(Instant)

    order: Mapped[Order] = relationship(back_populates="picture")


class OrderStep(Base):
    """What happened to an order, by whom (nobody: the asker or the bank itself), to whom it went, and why; append-only."""

    __tablename__ = "order_step"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("service_order.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str | None] = mapped_column(String(300))

    by: Mapped[Person | None] = relationship(foreign_keys=[by_id])
    unit: Mapped[Unit | None] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])

    __table_args__ = (
        CheckConstraint(f"kind IN {STEPS}", name="kind"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        APPEND_ONLY,
    )


class OrderClock(Base):
    """How long each colour may wait, and the hours of work, from a first day on; never changed, only followed by another."""

    __tablename__ = "order_clock"

    version: Mapped[int] = mapped_column(primary_key=True)
    red_minutes: Mapped[int]
    yellow_minutes: Mapped[int]
    green_minutes: Mapped[int]
    is_green_at_work: Mapped[bool]
    opens_minute: Mapped[int] = mapped_column(SmallInteger)
    closes_minute: Mapped[int] = mapped_column(SmallInteger)
    soon_minutes: Mapped[int]
    done_days: Mapped[int] = mapped_column(SmallInteger)
    set_at: Mapped[datetime] = mapped_column(Instant)
    set_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("red_minutes > 0 AND yellow_minutes > 0 AND green_minutes > 0 AND done_days > 0", name="waits"),
        CheckConstraint("opens_minute >= 0 AND opens_minute < closes_minute AND closes_minute <= 1440", name="hours"),
        APPEND_ONLY,
    )


class ListEntry(Base):
    """A line of a unit's list for a quarter: a need, a problem, or a service it offers; who claimed it, and what came of it."""

    __tablename__ = "list_entry"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    quarter: Mapped[date]
    kind: Mapped[str] = mapped_column(String(8))
    category: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(60))
    about: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(8))
    is_published: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    claimed_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str | None] = mapped_column(String(300))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    claimed_unit: Mapped[Unit | None] = relationship(foreign_keys=[claimed_unit_id])

    __table_args__ = (
        UniqueConstraint("unit_id", "quarter", "kind", "title"),
        CheckConstraint(f"kind IN {LIST_KINDS}", name="kind"),
        CheckConstraint(f"state IN {LIST_STATES}", name="state"),
        CheckConstraint("state = 'open' OR claimed_unit_id IS NOT NULL", name="claimed"),
        CheckConstraint("(claimed_unit_id IS NULL) = (claimed_at IS NULL)", name="claim"),
        CheckConstraint("(state IN ('met', 'unmet')) = (ended_at IS NOT NULL AND outcome IS NOT NULL)", name="ended"),
        Index(None, "quarter", "unit_id"),
    )


class OrderFigures(Base):
    """What a day or week came to in a unit and below, counted once when it was over; append-only."""

    __tablename__ = "order_figures"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    period: Mapped[str] = mapped_column(String(4), primary_key=True)
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    counted_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (CheckConstraint("period IN ('day', 'week')", name="period"), APPEND_ONLY)
