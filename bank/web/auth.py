"""Who is asking: a session cookie on pages, a bearer token on the API, and never one in the other's place.

Every view says first who may call it; a test fails on a view that does not:

    @access("clerk", "admin")               anyone who holds one of these roles, wherever
    @access("member")                       anyone who is signed in
    @access("public")                       anyone at all
    @access("display")                      who holds that role, and a device that joined for display, without a person
    @access("member", scope="check_in")     on the API, a token must open this part of it

Without `scope`, a token needs `read` for what only reads, `counter` for what a clerk may change, `all` for other changes.

This is the coarse check: whether the role reaches the unit in question is decided by the action or query that is
called, through `people.queries.require_role`. Behind `access`, `g.person` is the Person (None for strangers), `g.roles`
the set of role names held, and `g.device` the device that joined in this browser or whose token the request brings.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user
from sqlalchemy.exc import SQLAlchemyError

from bank import clock
from bank.access import queries
from bank.access.actions import LOOKED_AT_EVERY, note_token
from bank.access.rules import SCOPES, opens
from bank.db import db, transaction
from bank.devices.actions import note_device
from bank.devices.models import Device
from bank.devices.queries import device_of_secret
from bank.devices.rules import SECRET_PREFIX
from bank.errors import NotAllowed
from bank.people.models import ROLES, Person
from bank.people.queries import roles
from bank.people.rules import RoleMissing

API = "/api/"
HALFWAY_SECONDS = 300
DEVICE_COOKIE, DEVICE_HEADER = "device", "Bank-Device"
READING = {"GET", "HEAD", "OPTIONS"}


class SignInNeeded(NotAllowed):
    """Only somebody who is signed in may see or do this."""


class ScopeMissing(NotAllowed):
    """The token does not open this part of the API."""


class SignedIn(UserMixin):  # type: ignore[misc]
    """A person as flask-login wants to see one."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        """The person and a trace of how he signs in, so that a new PIN signs out every other browser."""
        return f"{self.person.key}.{queries.session_trace(self.person)}"


def access(*who: str, scope: str | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Say who may call a view: role names, or "member", or "public". Comes before every other decorator but the route.

    What it leaves on the view: `access`, and `scopes`, one of which a token needs for reading, the other for changing.
    """
    assert who and set(who) <= {*ROLES, "member", "public"}, "unknown role"
    assert scope is None or scope in SCOPES, "unknown scope"

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            load_person()
            refusal = _refusal(who, scope)
            return refusal if refusal is not None else view(*args, **kwargs)

        guarded.access = who  # type: ignore[attr-defined]
        guarded.scopes = _scopes(who, scope)  # type: ignore[attr-defined]
        return guarded

    return guard


def load_person() -> None:
    """Find out who is asking and from which device, once per request."""
    if "person" in g:
        return
    g.token, g.device, g.uses = None, None, []
    if is_api():
        g.person = _of_token(request.headers.get("Authorization", ""))
    else:
        g.person = current_user.person if current_user.is_authenticated else None
    g.roles = roles(g.person) if g.person else set()
    g.device = g.device or _named_device()


def sign_in(person: Person) -> None:
    """Start a fresh session for a person; whatever the browser held before is forgotten."""
    session.clear()
    login_user(SignedIn(person))
    # A clerk's screen is shared, so the session of anyone with a role ends with the browser; a hall's screen stays on.
    session.permanent = roles(person) <= {"display"}


def ask_second_step(person: Person, target: str) -> None:
    """Remember for five minutes that the first step was right; until the second is, nobody is signed in."""
    session.clear()
    until = int(clock.now().timestamp()) + HALFWAY_SECONDS
    session["halfway"] = {"who": SignedIn(person).get_id(), "until": until, "next": target}


def halfway() -> tuple[Person, str] | None:
    """Who has taken the first step in this browser, and where to go after the second."""
    kept = session.get("halfway")
    if kept is None or kept["until"] < clock.now().timestamp():
        return None
    key, _, trace = kept["who"].partition(".")
    person = queries.person_of_session(key, trace)
    return (person, kept["next"]) if person else None


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
    manager.init_app(app)
    app.after_request(_note_uses)


def _refusal(who: tuple[str, ...], scope: str | None) -> ResponseReturnValue | None:
    if "public" in who:
        return None
    if "display" in who and g.device is not None and g.device.scope == "display":
        return None
    if g.person is None:
        return _ask_to_sign_in()
    _check_scope(_scopes(who, scope))
    if "member" in who or g.roles & set(who):
        return None
    raise RoleMissing(roles=", ".join(who))


def _scopes(who: tuple[str, ...], scope: str | None) -> tuple[str, str]:
    return scope or "read", scope or ("counter" if "clerk" in who else "all")


def _check_scope(scopes: tuple[str, str]) -> None:
    needed = scopes[request.method not in READING]
    if g.token is not None and not opens(g.token.scope_names, needed):
        raise ScopeMissing(scope=needed)


def _ask_to_sign_in() -> ResponseReturnValue:
    if is_api():
        raise SignInNeeded()
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("sign_in.form", next=target), 303)


def _from_session(user_id: str) -> SignedIn | None:
    key, _, trace = user_id.partition(".")
    person = queries.person_of_session(key, trace)
    return SignedIn(person) if person else None


def _of_token(authorization: str) -> Person | None:
    """The owner of a bearer token, which becomes g.token; a device's token becomes g.device, and is nobody's."""
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        return None
    if secret.strip().startswith(SECRET_PREFIX):
        g.device = use_device(secret.strip())
        return None
    at = clock.now()
    token = queries.live_token(secret.strip(), at)
    if token is None:
        return None
    g.token = token
    if token.noted_at < at - LOOKED_AT_EVERY:
        g.uses.append(partial(note_token, token_id=token.id, at=at))
    return token.person


def _named_device() -> Device | None:
    """The device that a page's cookie names, or on the API a header beside a person's token."""
    secret = request.headers.get(DEVICE_HEADER, "") if is_api() else request.cookies.get(DEVICE_COOKIE, "")
    return use_device(secret.strip()) if secret else None


def use_device(secret: str) -> Device | None:
    """The device of a token, whose use is written down; None for one that was revoked."""
    device, at = device_of_secret(secret), clock.now()
    if device is not None and (device.last_used_at or device.added_at) < at - LOOKED_AT_EVERY:
        g.uses.append(partial(note_device, device_id=device.id, at=at))
    return device


def _note_uses(response: Response) -> Response:
    """Write down now and then that a token or a device lives, in a transaction of its own after all else is done."""
    try:
        for note in g.pop("uses", ()):
            with transaction():
                note()
    except SQLAlchemyError:
        db.session.rollback()  # The answer is worth more than knowing when it was given.
    return response
