"""Marks of service records, links for recipients, comments and what auditors look at, as JSON."""

from typing import Any

from flask import g
from flask_limiter.util import get_remote_address

from bank import clock
from bank.db import random_key
from bank.evaluations import actions, fairness, invitations, queries, schemas, staff
from bank.evaluations.fairness import Wanted
from bank.evaluations.invitations import Invited
from bank.evaluations.models import Evaluation, EvaluationText, RatingInvitation, Withdrawal
from bank.evaluations.rules import BulkMarks, Call, Device, NewMark
from bank.hours.models import ServiceRecord
from bank.web import paging
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes
from bank.web.links import public_url
from bank.web.paging import Page, PageIn
from bank.web.security import limiter

bp = blueprint("evaluations", "Evaluation of service records by recipients and leaders.")
TRIES = "60 per minute"  # A hall full of recipients has one address; nobody guesses a code of eighty bits in the meantime.


@bp.get("/me/evaluations")
@access("member")
@bp.arguments(PageIn, location="query")
@bp.response(200, schemas.AllReceivedMarksSchema)
def received(asked: dict[str, Any]) -> dict[str, Any]:
    """The marks of the one who asks, the newest first; those that are still hidden say when they will be shown."""
    at = clock.now()
    page = paging.page(queries.rated_records(g.person.id), order=(ServiceRecord.id,), is_descending=True, **asked)
    return {"means": queries.means(g.person.id, at=at), "received": queries.received(page.items, at=at), "next": page.next}


@bp.get("/services/<int:service_id>/evaluations")
@access("member")
@bp.response(200, schemas.MarkLinesSchema)
def lines(service_id: int) -> dict[str, Any]:
    """Everybody in a service with their marks, for its leader and organizers."""
    return {"lines": staff.lines(g.person, service_id, at=clock.now())}


@bp.post("/services/<int:service_id>/evaluations")
@access("member")
@writes
@bp.arguments(schemas.BulkMarksSchema)
@bp.response(200, schemas.MarksGivenSchema)
def rate_service(sent: dict[str, Any], service_id: int) -> actions.Given:
    """Give the leader's marks for everybody in a service: defaults, and exceptions from them."""
    exceptions = tuple(NewMark(**each) for each in sent["exceptions"])
    marks = BulkMarks(leader=sent["leader"], completion=sent["completion"], exceptions=exceptions)
    return actions.rate_service(by=g.person, service_id=service_id, marks=marks, at=clock.now())


@bp.post("/services/<int:service_id>/rating-codes")
@access("member")
@writes
@bp.response(201, schemas.RatingCodesSchema)
def invite_all(service_id: int) -> dict[str, Any]:
    """Links for the recipients of all records that have neither a mark nor a good link."""
    return {"codes": [_link(each) for each in actions.invite_all(by=g.person, service_id=service_id, at=clock.now())]}


@bp.post("/service-records/<int:record_id>/rating-code")
@access("member")
@writes
@bp.response(201, schemas.RatingCodeSchema)
def invite(record_id: int) -> dict[str, Any]:
    """A new link for the recipient of one record; the one before it is good no longer."""
    return _link(actions.invite(by=g.person, record_id=record_id, at=clock.now()))


@bp.post("/service-records/<int:record_id>/call")
@access("organizer", "admin")
@writes
@bp.arguments(schemas.RecipientCallSchema)
@bp.response(201, schemas.EvaluationSchema)
def record_call(call: dict[str, Any], record_id: int) -> Evaluation:
    """Record the mark that a recipient gave on the phone, and who was called."""
    return actions.record_call(by=g.person, record_id=record_id, call=Call(**call), at=clock.now())


@bp.get("/rating-codes/<code>")
@limiter.limit(TRIES, key_func=get_remote_address)
@access("public")
@bp.response(200, schemas.RatingInvitedSchema)
def invited(code: str) -> Invited:
    """What a recipient's link shows."""
    return invitations.invited(code, at=clock.now())


@bp.post("/rating-codes/<code>/mark")
@limiter.limit(TRIES, key_func=get_remote_address)
@access("public")
@writes
@bp.arguments(schemas.NewMarkSchema)
@bp.response(201, schemas.RatingInvitedSchema)
def rate_by_code(new: dict[str, int], code: str) -> Invited:
    """Give the recipient's mark, once."""
    at = clock.now()
    actions.rate_by_code(code=code, mark=new["mark"], device=Device(random_key()), by=g.person, at=at)
    return invitations.invited(code, at=at)


