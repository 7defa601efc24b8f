"""Who is asking: a session cookie on pages, a bearer token on the API, and never one in the other's place.

Every view says first who may call it; a test fails on a view that does not:

    @access("clerk", "admin")   anyone who holds one of these roles, wherever
    @access("member")           anyone who is signed in
    @access("public")           anyone at all

This is the coarse check: whether the role reaches the unit in question is decided by the action or query that is
called, through `people.queries.require_role`. Behind `access`, `g.person` is the Person (None for strangers) and
`g.roles` the set of role names held.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user

from bank import clock
from bank.access.queries import token_owner
from bank.db import db
from bank.errors import NotAllowed
from bank.people import queries
from bank.people.models import ROLES, Person
from bank.people.rules import RoleMissing

API = "/api/"


class SignInNeeded(NotAllowed):
    """Only somebody who is signed in may see or do this."""


class SignedIn(UserMixin):  # type: ignore[misc]
    """A person as flask-login wants to see one."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        """The person and a trace of the PIN, so that a new PIN signs out every other browser."""
        trace = hashlib.sha256((self.person.pin_hash or "").encode()).hexdigest()[:16]
        return f"{self.person.key}.{trace}"


def access(*who: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Say who may call a view: role names, or "member", or "public". Comes before every other decorator but the route."""
    assert who and set(who) <= {*ROLES, "member", "public"}, "unknown role"

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            load_person()
            refusal = _refusal(who)
            return refusal if refusal is not None else view(*args, **kwargs)

        guarded.access = who  # type: ignore[attr-defined]
        return guarded

    return guard


def load_person() -> None:
    """Find out who is asking, once per request."""
    if "person" not in g:
        g.person = current_user.person if current_user.is_authenticated else None
        g.roles = queries.roles(g.person) if g.person else set()


def sign_in(person: Person) -> None:
    """Start a fresh session for a person; whatever the browser held before is forgotten."""
    session.clear()
    login_user(SignedIn(person))
    # A clerk's screen is shared, so the session of anyone with a role ends with the browser; a hall's screen stays on.
    session.permanent = queries.roles(person) <= {"display"}


def sign_out() -> None:
    """Forget the person, and all else the browser held."""
    session.clear()
    g.person, g.roles = None, set()


def safe_next(target: str | None) -> str:
    """Where to go after signing in: a path of this site, or the home page."""
    home: str = url_for("home.home")
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or not target.isprintable() or "\\" in target:
        return home
    parts = urlsplit(target)
    return home if parts.scheme or parts.netloc else target


def is_api() -> bool:
    """Whether the present request is for the API."""
    return request.path.startswith(API)


def register(app: Flask) -> None:
    """Teach the app to recognise people."""
    manager = LoginManager()
    manager.session_protection = None  # A phone changes its address all the time.
    manager.user_loader(_from_session)
    manager.request_loader(_from_token)
    manager.init_app(app)


def _refusal(who: tuple[str, ...]) -> ResponseReturnValue | None:
    if "public" in who:
        return None
    if g.person is None:
        return _ask_to_sign_in()
    if "member" in who or g.roles & set(who):
        return None
    raise RoleMissing(roles=", ".join(who))


def _ask_to_sign_in() -> ResponseReturnValue:
    if is_api():
        raise SignInNeeded()
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("sign_in.form", next=target), 303)


def _from_session(user_id: str) -> SignedIn | None:
    if is_api():
        return None
    person = db.session.scalar(db.select(Person).filter_by(key=user_id.partition(".")[0]))
    signed_in = SignedIn(person) if person else None
    return signed_in if signed_in and signed_in.get_id() == user_id else None


def _from_token(incoming: Request) -> SignedIn | None:
    if not is_api():
        return None
    scheme, _, secret = incoming.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        return None
    person = token_owner(secret.strip(), clock.now())
    return SignedIn(person) if person else None
