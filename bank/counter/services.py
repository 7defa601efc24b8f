"""Community services that members serve: a redemption opens an order, and the order's end settles the redemption.

A reward that stands for an item of the menu is served by an order; its points are held until the asker has rated it. A
reward without one (a ticket, an hour in the gym) is agreed on at the counter, as an appointment.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from bank.clock import local_day
from bank.counter import booking, rules
from bank.counter.consent import Consent
from bank.counter.models import Redemption, RedemptionOrder, ServiceReward
from bank.db import db
from bank.evaluations.rules import Device
from bank.hours.models import Service, ServiceRecord
from bank.hours.queries import records_of_service, service_of
from bank.orders import actions as orders
from bank.orders import dispatch
from bank.orders import rules as order_rules
from bank.orders.models import MenuItem, Order
from bank.orders.rules import MenuItemNotFound, NewOrder
from bank.people.models import Person
from bank.people.queries import is_minor, require_role, units
from bank.rewards import stock
from bank.rewards.models import Reward
from bank.rewards.rules import RewardNotFound
from bank.rewards.stock import Move

SHOWN_MAX = 200


@dataclass(frozen=True)
class Trail:
    """Everything that the books know of one order: the redemption that paid for it, and the record that it became."""

    order: Order
    redemption: Redemption | None
    record: ServiceRecord | None


def link_menu(*, by: Person, reward_id: int, menu_item_id: int | None) -> None:
    """Let a service of the catalogue stand for an item of the menu, or for none.

    Raises RewardNotFound unless it is a service, RoleMissing unless `by` is admin there, MenuItemNotFound.
    """
    reward = db.session.get(Reward, reward_id)
    if reward is None or reward.kind != "service":
        raise RewardNotFound()
    require_role(by, "admin", reward.unit_id)
    item = db.session.get(MenuItem, menu_item_id) if menu_item_id is not None else None
    if menu_item_id is not None and (item is None or not reward.unit.path.startswith(item.unit.path)):
        raise MenuItemNotFound()
    row = db.session.get(ServiceReward, reward.id)
    if row is not None:
        db.session.delete(row)
        db.session.flush()  # The new row takes the old one's place.
    if item is not None:
        db.session.add(ServiceReward(reward_id=reward.id, menu_item_id=item.id))
    db.session.flush()


def is_ordered(reward: Reward) -> bool:
    """Whether a reward is served by members, and so opens an order."""
    return db.session.get(ServiceReward, reward.id) is not None


def refuse_ordered(redemption: Redemption) -> None:
    """Raise ServedByOrder for what is neither fetched nor cancelled at the counter, but follows its order."""
    if db.session.get(RedemptionOrder, redemption.id) is not None:
        raise rules.ServedByOrder()


def open_order(redemption: Redemption, *, given: Consent | None, by: Person, at: datetime) -> Order:
    """Open the order that a redemption pays for; `given` is the consent a clerk took, None when the member did it alone."""
    link, person = db.session.get_one(ServiceReward, redemption.reward_id), redemption.person
    new = NewOrder(
        kind="service", unit_id=redemption.counter.unit_id, wish=redemption.reward.name, menu_item_id=link.menu_item_id,
        asker=person.name, phone=person.phone, asker_id=person.id, is_paid=True, is_minor=is_minor(person, local_day(at)),
    )  # fmt: skip
    order = orders.ask(by=by, new=new, at=at)
    consent, note = (given.kind, given.note or None) if given else ("phone", None)
    db.session.add(RedemptionOrder(redemption_id=redemption.id, order_id=order.id, consent=consent, consent_note=note))
    db.session.flush()
    return order


def rate(*, link: str, mark: int, device: Device, by: Person | None, is_shown: bool = False, at: datetime) -> Order:
    """What `orders.actions.rate` does; a redemption that paid for it is handed over thereby."""
    return _settled(orders.rate(link=link, mark=mark, device=device, by=by, is_shown=is_shown, at=at), by=None, at=at)


def rate_on_call(*, by: Person, order_id: int, mark: int, called: str, at: datetime) -> Order:
    """What `orders.dispatch.rate_on_call` does; a redemption that paid for it is handed over thereby."""
    return _settled(dispatch.rate_on_call(by=by, order_id=order_id, mark=mark, called=called, at=at), by=by, at=at)


def post(*, by: Person, order_id: int, words: str = "", at: datetime) -> Order:
    """What `orders.dispatch.post` does; a redemption that paid for it is handed over, if rating did not do so before."""
    return _settled(dispatch.post(by=by, order_id=order_id, words=words, at=at), by=by, at=at)


def cancel(*, link: str, words: str = "", at: datetime) -> Order:
    """What `orders.actions.cancel` does; the points that paid for it go back, as old as they were."""
    return _settled(orders.cancel(link=link, words=words, at=at), by=None, at=at)


def refuse(*, by: Person, order_id: int, words: str, at: datetime) -> Order:
    """What `orders.dispatch.refuse` does; the points that paid for it go back, as old as they were."""
    return _settled(dispatch.refuse(by=by, order_id=order_id, words=words, at=at), by=by, at=at)


def not_met(*, by: Person, order_id: int, words: str, at: datetime) -> Order:
    """What `orders.dispatch.not_met` does; the points that paid for it go back, as old as they were."""
    return _settled(dispatch.not_met(by=by, order_id=order_id, words=words, at=at), by=by, at=at)


def services_of(by: Person) -> list[tuple[Reward, MenuItem | None]]:
    """The services of the catalogue in the units where `by` is admin, each with the item of the menu that it stands for."""
    unit_ids = [each.id for each in units(by=by, role="admin")]
    rows = select(Reward, MenuItem).outerjoin(ServiceReward, ServiceReward.reward_id == Reward.id)
    rows = rows.outerjoin(MenuItem, MenuItem.id == ServiceReward.menu_item_id)
    wanted = rows.where(Reward.kind == "service", Reward.unit_id.in_(unit_ids)).order_by(Reward.unit_id, Reward.name)
    return [(reward, item) for reward, item in db.session.execute(wanted.limit(SHOWN_MAX))]


def trail(order: Order) -> Trail:
    """The redemption and the service record of an order, each with its entries."""
    redemption = db.session.scalar(
        select(Redemption).join(RedemptionOrder, RedemptionOrder.redemption_id == Redemption.id)
        .where(RedemptionOrder.order_id == order.id)
    )  # fmt: skip
    service = service_of(order.source) if order.source else None
    records = records_of_service(service.id) if service else []
    return Trail(order, redemption, records[0] if len(records) == 1 else None)


def order_of_entry(entry_id: int) -> Order | None:
    """The order to which an entry of the journal belongs, from either side: the redemption's entries and the deposit."""
    own = or_(
        Redemption.entry_id == entry_id, Redemption.hand_over_entry_id == entry_id, Redemption.undo_entry_id == entry_id
    )  # fmt: skip
    paid = select(Order).join(RedemptionOrder, RedemptionOrder.order_id == Order.id)
    paid = paid.join(Redemption, Redemption.id == RedemptionOrder.redemption_id).where(own)
    served = select(Order).join(Service, Service.source == Order.source)
    served = served.join(ServiceRecord, ServiceRecord.service_id == Service.id).where(ServiceRecord.entry_id == entry_id)
    return db.session.scalar(paid) or db.session.scalar(served)


