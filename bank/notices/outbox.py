"""Sends what waits in the outbox: each delivery is written down as being sent before anybody is spoken to.

The rule is at most once. What certainly did not leave is tried again after 1, 5 and 30 minutes, 2 and 12 hours, and then
given up; what may have arrived, also because the process died meanwhile, is `unknown` and never sent again: the notice
itself stands in the member's pages all the time.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy import select, update

from bank import clock
from bank.consents.queries import has_consent
from bank.db import db, transaction
from bank.notices import channels, rules
from bank.notices.channels import Message
from bank.notices.models import Delivery, Notice, NoticeChannel
from bank.notices.texts import words
from bank.people.models import Person

AT_ONCE = 500
FAILURES_IN_A_ROW = 3


@dataclass(frozen=True)
class Parcel:
    """A delivery that this process has taken: where to, and what."""

    delivery_id: int
    attempts: int
    channel: str
    address: str
    message: Message


def send_due(should_stop: Callable[[], bool] = lambda: False) -> Counter[str]:
    """Send what is due, oldest first, and answer how many ended in which state; transactions of its own.

    Stops when told, after 500, or when three in a row found nobody to take them: the rest waits for the next look.
    """
    ended: Counter[str] = Counter()
    in_vain = 0
    with transaction():
        ended["unknown"] += _give_up_the_lost()
    while not should_stop() and in_vain < FAILURES_IN_A_ROW and ended.total() < AT_ONCE:
        with transaction():
            parcel = _take_next()
        if parcel is None:
            return +ended
        if isinstance(parcel, Parcel):
            state = _send(parcel)
            in_vain = in_vain + 1 if state == "waiting" else 0
        else:
            state = parcel
        ended[state] += 1
    return +ended


def _give_up_the_lost() -> int:
    at = clock.now()
    lost = update(Delivery).where(Delivery.state == "sending", Delivery.tried_at < at - rules.GIVEN_UP_AFTER)
    values = {"state": "unknown", "ended_at": at, "error": "the process that was sending it ended"}
    return db.session.connection().execute(lost.values(values)).rowcount


def _take_next() -> Parcel | str | None:
    """Take the next delivery that is due; None if there is none, or the state in which it ended when nobody wants it."""
    at = clock.now()
    due = select(Delivery).where(Delivery.state == "waiting", Delivery.due_at <= at)
    due = due.order_by(Delivery.due_at, Delivery.id).limit(1).with_for_update(skip_locked=True)
    delivery = db.session.scalar(due.execution_options(populate_existing=True))
    if delivery is None:
        return None
    notice = delivery.notice
    chosen = db.session.get(NoticeChannel, notice.person_id, populate_existing=True)
    if chosen is None or not _is_wanted(delivery, notice.person, chosen):
        delivery.state, delivery.ended_at = "dropped", at
        return "dropped"
    delivery.state, delivery.tried_at, delivery.attempts = "sending", at, delivery.attempts + 1
    message = _message(delivery, notice, chosen.language)
    return Parcel(delivery.id, delivery.attempts, delivery.channel, chosen.address, message)


def _is_wanted(delivery: Delivery, person: Person, chosen: NoticeChannel) -> bool:
    return chosen.channel == delivery.channel and person.closed_at is None and has_consent(person.id, "contact")


def _message(delivery: Delivery, notice: Notice, language: str) -> Message:
    with force_locale("en" if language == "en" else "zh_Hans_CN"):
        said, name, url = words(notice.kind, notice.facts), current_app.config["NAME"], current_app.config["PUBLIC_URL"]
        title = gettext("%(name)s：%(title)s", name=name, title=said.title)
        lines = [said.title, said.body, f"{url}/notices" if url else "", gettext("不想再收到，请在“我的通知”里更改接收方式。")]
    return Message(f"notice.{delivery.id}.{notice.key.replace(':', '.')}", title, "\n".join(filter(None, lines)) + "\n")


def _send(parcel: Parcel) -> str:
    """Send it and write down what became of it; answers the state."""
    state, error = "sent", None
    try:
        channels.send(parcel.channel, parcel.address, parcel.message, current_app.config)
    except channels.NotSent as said:
        state, error = "waiting" if rules.pause_after(parcel.attempts) else "failed", str(said)
    except channels.Refused as said:
        state, error = "failed", str(said)
    except channels.Uncertain as said:
        state, error = "unknown", str(said)
    except BaseException as said:
        _note(parcel, "unknown", type(said).__name__)
        raise
    _note(parcel, state, error)
    return state


def _note(parcel: Parcel, state: str, error: str | None) -> None:
    with transaction():
        at = clock.now()
        values = {"state": state, "error": error[:200] if error else None, "ended_at": None if state == "waiting" else at}
        if state == "waiting" and (pause := rules.pause_after(parcel.attempts)):
            values["due_at"] = at + pause
        mine = update(Delivery).where(Delivery.id == parcel.delivery_id, Delivery.state == "sending")
        db.session.execute(mine.values(values))
