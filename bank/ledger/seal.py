"""Seals the journal: a chain of RFC 6962 trees over its entries, made off the write path and published outside the database."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import exists, func, insert, select, text

from bank.db import db, is_postgres, transaction
from bank.errors import Conflict, Invalid
from bank.ledger import leaves
from bank.ledger.models import JournalEntry, Seal, SealedEntry
from bank.ledger.proof import SEAL
from bank.ledger.tree import seal_hash, tree_root
from bank.ledger.words import Difference, difference

ENTRIES_MAX = 10_000  # Of one seal: its writing holds SQLite's only pen for some 50 ms, and a proof reads so many entries.
FIRST_PREVIOUS_HASH = "0" * 64
FILE = "seals.txt"


class SealsDiffer(Conflict):
    """The seals in the database are not those that were published; `bank verify` tells where."""


class BadAnchor(Invalid):
    """A file of seals has one on each line: its number first, its hash last."""


@dataclass(frozen=True)
class Batch:
    """Entries that no seal covers yet, in the order of their ids, their tree's root, and the number of the newest seal."""

    entry_ids: list[int]
    root: str
    follows: int


def seal_all(*, published: Path, at: datetime, told: Callable[[int], None] = lambda _: None) -> int:
    """Seal every entry that is not sealed yet and publish the seals; answers how many entries it sealed, `told` after each seal.

    Commits each seal by itself, so that a writer never waits for reading and hashing. Raises SealsDiffer, and seals
    nothing, when the published seals are not those in the database.
    """
    publish(published)
    count, after, accounts = 0, 0, leaves.Accounts()
    while batch := read_batch(after=after, accounts=accounts):
        with transaction():
            is_ours = append(batch, at=at)
        if is_ours:
            count, after = count + len(batch.entry_ids), batch.entry_ids[-1]
            told(count)
    publish(published)
    return count


def seal_within(*, at: datetime) -> Seal | None:
    """Seal in the caller's transaction every entry that is not sealed yet, to be published later; answers the newest seal."""
    after, accounts = 0, leaves.Accounts()
    while batch := read_batch(after=after, accounts=accounts):
        if append(batch, at=at):
            after = batch.entry_ids[-1]
            db.session.flush()  # The next batch follows this seal.
    return newest_seal()


def read_batch(*, after: int, accounts: leaves.Accounts) -> Batch | None:
    """The next entries with ids above `after` that no seal covers, or None."""
    newest = newest_seal()  # Before the entries: if another seal comes in between, `append` sees it and refuses the batch.
    is_sealed = exists().where(SealedEntry.entry_id == JournalEntry.id)
    new = select(JournalEntry.id).where(JournalEntry.id > after, ~is_sealed).order_by(JournalEntry.id).limit(ENTRIES_MAX)
    hashes = dict(leaves.of_entries(new, accounts))
    return Batch(list(hashes), tree_root(hashes.values()).hex(), newest.number if newest else 0) if hashes else None


def append(batch: Batch, *, at: datetime) -> bool:
    """Write the seal of a batch; False, and nothing is written, if another seal has come since the batch was read."""
    if is_postgres():  # Two who seal at once come one after the other; nobody who posts needs this table.
        db.session.execute(text("LOCK TABLE seal IN SHARE ROW EXCLUSIVE MODE"))
    newest = newest_seal()
    if (newest.number if newest else 0) != batch.follows:
        return False
    sealed = newest.last_position if newest else 0
    seal = Seal(
        number=batch.follows + 1, entry_count=len(batch.entry_ids), last_position=sealed + len(batch.entry_ids),
        root=batch.root, previous_hash=newest.hash if newest else FIRST_PREVIOUS_HASH, sealed_at=at,
    )  # fmt: skip
    seal.hash = seal_hash(fields(seal))
    db.session.add(seal)
    rows = [{"position": position, "entry_id": entry_id} for position, entry_id in enumerate(batch.entry_ids, sealed + 1)]
    db.session.execute(insert(SealedEntry), rows)
    return True


def newest_seal() -> Seal | None:
    """The last link of the chain, or None while nothing is sealed."""
    return db.session.scalar(select(Seal).order_by(Seal.number.desc()).limit(1))


def unsealed_count() -> int:
    """How many entries wait for the next seal."""
    entries = select(func.count()).select_from(JournalEntry).scalar_subquery()
    sealed = select(func.count()).select_from(SealedEntry).scalar_subquery()
    return int(db.session.execute(select(entries - sealed)).scalar_one())


def fields(seal: Seal) -> dict[str, object]:
    """What the hash of a seal covers, as it is published."""
    return {name: getattr(seal, name) for name in SEAL} | {
        "sealed_at": seal.sealed_at.astimezone(UTC).isoformat(timespec="microseconds")
    }


def line(seal: Seal) -> str:
    """A seal as it is published: number, entries, last position, root, previous hash, time (UTC), own hash."""
    return " ".join([*map(str, fields(seal).values()), seal.hash])


def publish(path: Path) -> None:
    """Append to the file what it does not have yet. Raises SealsDiffer if what it has is not in the database."""
    anchors = read_anchors(path.read_text(encoding="utf-8")) if path.exists() else []
    db.session.rollback()  # The file may name a seal that is newer than what this session sees.
    if next(anchor_differences(anchors), None):
        raise SealsDiffer(file=str(path))
    last = max((number for number, _ in anchors), default=0)
    new = [line(each) + "\n" for each in db.session.scalars(select(Seal).where(Seal.number > last).order_by(Seal.number))]
    if not new:
        return
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(new))
        file.flush()
        os.fsync(file.fileno())


def read_anchors(content: str) -> list[tuple[int, str]]:
    """(number, hash) of each line that is not blank; a line may be as published or just these two. Raises BadAnchor."""
    anchors = []
    for place, each in enumerate(content.splitlines(), 1):
        words = each.split()
        if not words:
            continue
        if len(words) < 2 or not words[0].isdecimal() or not re.fullmatch(r"[0-9a-f]{64}", words[-1]):
            raise BadAnchor(line=place)
        anchors.append((int(words[0]), words[-1]))
    return anchors


def anchor_differences(anchors: Iterable[tuple[int, str]]) -> Iterator[Difference]:
    """Every seal kept elsewhere that is not the one in the database."""
    hashes = {each.number: each.hash for each in db.session.execute(select(Seal.number, Seal.hash))}
    for number, published in anchors:
        if number not in hashes:
            yield difference("published_seal_missing", number=number)
        elif hashes[number] != published:
            yield difference("published_seal_differs", number=number, published=published, stored=hashes[number])
