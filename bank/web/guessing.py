"""Proving who one is, with every try counted: the first step, the second, and codes that name nobody.

A browser in which somebody signed in rightly keeps a cookie that says so; failures elsewhere do not slow it down.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, after_this_request, current_app, g, make_response, request
from itsdangerous import BadSignature, URLSafeSerializer

from bank import clock
from bank.access import queries, second_step, tries
from bank.db import random_key, transaction
from bank.people.models import Person

COOKIE = "known"
COOKIE_DAYS = 400
KNOWN_MAX = 5  # A desk's computer knows its clerks; more than five is a public one.


def first_step(*, login: str, pin: str) -> Person:
    """The person with this login and PIN or password. Raises SignInRefused, TooManyTries."""
    at, person = clock.now(), queries.find_login(login)
    device = _known().get(person.key) if person else None
    keys = tries.keys_of_sign_in(person=person, login=login, device=device, address=_address())
    with transaction():
        tries.begin(keys, at=at)
    person = queries.sign_in(login=login, pin=pin)
    with transaction():
        tries.end(keys, at=at)
    return person


def next_step(person: Person, code: str) -> None:
    """Take a code of the second step. Raises CodeWrong, TooManyTries."""
    at, keys = clock.now(), [tries.key_of_second_step(person)]
    with transaction():
        tries.begin(keys, at=at)
    with transaction():
        second_step.prove(person=person, code=code, at=at)
    with transaction():
        tries.end(keys, at=at)


def slow_to_guess(view: Callable[..., Any]) -> Callable[..., Any]:
    """Count what a view refuses by the address it came from; for short codes. It goes outside `writes`."""
    return _counted(view, lambda: tries.key_of_address(_address()))


def slow_to_prove(view: Callable[..., Any]) -> Callable[..., Any]:
    """Count what a view refuses by who is signed in; for what asks for the PIN again. It goes outside `writes`."""
    return _counted(view, lambda: tries.key_of_own_secret(g.person))


def remember(person: Person) -> None:
    """Let this browser be known as one in which the person signed in rightly."""
    known = {**_known(), person.key: random_key()}
    for oldest in list(known)[:-KNOWN_MAX]:
        del known[oldest]
    value = _signed().dumps(known)

    @after_this_request
    def keep(response: Response) -> Response:
        set_lasting_cookie(response, COOKIE, str(value))
        return response


def set_lasting_cookie(response: Response, name: str, value: str) -> None:
    """A cookie out of reach of scripts that stays as long as browsers let it."""
    is_secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(name, value, max_age=COOKIE_DAYS * 86400, secure=is_secure, httponly=True, samesite="Lax")


def _counted(view: Callable[..., Any], key: Callable[[], tries.Key]) -> Callable[..., Any]:
    @wraps(view)
    def counted(*args: Any, **kwargs: Any) -> Response:
        at, keys = clock.now(), [key()]
        with transaction():
            tries.begin(keys, at=at)
        answer = make_response(view(*args, **kwargs))
        if answer.status_code < 400:
            with transaction():
                tries.end(keys, at=at)
        return answer

    return counted


def _known() -> dict[str, str]:
    try:
        found = _signed().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def _signed() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="known device")


def _address() -> str:
    return request.remote_addr or ""
