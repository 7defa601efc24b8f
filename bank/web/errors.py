"""One mapping from refusals to answers: problem+json (RFC 9457) on the API, a page in words elsewhere.

The sentence and the next step are looked up by code in `messages`; `final` says whether sending the same again can help.
"""

import json
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from marshmallow import ValidationError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError

from bank.access.rules import TooManyTries
from bank.db import CommitUncertain, db
from bank.errors import BankError, Conflict, Invalid, NotAllowed, NotFound
from bank.web import auth
from bank.web.field_errors import in_words
from bank.web.messages import explain

STATUSES: tuple[tuple[type[BankError], int], ...] = ((Invalid, 400), (NotFound, 404), (NotAllowed, 403), (Conflict, 409))
HTTP_CODES = {
    400: "bad_request",
    401: "sign_in_needed",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "media_type_not_supported",
    422: "invalid",
    429: "too_many_requests",
    500: "our_mistake",
    503: "busy",
}
OUTCOME_UNKNOWN = "outcome_unknown"


class ConstraintBroken(Conflict):
    """The database refused what the rules had let through: somebody else was quicker, or it contradicts the books."""


class FormExpired(Invalid):
    """The form was open for so long, or in such a way, that it can no longer be trusted."""


def register(app: Flask) -> None:
    """Answer every error of the app in its own form."""
    handlers: tuple[tuple[type[Exception], Callable[[Any], ResponseReturnValue]], ...] = (
        (BankError, answer_refusal),
        (ValidationError, lambda error: answer_refusal(Invalid(errors=error.messages))),
        (IntegrityError, lambda error: answer_refusal(ConstraintBroken())),
        (CSRFError, lambda error: answer_refusal(FormExpired())),
        (HTTPException, _answer_http),
        (DataError, _answer_unstorable),
        (OperationalError, _answer_database),
        (InterfaceError, _answer_database),
        (DBAPIError, _answer_database),
        (PoolTimeout, _answer_database),
        (InternalServerError, _answer_crash),
    )
    for kind, handler in handlers:
        app.register_error_handler(kind, handler)


def answer_status(error: BankError) -> int:
    """400, 403, 404 or 409 by the kind of a refusal; 401 when nobody is signed in, 429 for who must wait."""
    if isinstance(error, auth.SignInNeeded):
        return 401
    if isinstance(error, TooManyTries):
        return 429
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 400)


def answer_refusal(error: BankError) -> Response:
    """The answer to a BankError."""
    response = _answer(answer_status(error), _codes(error), error.details)
    if isinstance(error, TooManyTries):
        response.headers["Retry-After"] = str(error.details["seconds"])
    return response


def refusal_in_words(error: BankError) -> dict[str, Any]:
    """What a form shows above itself after a refusal: sentence, next step, and messages by field name."""
    words = explain(_codes(error), error.details)
    return {"sentence": words.sentence, "next": words.next, "errors": in_words(error.details.get("errors", {}))}


def _codes(error: BankError) -> list[str]:
    return [kind.code for kind in type(error).__mro__ if issubclass(kind, BankError)]


def _answer(status: int, codes: list[str], details: dict[str, Any]) -> Response:
    words = explain(codes, details)
    errors = in_words(details.get("errors", {}))
    if auth.is_api():
        problem = {
            "type": "about:blank",
            "title": words.title,
            "status": status,
            "code": codes[0],
            "detail": words.sentence,
            "next": words.next,
            "final": words.is_final,
        }
        body = json.dumps({**problem, **({"errors": errors} if errors else {})}, ensure_ascii=False)
        response = Response(body, status, content_type="application/problem+json")
    else:
        page = render_template("error.html", status=status, code=codes[0], words=words, errors=errors)
        response = make_response(page, status)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _answer_http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    details = _validation_details(error)
    if not auth.is_api() and error.code < 500:
        auth.load_person()  # So that the page keeps the menu of the one who took a wrong turn.
    status = 400 if error.code == 422 else error.code
    code = "invalid" if details else HTTP_CODES.get(error.code, "bad_request" if error.code < 500 else "our_mistake")
    response = _answer(status, [code], details)
    for name, value in error.get_headers(request.environ):
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _validation_details(error: HTTPException) -> dict[str, Any]:
    messages = (getattr(error, "data", None) or {}).get("messages", {})
    # webargs puts the place first ({"json": {"name": [...]}}); the names alone say it as well.
    fields = {name: each for place in messages.values() if isinstance(place, dict) for name, each in place.items()}
    return {"errors": fields} if fields else {}


def _answer_unstorable(error: DataError) -> Response:
    # PostgreSQL says that no column holds such a number or text; SQLite finds nothing, or holds it.
    db.session.rollback()
    return answer_refusal(Invalid())


def _answer_database(error: Exception) -> Response:
    current_app.logger.exception("The database did not answer.", exc_info=error)
    db.session.rollback()
    _forget_person()
    # It must not say that nothing has changed when that is what nobody knows.
    response = _answer(503, [OUTCOME_UNKNOWN if isinstance(error, CommitUncertain) else "busy"], {})
    response.headers["Retry-After"] = "2"
    return response


def _answer_crash(error: InternalServerError) -> Response:
    _forget_person()
    return _answer(500, ["our_mistake"], {})


def _forget_person() -> None:
    # The page must not ask the database again for what it could not give.
    g.person, g.roles = None, set()
