"""Every state-changing request is safe to send twice: the first finished answer is kept and given again, byte for byte.

`writes` opens the transaction, claims the request's key, runs the view, keeps the answer and commits; the view itself
holds one action. A refused request (a BankError, or an answer of 400 and above) changes nothing and is not kept, so it
may be sent again with the same key. Decorators, from the outside in:

    @bp.post("/redemptions")                    # API: the key comes in the header Idempotency-Key
    @access("clerk")
    @writes
    @bp.arguments(RedemptionIn)
    @bp.response(201, RedemptionOut)
    def redeem(new: dict[str, Any]) -> Redemption:
        \"\"\"Give a reward for points.\"\"\"
        return actions.redeem(by=g.person, **new, key=random_key(), at=clock.now())

    @bp.post("/counter/redeem")                 # page: the key comes in a hidden field, put there by `ui.form`
    @access("clerk")
    @redisplay(counter)                         # after a refusal, shows the form again with what was typed
    @writes
    def redeem() -> ResponseReturnValue:
        redemption = actions.redeem(by=g.person, **load(RedemptionIn), key=random_key(), at=clock.now())
        return redirect(url_for(".redemption", redemption_id=redemption.id), 303)

A view that changes only the browser's own cookies says `@writes_cookies_only` instead.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Response, current_app, g, make_response, request
from sqlalchemy import LargeBinary, SmallInteger, String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from bank import clock
from bank.db import Base, Instant, db, is_postgres, transaction
from bank.errors import Conflict, Invalid
from bank.ledger.rules import KeyReused
from bank.web.auth import is_api

KEY_SHAPE = re.compile(r"[!-~]{1,80}")
FIELD = "idempotency_key"
SHOWN_ONCE = "shown once"  # Stands where the content type of a kept answer stands.
SETTLED = "settled"  # No request's own fingerprint, so that none is ever taken for the same.
STRANGERS = "strangers"  # The scope of all who are not signed in; a key of one tells another nothing, as the rest must be equal.
NOT_MEANT = {FIELD, "csrf_token"}  # Fields that differ between two sendings of one form.


class IdempotencyKeyMissing(Invalid):
    """A request that changes something carries a key, so that it can be sent again."""


class IdempotencyKeyMalformed(Invalid):
    """A key is 1 to 80 visible ASCII characters."""


class AlreadyShown(Conflict):
    """What was asked is done; its answer held a secret, which is shown once and was not kept."""


class Answer(Base):
    """The answer to a request that changed something, as it was first sent; `status` is 0 while it is being made."""

    __tablename__ = "answer"

    scope: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(SmallInteger)
    content_type: Mapped[str] = mapped_column(String(100))
    location: Mapped[str | None] = mapped_column(String(2000))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    answered_at: Mapped[datetime] = mapped_column(Instant)
    repeats: Mapped[int]


class _Refused(Exception):
    """Carries an answer of 400 and above out of the transaction, which is thereby undone."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def writes(view: Callable[..., Any]) -> Callable[..., Any]:
    """Run a view in one transaction under its request's key, at most once. Raises KeyReused for another request's key."""

    @wraps(view)
    def once(*args: Any, **kwargs: Any) -> Response:
        scope, key, fingerprint = g.person.key if g.person else STRANGERS, request_key(), _fingerprint()
        try:
            with transaction():
                if not _claim(scope, key, fingerprint):
                    return _first_answer(scope, key, fingerprint)
                return _keep(scope, key, make_response(current_app.ensure_sync(view)(*args, **kwargs)))
        except _Refused as refused:
            return refused.response

    once.writes = True  # type: ignore[attr-defined]
    return once


def writes_cookies_only(view: Callable[..., Any]) -> Callable[..., Any]:
    """Say of a view that it changes nothing but the browser's own cookies, which a repeat cannot harm."""
    view.writes = False  # type: ignore[attr-defined]
    return view


def shows_once(view: Callable[..., Any]) -> Callable[..., Any]:
    """Say of a view that its answer holds a secret: it is not kept, and a repeat is told so. It goes inside `writes`."""

    @wraps(view)
    def shown(*args: Any, **kwargs: Any) -> Any:
        g.is_shown_once = True
        return view(*args, **kwargs)

    return shown


def settle(key: str) -> str | None:
    """Where the form with this key led when its answer was lost, or None after making sure that it leads nowhere any more.

    A late copy of the form finds its key taken and is refused, so that what a page has called "not done" stays so.
    """
    if _claim(g.person.key, key, SETTLED):
        db.session.get_one(Answer, (g.person.key, key)).status = 409
        return None
    return db.session.get_one(Answer, (g.person.key, key)).location


def request_key() -> str:
    """The key of the present request. Raises IdempotencyKeyMissing or IdempotencyKeyMalformed."""
    key = request.headers.get("Idempotency-Key", "") if is_api() else request.form.get(FIELD, "")
    if not key:
        raise IdempotencyKeyMissing()
    if not KEY_SHAPE.fullmatch(key):
        raise IdempotencyKeyMalformed()
    return key


def _claim(scope: str, key: str, fingerprint: str) -> bool:
    # On PostgreSQL a second sender waits here until the first is done; SQLite lets only one writer in at all.
    insert = postgresql.insert if is_postgres() else sqlite.insert
    row = insert(Answer).values(
        scope=scope, key=key, fingerprint=fingerprint, status=0, content_type="", body=b"", answered_at=clock.now(), repeats=0
    )
    # RETURNING tells it on both; the row count of an insert is unknown (-1) on PostgreSQL.
    claimed = row.on_conflict_do_nothing().returning(Answer.key)
    return db.session.connection().execute(claimed).scalar() is not None


def _first_answer(scope: str, key: str, fingerprint: str) -> Response:
    answer = db.session.get_one(Answer, (scope, key))
    if answer.fingerprint != fingerprint:
        raise KeyReused(key=key)
    if answer.content_type == SHOWN_ONCE:
        raise AlreadyShown()
    answer.repeats = Answer.repeats + 1  # A repeat must write, so that its answer waits for the standby like the first.
    response = Response(answer.body, answer.status, content_type=answer.content_type)
    if answer.location is not None:
        response.headers["Location"] = answer.location
    return response


def _keep(scope: str, key: str, response: Response) -> Response:
    if response.status_code >= 400:
        raise _Refused(response)
    answer = db.session.get_one(Answer, (scope, key))
    answer.status, answer.body = response.status_code, response.get_data()
    if g.get("is_shown_once"):
        answer.content_type, answer.body = SHOWN_ONCE, b""
        return response
    answer.content_type, answer.location = response.content_type or "", response.headers.get("Location")
    return response


def _fingerprint() -> str:
    # With a key of ours: whoever reads this table must not be able to try all PINs against a stored fingerprint.
    digest = hmac.new(current_app.config["SECRET_KEY"].encode(), f"{request.method} {request.full_path}\n".encode(), "sha256")
    for part in [request.get_data()] if is_api() else _form_parts():
        digest.update(b"%d:%s" % (len(part), part))
    return digest.hexdigest()


def _form_parts() -> list[bytes]:
    parts = [text.encode() for name, value in request.form.items(multi=True) if name not in NOT_MEANT for text in (name, value)]
    for name, file in request.files.items(multi=True):
        parts += [name.encode(), hashlib.sha256(file.stream.read()).digest()]
        file.stream.seek(0)
    return parts
