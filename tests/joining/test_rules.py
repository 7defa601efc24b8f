"""Who may take part by age, by the clock, and in office hours."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bank.errors import BankError
from bank.hours.rules import DEFAULTS
from bank.joining import rules

DAY = date(2026, 10, 15)
NINE = datetime(2026, 10, 15, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("born_on", "lacks_consent", "has_company", "refusal"),
    [
        (None, False, False, None),
        (date(2020, 10, 16), False, True, rules.TooYoung),
        (date(2020, 10, 15), False, True, None),
        (date(2020, 10, 15), True, True, rules.NeedsGuardiansConsent),
        (date(2016, 10, 16), False, False, rules.NeedsCompany),
        (date(2016, 10, 15), False, False, None),
        (date(2012, 10, 16), True, False, rules.NeedsGuardiansConsent),
    ],
)
def test_under_6_never_under_10_in_company_under_14_with_consent(
    born_on: date | None, lacks_consent: bool, has_company: bool, refusal: type[BankError] | None
) -> None:
    try:
        rules.check_age(born_on, on=DAY, lacks_consent=lacks_consent, has_company=has_company)
    except BankError as refused:
        assert refusal is not None and isinstance(refused, refusal)
    else:
        assert refusal is None


@pytest.mark.parametrize(
    ("begin", "hours", "is_workday", "touches"),
    [
        (9, 2, True, True),
        (9, 2, False, False),
        (7, 2, True, False),
        (18, 2, True, False),
        (17, 2, True, True),
        (6, 20, True, True),
    ],
)
def test_office_hours_are_nine_to_six_on_working_days(begin: int, hours: int, is_workday: bool, touches: bool) -> None:
    starts = NINE.replace(hour=begin)
    ends = starts + timedelta(hours=hours)
    assert rules.is_in_office_hours(starts=starts, ends=ends, is_workday=is_workday, rules=DEFAULTS) is touches


@pytest.mark.parametrize(
    ("taken", "waiting", "state"), [(0, 0, "joined"), (1, 0, "joined"), (2, 0, "waiting"), (1, 1, "waiting")]
)
def test_nobody_overtakes_those_who_wait(taken: int, waiting: int, state: str) -> None:
    assert rules.state_of_new(taken=taken, capacity=2, waiting=waiting) == state


def test_what_is_over_or_called_off_takes_nobody() -> None:
    rules.check_window(state="published", ends_at=NINE, at=NINE - timedelta(seconds=1))
    for state, at in (("published", NINE), ("cancelled", NINE - timedelta(days=1)), ("confirmed", NINE - timedelta(days=1))):
        with pytest.raises(rules.OverAlready):
            rules.check_window(state=state, ends_at=NINE, at=at)
