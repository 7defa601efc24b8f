"""A member's own year of service, day by day, for pictures of it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from bank.db import db
from bank.hours.models import Service, ServiceRecord
from bank.hours.queries import is_standing
from bank.statements.rules import months_after

YEAR = timedelta(days=364)  # Whole weeks, and the day itself.


@dataclass(frozen=True)
class YearOfService:
    """Whole minutes credited by day of service from `starts_on` to `ends_on`, both included; days without any are left out."""

    starts_on: date
    ends_on: date
    minutes: dict[date, int]

    @property
    def months(self) -> list[tuple[date, int]]:
        """The minutes of the last twelve months by month, months without any too."""
        sums: Counter[date] = Counter()
        for day, minutes in self.minutes.items():
            sums[day.replace(day=1)] += minutes
        return [(month, sums[month]) for month in (months_after(self.ends_on, back) for back in range(-11, 1))]


def year_of_service(person_id: int, *, until: date) -> YearOfService:
    """The days on which a member served in the twelve months up to a day; what was taken back does not count."""
    since = min(until - YEAR, months_after(until, -11))
    wanted = (
        select(Service.served_on, func.sum(ServiceRecord.minutes))
        .join(Service, Service.id == ServiceRecord.service_id)
        .where(ServiceRecord.person_id == person_id, ServiceRecord.minutes > 0, is_standing())
        .where(Service.served_on >= since, Service.served_on <= until)
        .group_by(Service.served_on)
    )
    return YearOfService(since, until, {day: int(minutes) for day, minutes in db.session.execute(wanted)})
