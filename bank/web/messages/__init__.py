"""The sentence and the next step for every code that a person may meet; each slice has a file of its own here.

`%(name)s` stands for a detail the refusal carries: names that end in `points` are shown as points, `_at` as the time of
day, `_on` as a day. A sentence blames nobody and tells no internals. Not final means: the same, sent again, may succeed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bank.web import filters
from bank.web.messages import (
    access,
    activities,
    attendance,
    backup,
    boards,
    certificates,
    closing,
    consents,
    counter,
    devices,
    documents,
    enrolment,
    evaluations,
    feedback,
    honours,
    hours,
    jobs,
    joining,
    ledger,
    micro_hours,
    notices,
    orders,
    people,
    privacy,
    publicity,
    ratings,
    rewards,
    statements,
    units,
    web,
)
from bank.web.messages.words import Message

PARTS = (
    access, activities, attendance, backup, boards, certificates, closing, consents, counter, devices, documents, enrolment,
    evaluations, feedback, honours, hours, jobs, joining,
    ledger, micro_hours, notices, orders, people, privacy, publicity, ratings, rewards, statements, units, web,
)  # fmt: skip
MESSAGES: dict[str, Message] = {code: message for part in PARTS for code, message in part.MESSAGES.items()}


@dataclass(frozen=True)
class Words:
    """A message in the reader's language, with its details filled in."""

    title: str
    sentence: str
    next: str
    is_final: bool


def explain(codes: Sequence[str], details: Mapping[str, object]) -> Words:
    """Words for the first of the codes that has a message; the codes go from the particular to the kind."""
    message = next(MESSAGES[code] for code in (*codes, "bank_error") if code in MESSAGES)
    shown = defaultdict(str, {name: _shown(name, value) for name, value in details.items()})
    kind = next((MESSAGES[code] for code in reversed(codes[:-1]) if code in MESSAGES), message)
    return Words(
        title=str(kind.sentence) % shown,
        sentence=str(message.sentence) % shown,
        next=str(message.next) % shown,
        is_final=message.is_final,
    )


def _shown(name: str, value: object) -> str:
    if isinstance(value, datetime):
        return filters.clock_time(value)
    if isinstance(value, date):
        return filters.day(value)
    if name.endswith("points") and isinstance(value, int):
        return filters.points(value)
    return str(value)
