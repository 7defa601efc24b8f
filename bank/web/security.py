"""What every answer carries so that a browser runs nothing but our own files, and a form comes from our own pages."""

from datetime import timedelta

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

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
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}
BODY_MAX = 4 * 1024 * 1024
STATIC_SECONDS = 365 * 24 * 3600

csrf = CSRFProtect()
# Counted in each process, so with two workers up to twice as many; the hash of a PIN is slow in any case.
limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=False)


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
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_SECONDS,
        WTF_CSRF_TIME_LIMIT=None,  # A form may stay open all day; its token dies with the session.
        WTF_CSRF_SSL_STRICT=False,  # A village's proxy may drop the referrer; the token is enough.
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    csrf.init_app(app)
    limiter.init_app(app)
    app.before_request(_check_csrf)
    app.after_request(_add_headers)


def _check_csrf() -> None:
    # The API takes no cookie, so nobody can be made to call it by a page of someone else's.
    if request.method not in {"GET", "HEAD", "OPTIONS"} and not request.path.startswith(API):
        csrf.protect()


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")  # Files bring their own, and are kept for a year.
    return response
