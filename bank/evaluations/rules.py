"""Decisions about marks, codes, comments and fairness, made from plain values only: marks are 1 to 5, means are hundredths."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bank.errors import Conflict, Invalid, NotAllowed, NotFound

ROLES = ("recipient", "leader", "completion")
STAFF_ROLES = ("leader", "completion")
MARKS = (5, 4, 3, 2, 1)
WAYS = ("signed_in", "code", "call_back", "withdrawal")
WITHDRAWAL_REASONS = ("slip", "wrong_record", "under_pressure", "not_from_recipient", "involved")
TEXT_KINDS = ("comment", "called", "reason")
TEXT_STATES = ("pending", "shown", "refused", "kept", "erased")
TEXT_MAX = 300
EXCEPTIONS_MAX = 2000
CODE_GOOD_FOR = timedelta(days=14)
COMMENT_WITHIN = timedelta(hours=1)
HIDDEN_FOR = timedelta(days=7)
OUTLIER_MARKS_MIN = 10
OUTLIER_DISTANCE = 100  # One whole mark, in hundredths.
MUTUAL_MARKS_MIN = 2


class BadMark(Invalid):
    """A mark is a whole number from 1 to 5."""


class BadComment(Invalid):
    """Words beside a mark have 1 to 300 characters."""


class BadWithdrawalReason(Invalid):
    """A mark is withdrawn for a reason of the list."""


class RatingCodeUnknown(NotFound):
    """No service record has this code, or another code has taken its place."""


class ServiceRecordNotFound(NotFound):
    """There is no such service or service record, or not for the one who asks."""


class EvaluationNotFound(NotFound):
    """There is no such mark, comment or withdrawal, or not for the one who asks."""


class RatingCodeTooOld(Conflict):
    """A code is good for 14 days."""


class RatingCodeUsed(Conflict):
    """A code gives one mark, once."""


class MarkIsFinal(Conflict):
    """Once the record is posted, a mark is changed only by withdrawing it with a second person, and giving another."""


class MarkNotInForce(Conflict):
    """The mark was changed or withdrawn before."""


class WithdrawalAsked(Conflict):
    """The withdrawal of this mark is already waiting for a second person."""


class EvaluationDecided(Conflict):
    """A comment or withdrawal is decided once."""


class CommentTooLate(Conflict):
    """Words may be added within an hour of the mark, once."""


class NotYourOwnRating(NotAllowed):
    """Nobody rates, or decides about the rating of, what they or their household did."""


class OneSideOnly(NotAllowed):
    """Who speaks for the leader does not also give the recipient's mark, nor the other way round."""


class MarkOfAnother(NotAllowed):
    """Only whoever gave a mark changes it."""


class WithdrawalNeedsSecond(NotAllowed):
    """A withdrawal is agreed to by somebody other than the one who asked for it."""


@dataclass(frozen=True)
class Device:
    """A browser: a random name of its own, and the ids of those whom it is known to belong to."""

    key: str
    person_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class NewMark:
    """A mark that differs from the default: for one record, in one of the roles a leader fills."""

    record_id: int
    role: str
    mark: int


@dataclass(frozen=True, kw_only=True)
class BulkMarks:
    """Marks for everybody in a service: two defaults, None for no mark, and the exceptions from them."""

    leader: int | None
    completion: int | None
    exceptions: tuple[NewMark, ...] = ()

    def of(self, record_id: int, role: str) -> tuple[int | None, bool]:
        """The mark of a record in a role, and whether it is an exception from the default."""
        named = [each.mark for each in self.exceptions if (each.record_id, each.role) == (record_id, role)]
        return (named[-1], True) if named else (getattr(self, role), False)


@dataclass(frozen=True, kw_only=True)
class Call:
    """What a recipient said on the phone: the mark, who was called, and a comment if there was one."""

    mark: int
    called: str
    comment: str | None = None


@dataclass(frozen=True)
class Marks:
    """The marks of one service record that count, 1 to 5 each; None where nobody gave one."""

    recipient: int | None = None
    leader: int | None = None
    completion: int | None = None


@dataclass(frozen=True)
class Mean:
    """The mean of some marks in hundredths of a mark, rounded down, and how many they are; None of none."""

    count: int = 0
    total: int = 0

    @property
    def hundredths(self) -> int | None:
        """463 stands for 4.63."""
        return self.total * 100 // self.count if self.count else None


