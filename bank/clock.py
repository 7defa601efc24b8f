"""The only clock: the present instant in UTC, and the bank's local day."""

from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

from bank.config import setting


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def zone() -> tzinfo:
    """The time zone of the bank's days."""
    return ZoneInfo(setting("TIMEZONE"))


def local_day(at: datetime) -> date:
    """The bank's local date at an instant."""
    return at.astimezone(zone()).date()


def today() -> date:
    """The bank's local date now."""
    return local_day(now())


def local_instant(day: date, at: time) -> datetime:
    """The instant of a local wall-clock time on a local day, in UTC."""
    return datetime.combine(day, at, zone()).astimezone(UTC)


def month_start(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """The first day of the month after a day's month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
