"""Decisions about personal data, made from plain values only."""

from datetime import timedelta

from bank.errors import Conflict

RETAINED_YEARS = 10  # GB/T 40143: records are kept for at least ten years; then who closed the account is forgotten.
ANSWERS_KEPT = timedelta(days=30)  # Nobody sends the same request again after so long.
WISHES_KEPT = timedelta(days=365)  # What somebody asked for, in the own words, is of no use a year after it was done.
NOBODY = "*"
SECRETS = ("hash", "secret", "fingerprint", "pin")


class LastAdmin(Conflict):
    """The only administrator of the whole bank cannot leave before there is another."""


def is_secret(column: str) -> bool:
    """Whether a column holds something that proves who one is, which is given to nobody, not even its owner."""
    return any(word in column for word in SECRETS)


def is_about(column: str) -> bool:
    """Whether a column that names a person says whom a row is about, not who wrote or approved it."""
    return not column.endswith("by_id")


def written_ways(word: str) -> tuple[str, ...]:
    """How a word stands in stored text: as it is, and as JSON escapes it."""
    escaped = "".join(each if each.isascii() else "".join(f"\\u{unit:04x}" for unit in _utf16(each)) for each in word)
    return (word,) if escaped == word else (word, escaped)


def _utf16(character: str) -> list[int]:
    data = character.encode("utf-16-be")
    return [int.from_bytes(data[place : place + 2]) for place in range(0, len(data), 2)]
