"""Says whether the demo town's PINs open this bank; `python -m bank.exposed` ends with 1 and a sentence if they do."""

import sys

from argon2.exceptions import VerificationError
from sqlalchemy.exc import SQLAlchemyError

from bank.access.queries import PIN_HASHER
from bank.app import create_app
from bank.config import BadSetting
from bank.demo import cast
from bank.people.models import Person

REFUSAL = (
    "演示城的密码是公开的，不能让别人访问。请另建一个空的银行，或设 BANK_ALLOW_DEMO=1 表示这只是试用。\n"
    "The demo town's PINs are public, so it is not served to others. Make an empty bank, or set BANK_ALLOW_DEMO=1 for a trial."
)


def opened() -> list[str]:
    """The names of those who can sign in with the demo town's PIN."""
    return [person.name for person in cast.people().values() if _is_opened(person)]


def _is_opened(person: Person) -> bool:
    if person.pin_hash is None:
        return False
    try:
        return PIN_HASHER.verify(person.pin_hash, cast.PIN)
    except VerificationError:
        return False


def main() -> str | None:
    """What stands in the way of serving this bank to others, if anything does."""
    try:
        with create_app().app_context():
            return REFUSAL if opened() else None
    except (BadSetting, SQLAlchemyError) as error:
        return str(error).splitlines()[0]


if __name__ == "__main__":
    sys.exit(main())
