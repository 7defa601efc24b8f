"""Small helps of pages and templates: where we are, the year asked for, a link where there is one, a new key for a form."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, request, url_for
from werkzeug.exceptions import NotFound

from bank import clock
from bank.db import random_key
from bank.web.auth import safe_next
from bank.web.language import current

YEARS = range(2000, 2101)


def here() -> str:
    """The address to come back to: this page, or the one whose form was sent."""
    if request.method in {"GET", "HEAD"}:
        return request.full_path.rstrip("?")
    came_from = urlsplit(request.referrer or "")
    is_ours = came_from.netloc == request.host
    return safe_next(came_from.path + (f"?{came_from.query}" if came_from.query else "")) if is_ours else url_for("home.home")


def link(endpoint: str, **values: Any) -> str | None:
    """The address of a page if this release has it, else None."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def asked_year() -> int:
    """The year that the address asks for, or the present one. Raises NotFound for one that no bank has seen."""
    year = request.args.get("year", clock.today().year, type=int)
    if year not in YEARS:
        raise NotFound()
    return year


def register(app: Flask) -> None:
    """Give the templates these helps."""
    app.jinja_env.globals.update(here=here, link=link, new_key=random_key, language=current)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
