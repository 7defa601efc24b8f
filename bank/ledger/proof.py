"""Checks that a journal entry stands in a published seal, with nothing but this file, the proof and the seal's hash.

`bank prove 12` writes the proof; the hash stands on statements and in `seals.txt`. Whoever doubts the bank copies this file:

    from proof import is_proved
    is_proved(open("proof-12.json", encoding="utf-8").read(), "5be01c…")
"""

import hashlib
import json

# What is sealed, in this order. Every value has its length before it, so that no two entries look alike.
ENTRY = (
    "id", "key", "fingerprint", "kind", "effective_on", "recorded_at", "recorded_by", "approved_by", "reason",
    "rule_version", "reverses_id", "transfer_count",
)  # fmt: skip
TRANSFER = ("line", "unit", "amount", "effective_on")
ACCOUNT = ("id", "code", "unit", "has_floor", "opened_at")
SEAL = ("number", "entry_count", "last_position", "root", "previous_hash", "sealed_at")


def is_proved(proof_text: str, published_hash: str) -> bool:
    """Whether the entry of a proof is in the seal of that hash (RFC 9162, 2.1.3.2). Raises KeyError if it is no proof."""

    def values(names: tuple[str, ...], of: dict[str, object]) -> bytes:
        texts = [None if of[name] is None else str(of[name]).encode() for name in names]
        return b"".join(b"-1:" if text is None else b"%d:%s" % (len(text), text) for text in texts)

    def digest(kind: bytes, data: bytes) -> bytes:
        return hashlib.sha256(kind + data).digest()

    proof = json.loads(proof_text)
    seal, leaf = proof["seal"], values(ENTRY, proof["entry"])
    for each in proof["transfers"]:
        leaf += values(TRANSFER, each) + values(ACCOUNT, each["debit"]) + values(ACCOUNT, each["credit"])
    found = digest(b"\x00", leaf)
    last = seal["entry_count"] - 1
    index = last - (seal["last_position"] - proof["position"])
    if not 0 <= index <= last:
        return False
    for sibling in map(bytes.fromhex, proof["path"]):
        if index % 2 or index == last:
            found = digest(b"\x01", sibling + found)
            while index and not index % 2:
                index, last = index // 2, last // 2
        else:
            found = digest(b"\x01", found + sibling)
        index, last = index // 2, last // 2
    return last == 0 and found.hex() == seal["root"] and digest(b"\x02", values(SEAL, seal)).hex() == published_hash
