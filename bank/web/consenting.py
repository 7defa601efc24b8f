"""A member's consent as a face takes it: tries of a PIN are counted, so that no counter is the place to guess one."""

from datetime import datetime

from bank.access import tries
from bank.counter import consent
from bank.db import transaction
from bank.people.models import Person


def take(*, by: Person, for_id: int, shown: consent.Shown, at: datetime) -> str:
    """The consent as a signed text; a wrong PIN slows the next one down, for this clerk and this card. Raises TooManyTries."""
    if shown.pin is None:
        return consent.take(by=by, for_id=for_id, shown=shown, at=at)
    device = f"counter/{by.key}/{shown.shown_by_id or for_id}"
    keys = tries.keys_of_sign_in(person=None, login="", device=device, address="")
    with transaction():
        tries.begin(keys, at=at)
    text = consent.take(by=by, for_id=for_id, shown=shown, at=at)
    with transaction():
        tries.end(keys, at=at)
    return text
