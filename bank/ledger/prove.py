"""Writes the proof that an entry stands in a seal; `proof` checks it without us."""

import json

from sqlalchemy import select

from bank.db import db
from bank.errors import Conflict
from bank.ledger import leaves, queries, seal
from bank.ledger.models import Seal, SealedEntry
from bank.ledger.proof import is_proved
from bank.ledger.tree import path_to, tree_root


class NotSealedYet(Conflict):
    """The entry is newer than the newest seal; `bank seal` seals it."""


def prove(entry_id: int) -> str:
    """The proof of one entry as JSON text. Raises NoSuchEntry, NotSealedYet, and SealsDiffer if the books were changed."""
    position = db.session.scalar(select(SealedEntry.position).where(SealedEntry.entry_id == queries.entry(entry_id).id))
    if position is None:
        raise NotSealedYet(entry_id=entry_id)
    found = db.session.scalar(select(Seal).where(Seal.last_position >= position).order_by(Seal.number).limit(1))
    if found is None:
        raise NotSealedYet(entry_id=entry_id)
    first = found.last_position - found.entry_count + 1
    hashes = [leaf for _, leaf in leaves.of_positions(first, found.last_position, leaves.Accounts())]
    if tree_root(hashes).hex() != found.root:
        raise seal.SealsDiffer(number=found.number)
    entry, transfers = leaves.values_of(entry_id)
    proof = {
        "entry": entry,
        "transfers": transfers,
        "position": position,
        "path": [each.hex() for each in path_to(position - first, hashes)],
        "seal": seal.fields(found) | {"hash": found.hash},
    }
    content = json.dumps(proof, ensure_ascii=False, indent=1) + "\n"
    assert is_proved(content, found.hash), "what we prove must be what we sealed"
    return content
