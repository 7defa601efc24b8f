"""What templates call to write points, minutes, days, instants and reasons on pages."""

from datetime import date, datetime

from flask import Flask

from bank import clock
from bank.people.rules import mask_name, mask_phone
from bank.statements.words import line_kind, reason
from bank.wording import clock_time, day, minutes, moment, month, people, points, short_month, signed_points, weekday

__all__ = [
    "clock_time",
    "day",
    "for_input",
    "line_kind",
    "minutes",
    "moment",
    "month",
    "people",
    "points",
    "reason",
    "short_month",
    "signed_points",
    "weekday",
]


def for_input(value: date | datetime | None) -> str:
    """A day or local date-and-time as an input of a form wants it."""
    if value is None:
        return ""
    return f"{value.astimezone(clock.zone()):%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else value.isoformat()


def register(app: Flask) -> None:
    """Give the templates their filters."""
    app.jinja_env.filters.update(
        points=points, signed_points=signed_points, minutes=minutes, people=people, day=day, weekday=weekday, month=month,
        short_month=short_month, clock=clock_time, moment=moment, for_input=for_input, reason=reason, line_kind=line_kind,
        mask_name=mask_name, mask_phone=mask_phone,
    )  # fmt: skip
