"""What a member's first page tells: who I am, what I have, what comes next, what waits, and what I could have."""

from datetime import datetime
from typing import Any

from bank.activities import queries as activities
from bank.activities.models import Activity
from bank.counter.choices import choices
from bank.honours.queries import honour_of
from bank.joining import queries as joining
from bank.ledger import queries as ledger
from bank.people.models import Person
from bank.publicity.queries import waiting_of
from bank.web import paging
from bank.web.qr import qr

NEXT_SHOWN = 3


def of(person: Person, *, at: datetime) -> dict[str, Any]:
    """Everything `home/_member.html` shows; points in hundredths, whole minutes."""
    joined = joining.mine(person.id, at=at)
    coming = activities.upcoming(at=at, near=person.unit)
    first = paging.page(coming, order=(Activity.starts_at, Activity.id), limit=NEXT_SHOWN + len(joined)).items
    mine = {each.activity_id for each in joined}
    return {
        "points": ledger.balance(person.points_account_id),
        "minutes": ledger.balance(person.minutes_account_id),
        "honour": honour_of(person, at=at),
        "joined": joined[:NEXT_SHOWN],
        "coming": [each for each in first if each.id not in mine][:NEXT_SHOWN],
        "waiting": waiting_of(person.id),
        "affordable": [each for each in choices(person, at=at) if each.refusal is None],
        "card": qr(person.card_number),
    }
