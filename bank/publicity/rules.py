"""Decisions about publicity and objections, made from plain values only."""

from bank.errors import Conflict, Invalid, NotAllowed, NotFound

PART_STATES = ("shown", "posted", "struck")
STATES = ("open", "kept", "taken_back")
REVERSAL_REASON = "not_mine"  # What the sealed journal learns; the words stand beside the objection, where they can be erased.
WORDS_MAX = 200


class AnswerMissing(Invalid):
    """An objection is answered with reasons, in at most 200 characters."""


class NoSuchHours(NotFound):
    """There is no such record of one's own, or of a child for whom one answers."""


class ObjectionNotFound(NotFound):
    """There is no such objection, or not for the one who asks."""


class AnotherAnswers(NotAllowed):
    """Neither the member, nor the household, nor who confirmed the hours decides about an objection."""


class AlreadyTakenBack(Conflict):
    """These hours were taken back before."""


class AnsweredAlready(Conflict):
    """This objection has its answer."""


class PointsSpent(Conflict):
    """The points are spent; an admin, not an organizer, books what is missing."""


def check_words(words: str) -> str:
    """The reasons of an answer in one piece. Raises AnswerMissing."""
    clean = words.strip()
    if not 1 <= len(clean) <= WORDS_MAX:
        raise AnswerMissing()
    return clean


def check_answerer(*, answerer_id: int, at_home_ids: set[int], confirmed_by_ids: set[int | None]) -> None:
    """Refuse with AnotherAnswers the member, the household, and whoever confirmed or agreed to the hours."""
    if answerer_id in at_home_ids or answerer_id in confirmed_by_ids:
        raise AnotherAnswers()


def check_open(state: str, *, is_taken_back: bool) -> bool:
    """Whether there is still something to decide; the same answer again changes nothing. Raises AnsweredAlready."""
    if state == "open":
        return True
    if (state == "taken_back") != is_taken_back:
        raise AnsweredAlready()
    return False
