"""Decisions about consents, made from plain values only."""

from datetime import date

from bank.errors import Conflict, Invalid, NotAllowed
from bank.people.rules import is_child

# The version of each purpose's text that is shown now. A text that comes to ask for more gets a new version and is the
# oldest valid one too, so that nobody is held to have agreed to what he has not read.
TEXT_VERSIONS = {"board": 1, "public_list": 1, "home_unit": 1, "contact": 1, "minor": 1, "household": 1}
OLDEST_VALID = {"board": 1, "public_list": 1, "home_unit": 1, "contact": 1, "minor": 1, "household": 1}
OF_GUARDIANS = ("minor",)


class BadPurpose(Invalid):
    """There is no such purpose of consent."""


class GuardianDecides(NotAllowed):
    """For a child under 14 the guardian consents, on paper at the desk (PIPL, art. 31)."""


class NoGuardian(Conflict):
    """Nobody is written down who could consent for this child."""


def check_own(purpose: str, *, is_given: bool, born_on: date | None, on: date) -> None:
    """Refuse what one cannot decide for oneself: BadPurpose, GuardianDecides. To withdraw is always one's own right."""
    if purpose not in TEXT_VERSIONS:
        raise BadPurpose(purpose=purpose)
    if is_given and (purpose in OF_GUARDIANS or is_child(born_on, on=on)):
        raise GuardianDecides()


def is_for_guardian(purpose: str, *, born_on: date | None, on: date) -> bool:
    """Whether a consent on paper must bear the guardian's name. Raises BadPurpose."""
    if purpose not in TEXT_VERSIONS:
        raise BadPurpose(purpose=purpose)
    return purpose in OF_GUARDIANS or is_child(born_on, on=on)
