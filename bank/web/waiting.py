"""Tells a page that the file it waits for has come: its address carries a number, and the answer the same in a cookie."""

from flask import Flask, Response, request

COOKIE = "ready"
DIGITS_MAX = 16
SECONDS = 60


def register(app: Flask) -> None:
    """Give every answer that was asked for with a number its cookie; bank.js reads it and takes its sign of waiting away."""

    @app.after_request
    def tell(response: Response) -> Response:
        number = request.args.get(COOKIE, "")
        if number.isascii() and number.isdigit() and len(number) <= DIGITS_MAX:
            response.set_cookie(COOKIE, number, max_age=SECONDS, samesite="Lax", secure=request.is_secure)
        return response