@bp.post("/rating-codes/<code>/comment")
@limiter.limit(TRIES, key_func=get_remote_address)
@access("public")
@writes
@bp.arguments(schemas.MarkCommentSchema)
@bp.response(201, schemas.RatingInvitedSchema)
def comment_by_code(new: dict[str, str], code: str) -> Invited:
    """Add words to the mark just given; somebody reads them before they are shown."""
    at = clock.now()
    actions.comment_by_code(code=code, text=new["text"], at=at)
    return invitations.invited(code, at=at)


@bp.post("/evaluations/<int:evaluation_id>/withdrawal")
@access("member")
@writes
@bp.arguments(schemas.NewMarkWithdrawalSchema)
@bp.response(201, schemas.MarkWithdrawalSchema)
def ask_withdrawal(new: dict[str, str], evaluation_id: int) -> Withdrawal:
    """Ask for a mark to be taken back; it counts until a second person agrees."""
    return actions.ask_withdrawal(by=g.person, evaluation_id=evaluation_id, reason=new["reason"], at=clock.now())


@bp.get("/evaluation-withdrawals")
@access("organizer", "admin")
@bp.response(200, schemas.MarkWithdrawalsSchema)
def withdrawals() -> dict[str, list[Withdrawal]]:
    """What waits for a second person."""
    return {"withdrawals": staff.open_withdrawals(g.person)}


@bp.post("/evaluation-withdrawals/<int:withdrawal_id>/decision")
@access("organizer", "admin")
@writes
@bp.arguments(schemas.WithdrawalAgreementSchema)
@bp.response(200, schemas.MarkWithdrawalSchema)
def decide_withdrawal(said: dict[str, bool], withdrawal_id: int) -> Withdrawal:
    """Agree, as the second person, that a mark is taken back, or refuse it."""
    return actions.decide_withdrawal(by=g.person, withdrawal_id=withdrawal_id, is_agreed=said["is_agreed"], at=clock.now())


@bp.get("/evaluation-comments")
@access("organizer", "admin")
@bp.arguments(schemas.MarkCommentQuerySchema, location="query")
@bp.response(200, schemas.MarkCommentsSchema)
def comments(asked: dict[str, str]) -> dict[str, list[EvaluationText]]:
    """Comments that wait to be read, or that were decided."""
    return {"comments": staff.comments(g.person, state=asked["state"])}


@bp.post("/evaluation-comments/<int:evaluation_id>/decision")
@access("organizer", "admin")
@writes
@bp.arguments(schemas.MarkModerationSchema)
@bp.response(200, schemas.MarkCommentStateSchema)
def moderate(said: dict[str, bool], evaluation_id: int) -> EvaluationText:
    """Let a comment be seen, or refuse it."""
    return actions.moderate(by=g.person, evaluation_id=evaluation_id, is_shown=said["is_shown"], at=clock.now())


@bp.get("/evaluations/fairness")
@access("auditor")
@bp.arguments(schemas.MarkYearQuerySchema, location="query")
@bp.response(200, schemas.MarkFairnessSchema)
def fairness_lists(asked: dict[str, Any]) -> dict[str, Any]:
    """Raters far from the rest, pairs who rate each other, and phones that used many codes."""
    year = asked["year"] or clock.today().year
    return {
        "year": year,
        "outliers": fairness.outliers(g.person, year=year),
        "mutual_pairs": fairness.mutual_pairs(g.person, year=year),
        "phones": fairness.phones(g.person, year=year),
    }


@bp.get("/evaluations")
@access("auditor")
@bp.arguments(PageIn, location="query")
@bp.arguments(schemas.MarkRowsQuerySchema, location="query")
@bp.response(200, schemas.EvaluationsSchema)
def rows(asked: dict[str, Any], which: dict[str, Any]) -> dict[str, Any]:
    """The marks behind a line of the lists, the newest first."""
    wanted = fairness.rows(g.person, Wanted(**which | {"year": which["year"] or clock.today().year}))
    page: Page = paging.page(wanted, order=(Evaluation.id,), is_descending=True, **asked)
    return {"evaluations": page.items, "next": page.next}


def _link(invitation: RatingInvitation) -> dict[str, Any]:
    url = public_url("recipient.start", code=invitations.code_of(invitation))
    return {"record_id": invitation.service_record_id, "url": url, "expires_at": invitation.expires_at}
