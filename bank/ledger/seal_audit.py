"""Re-derives the chain of seals from the journal and reports every difference; repairs nothing."""

from collections.abc import Iterator
from itertools import pairwise

from sqlalchemy import func, select

from bank.db import db
from bank.errors import NotFound
from bank.ledger import leaves, seal
from bank.ledger.models import Seal, SealedEntry
from bank.ledger.tree import seal_hash, tree_root


class NoSuchSeal(NotFound):
    """There is no seal of that number."""


def differences(*, first: int = 1) -> Iterator[tuple[Seal, list[str]]]:
    """Each seal from number `first` on, in order, with one sentence per difference from the journal and from the one before.

    What comes before `first` is taken as it stands. Raises NoSuchSeal if there is no seal before it to go on from.
    """
    before = db.session.get(Seal, first - 1)
    if first > 1 and before is None:
        raise NoSuchSeal(number=first - 1)
    accounts = leaves.Accounts()
    chain = [before, *db.session.scalars(select(Seal).where(Seal.number >= first).order_by(Seal.number))]
    for previous, each in pairwise(chain):
        yield each, [*_broken_links(previous, each), *_changed_entries(each, accounts)]


def loose_entries() -> Iterator[str]:
    """Entries that are noted as sealed where no seal stands for them."""
    end = select(func.coalesce(func.max(Seal.last_position), 0)).scalar_subquery()
    outside = ~SealedEntry.position.between(1, end)  # In one statement: a seal may come while we read.
    count = db.session.scalar(select(func.count()).select_from(SealedEntry).where(outside))
    if count:
        yield f"{count} entries are noted as sealed, but no seal covers them."


def _broken_links(previous: Seal | None, each: Seal) -> Iterator[str]:
    number, position, link = (
        (previous.number, previous.last_position, previous.hash) if previous else (0, 0, seal.FIRST_PREVIOUS_HASH)
    )
    if each.number != number + 1:
        yield f"Between seals {number} and {each.number} others are missing."
    if each.previous_hash != link:
        yield f"Seal {each.number} does not follow from the one before it."
    if each.last_position - each.entry_count != position:
        yield f"Seal {each.number} does not begin where the one before it ends."
    if seal_hash(seal.fields(each)) != each.hash:
        yield f"Seal {each.number} is not what was sealed."


def _changed_entries(each: Seal, accounts: leaves.Accounts) -> Iterator[str]:
    first = each.last_position - each.entry_count + 1
    hashes = [leaf for _, leaf in leaves.of_positions(first, each.last_position, accounts)]
    if len(hashes) != each.entry_count:
        yield f"Seal {each.number} covers {each.entry_count} entries, but {len(hashes)} are there."
    elif tree_root(hashes).hex() != each.root:
        yield f"The entries of seal {each.number}, places {first} to {each.last_position}, are not what was sealed."