def _settled(order: Order, *, by: Person | None, at: datetime) -> Order:
    """Bring the redemption to where its order is: handed over once it was served and rated, given back if it was not."""
    link = db.session.scalar(select(RedemptionOrder).where(RedemptionOrder.order_id == order.id))
    if link is None or order.state in order_rules.WAITING:
        return order
    redemption = booking.locked(link.redemption_id)
    if redemption.state != "reserved":
        return order
    move = Move(by=by, at=at, reason=order.outcome[:200] if order.outcome else None, redemption_id=redemption.id)
    if order.state in order_rules.SERVED:
        _hand_over(redemption, link, move=move)
    elif order.state in order_rules.UNSERVED:
        booking.let_go(redemption, "cancelled", move)
    return order


def _hand_over(redemption: Redemption, link: RedemptionOrder, *, move: Move) -> None:
    redemption.hand_over_entry_id = booking.settle_points(redemption, by=move.by, at=move.at)
    redemption.state, redemption.handed_over_at = "handed_over", move.at
    redemption.handed_over_by_id = move.by.id if move.by else None
    redemption.consent, redemption.consent_note = link.consent, link.consent_note
    stock.hand_over_held(redemption.reward, counter_id=redemption.counter_id, day=local_day(move.at), move=move)
    counter_id, entry_id = redemption.counter_id, redemption.hand_over_entry_id
    booking.put_down(redemption, "handed_over", move=move, counter_id=counter_id, entry_id=entry_id)