def opens_at(confirmed_at: datetime) -> datetime:
    """When marks are shown even though a side has not given one."""
    return confirmed_at + HIDDEN_FOR


def is_open(marks: Marks, *, confirmed_at: datetime, at: datetime) -> bool:
    """Whether marks may be seen: recipient and leader have both given one, or seven days have passed since confirmation."""
    return (marks.recipient is not None and marks.leader is not None) or at >= opens_at(confirmed_at)


def check_mark(mark: object) -> None:
    """Refuse with BadMark what is no whole number from 1 to 5."""
    if type(mark) is not int or mark not in MARKS:
        raise BadMark()


def check_bulk(marks: BulkMarks, record_ids: Collection[int]) -> None:
    """Refuse marks out of range, of a role that no leader fills, or for records of another service."""
    for mark in (marks.leader, marks.completion, *(each.mark for each in marks.exceptions)):
        if mark is not None:
            check_mark(mark)
    for each in marks.exceptions:
        if each.record_id not in record_ids:
            raise ServiceRecordNotFound()
        if each.role not in STAFF_ROLES:
            raise BadMark()


def clean_text(text: str) -> str:
    """Words as they are kept. Raises BadComment when they are empty or too long."""
    clean = " ".join(text.split())
    if not 1 <= len(clean) <= TEXT_MAX:
        raise BadComment(most=TEXT_MAX)
    return clean


def check_code(*, is_used: bool, is_revoked: bool, expires_at: datetime, at: datetime) -> None:
    """Refuse a code that gave its mark (RatingCodeUsed), was replaced (RatingCodeUnknown) or is too old (RatingCodeTooOld)."""
    if is_used:
        raise RatingCodeUsed()
    if is_revoked:
        raise RatingCodeUnknown()
    if at >= expires_at:
        raise RatingCodeTooOld(expired_on=expires_at)


def check_change(*, is_posted: bool, is_own: bool) -> None:
    """Refuse to change a mark of a posted record (MarkIsFinal) or somebody else's (MarkOfAnother)."""
    if is_posted:
        raise MarkIsFinal()
    if not is_own:
        raise MarkOfAnother()


@dataclass(frozen=True)
class Rater:
    """The marks that a person gave in a community within a year, beside all that others gave there."""

    person_id: int
    community_id: int
    own: Mean
    others: Mean

    @property
    def distance(self) -> int | None:
        """How far the own mean lies from that of the others, in hundredths of a mark; below zero is stricter."""
        if self.own.hundredths is None or self.others.hundredths is None:
            return None
        return self.own.hundredths - self.others.hundredths


@dataclass(frozen=True)
class Favour:
    """What one gave the other within a year, beside what all others gave that member."""

    gave: Mean
    others_gave: Mean

    @property
    def distance(self) -> int:
        """How much more, in hundredths of a mark; 0 when nobody else gave any."""
        if self.gave.hundredths is None or self.others_gave.hundredths is None:
            return 0
        return self.gave.hundredths - self.others_gave.hundredths


def mutual_favour(there: Favour, back: Favour) -> int:
    """By how much two who rate each other both do better with each other than with the rest, in hundredths of a mark."""
    return min(there.distance, back.distance)


def raters(given: Mapping[tuple[int, int], Mean]) -> list[Rater]:
    """Everybody beside the others of the same community, from the marks by (person, community)."""
    all_of: dict[int, Mean] = {}
    for (_, community_id), mean in given.items():
        before = all_of.get(community_id, Mean())
        all_of[community_id] = Mean(before.count + mean.count, before.total + mean.total)
    return [
        Rater(person_id, community_id, own, less(all_of[community_id], own)) for (person_id, community_id), own in given.items()
    ]  # fmt: skip


def outliers(raters: Iterable[Rater]) -> list[Rater]:
    """Who lies a whole mark or more from the others, the farthest first; ten marks on each side are the least to go by."""
    far = [
        (each, each.distance) for each in raters
        if each.distance is not None and abs(each.distance) >= OUTLIER_DISTANCE
        and min(each.own.count, each.others.count) >= OUTLIER_MARKS_MIN
    ]  # fmt: skip
    return [each for each, distance in sorted(far, key=lambda pair: (-abs(pair[1]), pair[0].person_id))]


def less(whole: Mean, part: Mean) -> Mean:
    """What is left of some marks without a part of them."""
    return Mean(whole.count - part.count, whole.total - part.total)
