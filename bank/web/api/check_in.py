"""Scans as JSON: one contract for phones at the screen, for scanners at the door, and for what they kept while away."""

from collections.abc import Mapping
from typing import Any

from flask import Response, g

from bank import clock
from bank.attendance import actions, schemas
from bank.attendance import scans as written
from bank.attendance.models import Scan, ScanReview
from bank.attendance.rules import NewScan
from bank.web import paging, scan_answers
from bank.web.api import PROBLEM, blueprint
from bank.web.auth import access
from bank.web.idempotency import writes
from bank.web.paging import Page, PageIn
from bank.web.scan_answers import takes_scans
from bank.web.scan_batches import take_batch
from bank.web.security import limit_wrong

bp = blueprint("check_in", "Scans: checking in and out, undoing, and what an organizer must look at.")
# Only what is refused counts: nobody guesses a code of six characters at this pace, and no door is held up.
WRONG_MAX = "60 per minute"


def _answers(view: Any) -> Any:
    """Document what a scan is answered: 201 or 202, or a refusal that tells as much."""
    for refused in (400, 403, 404, 409):
        view = bp.alt_response(refused, schema=schemas.ScanRefusalSchema, content_type=PROBLEM)(view)
    return bp.alt_response(202, schema=schemas.ScanAnswerSchema)(bp.response(201, schemas.ScanAnswerSchema)(view))


@bp.post("/check-ins")
@access("member", scope="check_in")
@limit_wrong(WRONG_MAX)
@takes_scans
@bp.arguments(schemas.CheckInSchema)
@_answers
def check_in(new: dict[str, Any]) -> Response:
    """Check in or out: by the code on the screen for oneself, or a member by card, phone code or from the list, as organizer.

    The answer to a nonce is given once and for all, refused or not: sent again, it is the same to the byte.
    """
    gate = scan_answers.gate(new.pop("device", None))
    return scan_answers.answer(actions.take(by=g.sender, scan=NewScan(**new), gate=gate, at=clock.now()))


@bp.post("/check-ins/batches")
@access("organizer", "admin", scope="check_in")
@takes_scans
@bp.arguments(schemas.ScanBatchSchema)
@bp.response(200, schemas.ScanAnswersSchema)
def check_in_batch(sent: dict[str, Any]) -> Response:
    """Take up to 500 scans that a device kept while it was away, each with its own answer; a second sending changes nothing."""
    return take_batch(sent, by=g.sender, at=clock.now())


@bp.post("/check-ins/undos")
@access("member", scope="check_in")
@takes_scans
@bp.arguments(schemas.ScanUndoSchema)
@_answers
def undo(asked: dict[str, Any]) -> Response:
    """Take a scan back by an opposite one."""
    gate = scan_answers.gate(asked.pop("device", None))
    return scan_answers.answer(actions.undo(by=g.person, gate=gate, at=clock.now(), **asked))


@bp.get("/activities/<int:activity_id>/scans")
@access("organizer", "admin", scope="check_in")
@bp.arguments(PageIn, location="query")
@bp.response(200, schemas.ScansSchema)
def scans(asked: dict[str, Any], activity_id: int) -> Page:
    """Every scan at an activity, refused ones included, the latest first."""
    return paging.page(written.scans(by=g.person, activity_id=activity_id), order=(Scan.id,), is_descending=True, **asked)


@bp.get("/activities/<int:activity_id>/scans/to-review")
@access("organizer", "admin", scope="check_in")
@bp.response(200, schemas.ScansToReviewSchema)
def to_review(activity_id: int) -> Mapping[str, Any]:
    """Scans about which an organizer must decide: a wrong clock, a conflict, two accounts on one phone."""
    return {"items": written.to_look_at(by=g.person, activity_id=activity_id)}


@bp.post("/scans/<int:scan_id>/review")
@access("organizer", "admin", scope="check_in")
@writes
@bp.arguments(schemas.ScanReviewSchema)
@bp.response(201, schemas.DecidedSchema)
def review(decision: dict[str, Any], scan_id: int) -> ScanReview:
    """Decide about a scan: accepted, it counts; else it does not."""
    return actions.review(by=g.person, scan_id=scan_id, at=clock.now(), **decision)
