"""Re-derives the chain of seals from the journal and reports every difference; repairs nothing."""

from collections.abc import Iterator
from itertools import pairwise

from sqlalchemy import func, select

from bank.db import db
from bank.errors import NotFound
from bank.ledger import leaves, seal
from bank.ledger.models import Seal, SealedEntry
from bank.ledger.tree import seal_hash, tree_root
from bank.ledger.words import Difference, difference


class NoSuchSeal(NotFound):
    """There is no seal of that number."""


def differences(*, first: int = 1) -> Iterator[tuple[Seal, list[Difference]]]:
    """Each seal from number `first` on, in order, with every difference from the journal and from the one before.

    What comes before `first` is taken as it stands. Raises NoSuchSeal if there is no seal before it to go on from.
    """
    before = db.session.get(Seal, first - 1)
    if first > 1 and before is None:
        raise NoSuchSeal(number=first - 1)
    accounts = leaves.Accounts()
    chain = [before, *db.session.scalars(select(Seal).where(Seal.number >= first).order_by(Seal.number))]
    for previous, each in pairwise(chain):
        yield each, [*_broken_links(previous, each), *_changed_entries(each, accounts)]


def loose_entries() -> Iterator[Difference]:
    """Entries that are noted as sealed where no seal stands for them."""
    end = select(func.coalesce(func.max(Seal.last_position), 0)).scalar_subquery()
    outside = ~SealedEntry.position.between(1, end)  # In one statement: a seal may come while we read.
    count = db.session.scalar(select(func.count()).select_from(SealedEntry).where(outside))
    if count:
        yield difference("entries_loose", count=count)


def _broken_links(previous: Seal | None, each: Seal) -> Iterator[Difference]:
    number, position, link = (
        (previous.number, previous.last_position, previous.hash) if previous else (0, 0, seal.FIRST_PREVIOUS_HASH)
    )
    if each.number != number + 1:
        yield difference("seals_missing", before=number, number=each.number)
    if each.previous_hash != link:
        yield difference("seal_not_following", number=each.number)
    if each.last_position - each.entry_count != position:
        yield difference("seal_not_adjoining", number=each.number)
    if seal_hash(seal.fields(each)) != each.hash:
        yield difference("seal_changed", number=each.number)


def _changed_entries(each: Seal, accounts: leaves.Accounts) -> Iterator[Difference]:
    first = each.last_position - each.entry_count + 1
    hashes = [leaf for _, leaf in leaves.of_positions(first, each.last_position, accounts)]
    if len(hashes) != each.entry_count:
        yield difference("seal_count_differs", number=each.number, expected=each.entry_count, found=len(hashes))
    elif tree_root(hashes).hex() != each.root:
        yield difference("sealed_entries_changed", number=each.number, first=first, last=each.last_position)
