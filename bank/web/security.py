"""What every answer carries so that a browser runs nothing but our own files, and a form comes from our own pages."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Flask, Request, Response, after_this_request, current_app, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from limits import parse
from werkzeug.exceptions import TooManyRequests
from werkzeug.middleware.proxy_fix import ProxyFix

from bank.web.auth import API

# No inline script or style anywhere, therefore no nonce: nothing that is written into a page can ever run.
POLICY = "; ".join((
    "default-src 'self'", "img-src 'self' data:", "object-src 'none'", "base-uri 'none'",
    "form-action 'self'", "frame-ancestors 'none'",
))  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}
TRANSPORT = "max-age=31536000"  # Whoever came by https once comes by https for a year.
BODY_MAX = 4 * 1024 * 1024
STATIC_SECONDS = 365 * 24 * 3600


class OwnLimiter(Limiter):
    """Looks only at views that name a limit; as there is none for all, the library would look at every request for nothing."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


class OwnSessions(SecureCookieSessionInterface):
    """The API takes no cookie, so that its calls need not look for one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """An empty session on the API, else what the cookie says."""
        return self.session_class() if request.path.startswith(API) else super().open_session(app, request)


csrf = CSRFProtect()
# Counted in each process, so with two workers up to twice as many; the hash of a PIN is slow in any case.
limiter = OwnLimiter(get_remote_address, storage_uri="memory://", headers_enabled=False)
# More codes than anybody types, and too few to try out what might have been given to others.
limit_checks = limiter.shared_limit("30 per minute; 300 per hour", scope="checks")
# Faster than any desk works, and too slow to leaf through all members. It goes inside `access`.
limit_lookups = limiter.shared_limit("120 per minute; 1500 per hour", scope="lookups", key_func=lambda: str(g.person.key))


def limit_wrong(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Refuse a person who was told 400 or 404 by a view as often as `text` says; what is right is not counted. Inside `access`.

    The library's own decorator does the same with some hundred calls more for each request, which a full hall feels.
    """
    limit = parse(text)

    def limited(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def counted(*args: Any, **kwargs: Any) -> Any:
            who = (view.__qualname__, g.person.key)
            if not limiter.limiter.test(limit, *who):
                raise TooManyRequests()

            @after_this_request
            def count(response: Response) -> Response:
                if response.status_code in (400, 404):
                    limiter.limiter.hit(limit, *who)
                return response

            return view(*args, **kwargs)

        return counted

    return limited


def register(app: Flask) -> None:
    """Set cookies, limits and headers."""
    app.config.update(
        SESSION_COOKIE_NAME="bank",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=bool(app.config["HTTPS"]),
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=BODY_MAX,
        MAX_FORM_MEMORY_SIZE=BODY_MAX,  # A table that was looked at comes back within the form that confirms it.
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_SECONDS,
        WTF_CSRF_TIME_LIMIT=None,  # A form may stay open all day; its token dies with the session.
        WTF_CSRF_SSL_STRICT=False,  # A village's proxy may drop the referrer; the token is enough.
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    # Otherwise everybody would seem to come from the proxy's address, and whoever is slowed down, all would be.
    proxies = int(app.config["HTTPS"]) if app.config["PROXIES"] is None else app.config["PROXIES"]
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    app.session_interface = OwnSessions()
    csrf.init_app(app)
    limiter.init_app(app)
    app.before_request(_check_csrf)
    app.after_request(_add_headers)


def _check_csrf() -> None:
    # The API takes no cookie, so nobody can be made to call it by a page of someone else's.
    if request.method not in {"GET", "HEAD", "OPTIONS"} and not request.path.startswith(API):
        csrf.protect()


def _add_headers(response: Response) -> Response:
    carried = {name.lower() for name, _ in response.headers}
    for name, value in HEADERS.items():
        if name.lower() not in carried:
            response.headers.add(name, value)
    if current_app.config["HTTPS"]:
        response.headers["Strict-Transport-Security"] = TRANSPORT
    if "cache-control" not in carried:
        response.headers.add("Cache-Control", "no-store")  # Files bring their own, and are kept for a year.
    return response
