"""The organizer's table: members are scanned by card or phone code, with a gun, a camera or a photograph.

The page itself goes on working without a network (`scanner.js`, `scanner_worker.js`): it keeps what was scanned on the device
and sends it later. It therefore names nobody; names come with answers only.
"""

from typing import Any

from flask import Blueprint, Response, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import RequestEntityTooLarge

from bank import clock
from bank.activities.models import Activity
from bank.activities.queries import activity, require_organizer
from bank.attendance import actions, queries, rules
from bank.attendance import scans as written
from bank.attendance.rules import NewScan
from bank.attendance.schemas import ReviewFormSchema, ScanBatchSchema, UndoFormSchema
from bank.documents import pictures
from bank.joining.queries import search_joined
from bank.people.models import Person
from bank.people.rules import SearchTooShort
from bank.web import scan_answers
from bank.web.auth import access
from bank.web.errors import refusal_in_words
from bank.web.files import STATIC
from bank.web.forms import load, redisplay
from bank.web.idempotency import request_key, writes, writes_cookies_only
from bank.web.scan_answers import takes_scans
from bank.web.scan_batches import take_batch
from bank.web.security import limit_lookups, limiter

bp = Blueprint("scanner", __name__, url_prefix="/door")
STAFF = ("organizer", "admin")
LATEST_SHOWN = 30
# Two pictures a second from each of three phones of one organizer; more than a picture of 640 pixels in grey is large.
FRAMES_MAX, FRAME_BYTES_MAX, CODES_MAX = "400 per minute", 300_000, 4


