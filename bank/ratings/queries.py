"""What stars a member has."""

from bank.ledger import queries as ledger
from bank.people.models import Person
from bank.ratings import rules
from bank.ratings.rules import Honour


def honour_of(person: Person) -> Honour:
    """The star honour of all credited minutes so far; nothing but a reversal ever takes from the minutes account."""
    return rules.star_honour(ledger.balance(person.minutes_account_id))
