"""Pure hashing of seals: canonical bytes, the Merkle tree of RFC 6962 (section 2.1), and the hash of a seal."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from bank.ledger.proof import SEAL


def canonical(values: Iterable[object]) -> bytes:
    """Values as text, each with its length in bytes before it (-1 for None), so that no two rows look alike."""
    texts = [None if each is None else str(each) for each in values]
    whole = "".join(["-1:" if each is None else f"{len(each)}:{each}" for each in texts])
    if whole.isascii():  # Nearly always: then characters are bytes, and nothing is encoded piece by piece.
        return whole.encode()
    parts = [None if each is None else each.encode() for each in texts]
    return b"".join(b"-1:" if each is None else b"%d:%s" % (len(each), each) for each in parts)


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf; the byte before it keeps a leaf from passing for a node."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def tree_root(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over leaves in their order; holds one hash per level, however many leaves come."""
    peaks: list[tuple[int, bytes]] = []
    for each in leaf_hashes:
        size, found = 1, each
        while peaks and peaks[-1][0] == size:
            found = node_hash(peaks.pop()[1], found)
            size *= 2
        peaks.append((size, found))
    if not peaks:
        return sha256(b"").digest()
    root = peaks.pop()[1]
    while peaks:
        root = node_hash(peaks.pop()[1], root)
    return root


def path_to(index: int, leaf_hashes: Sequence[bytes]) -> list[bytes]:
    """The siblings on the way from a leaf up to the root."""
    if len(leaf_hashes) == 1:
        return []
    split = 1 << (len(leaf_hashes) - 1).bit_length() - 1  # The largest power of two below the number of leaves.
    left, right = leaf_hashes[:split], leaf_hashes[split:]
    if index < split:
        return [*path_to(index, left), tree_root(right)]
    return [*path_to(index - split, right), tree_root(left)]


def seal_hash(fields: Mapping[str, object]) -> str:
    """A seal's own hash, over all its other fields; in hexadecimal digits."""
    return sha256(b"\x02" + canonical(fields[name] for name in SEAL)).hexdigest()
