"""How points, minutes, days and instants are written, in the reader's language and the bank's time zone."""

from datetime import date, datetime

from flask_babel import format_date, gettext, ngettext

from bank import clock

MINUS = "−"  # Not a hyphen: as wide as the plus, and read out as minus.


def points(hundredths: int) -> str:
    """190 is 1.90, and 123456 is 1,234.56; below zero stands a true minus, as before all amounts and times."""
    sign = MINUS if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{sign}{whole:,}.{rest:02d}"


def signed_points(hundredths: int) -> str:
    """As points, with a plus for what came in."""
    return ("+" if hundredths > 0 else "") + points(hundredths)


def minutes(whole: int) -> str:
    """95 is 1 小时 35 分."""
    hours, rest = divmod(abs(whole), 60)
    sign = MINUS if whole < 0 else ""
    if not hours:
        return sign + str(gettext("%(count)s 分钟", count=rest))
    if not rest:
        return sign + str(gettext("%(count)s 小时", count=f"{hours:,}"))
    return sign + str(gettext("%(hours)s 小时 %(minutes)s 分", hours=f"{hours:,}", minutes=rest))


def people(count: int) -> str:
    """1 人, or 1 person and 2 people."""
    return str(ngettext("%(num)s 人", "%(num)s 人", count))


def day(on: date | datetime) -> str:
    """2026年10月15日, or Oct 15, 2026; of an instant the bank's local day."""
    on = clock.local_day(on) if isinstance(on, datetime) else on
    return str(format_date(on, gettext("y年M月d日")))


def weekday(on: date | datetime) -> str:
    """10月15日 星期四, or Thu, Oct 15."""
    on = clock.local_day(on) if isinstance(on, datetime) else on
    return str(format_date(on, gettext("M月d日 EEEE")))


def month(on: date) -> str:
    """2026年10月, or October 2026."""
    return str(format_date(on, gettext("y年M月")))


def short_month(on: date) -> str:
    """10月, or Oct."""
    return str(format_date(on, gettext("M月")))


def clock_time(at: datetime) -> str:
    """09:05, by the bank's clock."""
    return f"{at.astimezone(clock.zone()):%H:%M}"


def moment(at: datetime) -> str:
    """2026-10-15 09:05, by the bank's clock."""
    return f"{at.astimezone(clock.zone()):%Y-%m-%d %H:%M}"