@bp.get("/worker.js")
@access("public")
def worker() -> Response:
    """The part that keeps the page on the device; it reigns over the addresses below its own."""
    answer = Response((STATIC / "scanner_worker.js").read_bytes(), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/<int:activity_id>")
@access(*STAFF)
def scanner(activity_id: int) -> str:
    """The table: one field for guns, a camera, and the answer to what was scanned last."""
    held = _held(activity_id)
    nonce = request.args.get("answer", "")
    scan = written.own_scan(by=g.person, nonce=nonce) if nonce else None
    last = scan_answers.body(scan) if scan else None
    card = rules.scanned_digits(request.args.get("card", ""))
    return render_template("attendance/scanner.html", activity=held, last=last, card=card, counts=_counts(activity_id))


@bp.get("/<int:activity_id>/state")
@access(*STAFF)
def state(activity_id: int) -> Response:
    """What the page asks for when it has a network: a fresh token, and how many have come."""
    _held(activity_id)
    return jsonify(token=generate_csrf(), **_counts(activity_id))


@bp.post("/scans")
@access(*STAFF)
@takes_scans
def scans() -> Response:
    """Scans of this browser, at once or kept while it was away, each with its own answer."""
    sent = ScanBatchSchema(exclude=["device"]).load(request.get_json())
    return take_batch(sent, by=g.sender, at=clock.now())


@bp.post("/<int:activity_id>/card")
@access(*STAFF)
@redisplay(scanner)
@takes_scans
def card(activity_id: int) -> ResponseReturnValue:
    """The same by a plain form: one card in or out."""
    return _take(activity_id, card=request.form.get("card", "")[:200])


@bp.post("/<int:activity_id>/photo")
@access(*STAFF)
@limit_lookups
@redisplay(scanner)
@takes_scans
def photo(activity_id: int) -> ResponseReturnValue:
    """The same by a photograph of the code, for a phone whose browser has no live camera."""
    file = request.files.get("photo")
    found = [rules.scanned_digits(each) for each in pictures.codes(file.stream.read())] if file else []
    return _take(activity_id, card=next((each for each in found if each), ""))


@bp.post("/frames")
@access(*STAFF)
@limiter.limit(FRAMES_MAX, key_func=lambda: str(g.person.key))
@writes_cookies_only
def frame() -> Response:
    """What a live camera sees, for a browser that reads no codes: the texts in one small picture, which is not kept."""
    seen = request.get_data()
    if len(seen) > FRAME_BYTES_MAX:
        raise RequestEntityTooLarge()
    return jsonify(codes=[each[:200] for each in pictures.codes(seen)[:CODES_MAX]])


@bp.post("/<int:activity_id>/people/<int:person_id>")
@access(*STAFF)
@takes_scans
def by_hand(activity_id: int, person_id: int) -> ResponseReturnValue:
    """Somebody in or out without a code, with a reason."""
    _take(activity_id, person_id=person_id, reason=request.form.get("reason", ""), is_flashed=True)
    return redirect(url_for(".now", activity_id=activity_id), 303)


@bp.get("/m/<digits>")
@access(*STAFF)
def member(digits: str) -> ResponseReturnValue:
    """What the phone's own camera opens from a member's code: the table of the activity that is on, with the code filled in."""
    open_now = queries.open_now(by=g.person, at=clock.now())
    if not open_now:
        raise rules.NoActivityOpen()
    if len(open_now) == 1:
        return redirect(url_for(".scanner", activity_id=open_now[0].id, card=digits), 303)
    return render_template("attendance/which.html", activities=open_now, card=digits)


@bp.get("/<int:activity_id>/now")
@access(*STAFF)
@limit_lookups
def now(activity_id: int) -> str:
    """Who is in now, who has left, and the last scans, each with its way back."""
    held, text = _held(activity_id), request.args.get("q", "").strip()
    latest = written.latest_scans(by=g.person, activity_id=activity_id, limit=LATEST_SHOWN)
    return render_template(
        "attendance/now.html", activity=held, present=queries.present(activity_id), counts=_counts(activity_id),
        q=text, found=_found(activity_id, text),
        latest=[(each, scan_answers.words(each)) for each in latest], undone=written.undone_ids(each.id for each in latest),
    )  # fmt: skip


@bp.post("/<int:activity_id>/scans/<nonce>/undo")
@access(*STAFF)
@redisplay(now)
@takes_scans
def undo(activity_id: int, nonce: str) -> ResponseReturnValue:
    """Take a scan back by an opposite one."""
    reason = load(UndoFormSchema)["reason"]
    done = actions.undo(by=g.person, nonce=request_key(), undoes=nonce, reason=reason, gate=scan_answers.gate(), at=clock.now())
    flash(f"{done.shown_name} · {scan_answers.words(done).sentence}", "done")
    return redirect(url_for(".now", activity_id=activity_id), 303)


@bp.get("/<int:activity_id>/look")
@access(*STAFF)
def look(activity_id: int) -> str:
    """What somebody must decide: wrong clocks, conflicts, two accounts on one phone."""
    held, waiting = _held(activity_id), written.to_look_at(by=g.person, activity_id=activity_id)
    scans = [(each, scan_answers.conflict(each)) for each in waiting]
    return render_template("attendance/look.html", activity=held, scans=scans)


@bp.post("/<int:activity_id>/look/<int:scan_id>")
@access(*STAFF)
@redisplay(look)
@writes
def review(activity_id: int, scan_id: int) -> ResponseReturnValue:
    """Decide about one of them."""
    actions.review(by=g.person, scan_id=scan_id, at=clock.now(), **load(ReviewFormSchema))
    flash(gettext("已记下您的决定。"), "done")
    return redirect(url_for(".look", activity_id=activity_id), 303)


def _held(activity_id: int) -> Activity:
    held = activity(activity_id)
    require_organizer(g.person, held.unit_id)
    return held


def _found(activity_id: int, text: str) -> list[Person] | None:
    try:
        return search_joined(by=g.person, activity_id=activity_id, text=text) if text else None
    except SearchTooShort as refusal:
        g.refusal = refusal_in_words(refusal)
        return None


def _counts(activity_id: int) -> dict[str, int]:
    return {"present_count": queries.present_count(activity_id), "head_count": queries.head_count(activity_id)}


def _take(activity_id: int, *, is_flashed: bool = False, **scanned: Any) -> ResponseReturnValue:
    kind = "out" if request.form.get("kind") == "out" else "in"
    scan = NewScan(nonce=request_key(), kind=kind, activity_id=activity_id, **scanned)
    taken = actions.take(by=g.sender, scan=scan, gate=scan_answers.gate(), at=clock.now())
    if is_flashed:
        words = scan_answers.words(taken)
        is_good = taken.answer in rules.ACCEPTED
        flash(
            f"{taken.shown_name or ''} · {words.sentence}" + ("" if is_good else f" {words.next}"),
            "done" if is_good else "refused",
        )
    return redirect(url_for(".scanner", activity_id=activity_id, answer=taken.nonce), 303)
