"""Tells a page that waits how far long work is, and that the file it waits for has come.

A number nobody can guess is added to the address. The answer brings it back in a cookie; until then, work that can count says
how far it is in a small file of the data folder, which every process of this machine reads.
"""

import secrets
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, current_app, g, request

from bank import clock

COOKIE = "ready"
DIGITS_MAX = 16
SECONDS = 60
FOLDER = "progress"
FORGOTTEN_AFTER_SECONDS = 3600  # What a process left behind that ended in the midst of its work.

Progress = Callable[[int], object]


def register(app: Flask) -> None:
    """Give every answer that was asked for with a number its cookie; bank.js reads it and takes its sign of waiting away."""
    app.jinja_env.globals["new_number"] = lambda: secrets.randbelow(10**DIGITS_MAX)

    @app.after_request
    def tell(response: Response) -> Response:
        if number := _number():
            response.set_cookie(COOKIE, number, max_age=SECONDS, samesite="Lax", secure=request.is_secure)
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        if kept := g.pop("progress", None):
            kept.unlink(missing_ok=True)


def progress(total: int) -> Progress:
    """What work calls with how many more of `total` are done; it says so to the page that waits, if one does."""
    number = _number()
    if not number:
        return lambda count: None
    folder = Path(current_app.config["DATA_DIR"]) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    g.progress, done = folder / number, 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        fresh = g.progress.with_suffix(".new")
        fresh.write_text(f"{done} {total}")
        fresh.replace(g.progress)  # Whoever reads meanwhile finds the old count or the new one, never half of it.

    tell(0)
    return tell


def how_far(number: str) -> tuple[int, int] | None:
    """How many are done, and of how many; None for a number that nothing is counted for here."""
    if not _is_number(number):
        return None
    try:
        done, total = (Path(current_app.config["DATA_DIR"]) / FOLDER / number).read_text().split()
    except (FileNotFoundError, ValueError):
        return None
    return int(done), int(total)


def _number() -> str:
    number = request.args.get(COOKIE, "")
    return number if _is_number(number) else ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX


def _sweep(folder: Path) -> None:
    now = clock.now().timestamp()
    for each in folder.iterdir():
        if now - each.stat().st_mtime > FORGOTTEN_AFTER_SECONDS:
            each.unlink(missing_ok=True)
