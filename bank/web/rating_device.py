"""Which browser this is: a random name, and the numbers of those who signed in on it lately, in a signed cookie.

So whoever served cannot rate it on the own phone by signing out first. Nothing of it is stored but the random name beside a
mark, by which auditors see that one phone gave many.
"""

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeSerializer

from bank.db import random_key
from bank.evaluations.rules import Device

COOKIE = "rater"
SECONDS = 365 * 24 * 3600
REMEMBERED_MAX = 20  # A community's shared PC is not to carry a list without end.


def current() -> Device:
    """The browser of the present request; one without the cookie is new."""
    key, person_ids = _carried()
    return Device(key, frozenset(person_ids))


def keep(response: Response) -> Response:
    """Let the browser carry its name from now on."""
    return _send(response, *_carried())


def register(app: Flask) -> None:
    """Remember on a browser who signs in on it."""
    app.after_request(_remember)


def _remember(response: Response) -> Response:
    person = g.get("person")
    if person is None or response.mimetype != "text/html":
        return response
    key, person_ids = _carried()
    return response if person.id in person_ids else _send(response, key, [person.id, *person_ids][:REMEMBERED_MAX])


def _carried() -> tuple[str, list[int]]:
    """The name and the numbers, the newest first."""
    if "rating_device" not in g:
        g.rating_device = _read(request.cookies.get(COOKIE, ""))
    carried: tuple[str, list[int]] = g.rating_device
    return carried


def _send(response: Response, key: str, person_ids: list[int]) -> Response:
    text = _serializer().dumps([key, person_ids])
    response.set_cookie(COOKIE, text, max_age=SECONDS, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def _read(text: str) -> tuple[str, list[int]]:
    if not text:
        return random_key(), []
    try:
        key, person_ids = _serializer().loads(text)
    except BadSignature:
        return random_key(), []
    return key, person_ids


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=COOKIE)
