"""How the reader wants to see pages, by day or by night and in large text, held by two cookies so that it needs no JavaScript."""

from flask import Flask, request

LOOKS = ("auto", "light", "dark")
TEXTS = ("normal", "large")
LOOK_COOKIE, TEXT_COOKIE = "look", "text"


def chosen() -> str:
    """Which look was chosen: "auto" follows the device."""
    cookie = request.cookies.get(LOOK_COOKIE)
    return cookie if cookie in LOOKS else LOOKS[0]


def is_large() -> bool:
    """Whether text is wanted in the large size."""
    return request.cookies.get(TEXT_COOKIE) == "large"


def register(app: Flask) -> None:
    """Give the templates what was chosen."""
    app.jinja_env.globals.update(look=chosen, is_large=is_large)
