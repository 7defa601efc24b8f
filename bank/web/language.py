"""Chinese unless the reader chose English: one tap on a page, Accept-Language on the API."""

from pathlib import Path

from flask import Flask, has_request_context, request
from flask_babel import Babel, get_locale

from bank.web.auth import is_api

COOKIE = "language"
LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
TRANSLATIONS = Path(__file__).parent / "translations"
YEAR_SECONDS = 365 * 24 * 3600


def register(app: Flask) -> None:
    """Choose the language of every answer; msgids are Chinese, so only English needs a catalogue."""
    babel = Babel()
    babel.init_app(
        app,
        default_locale=LOCALES["zh"],
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=_locale,
        default_timezone=app.config["TIMEZONE"],
    )


def current() -> str:
    """The language of the present answer: "zh" or "en"."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


def _locale() -> str:
    if not has_request_context():  # A command or a job; what is sent to somebody chooses for itself.
        return LOCALES["zh"]
    if is_api():
        return LOCALES[request.accept_languages.best_match(list(LOCALES), default="zh") or "zh"]
    return LOCALES.get(request.cookies.get(COOKIE, "zh"), LOCALES["zh"])
