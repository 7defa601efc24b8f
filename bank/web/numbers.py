"""Numbers of rows in addresses."""

from typing import Any

from flask import Flask, request
from werkzeug.exceptions import NotFound
from werkzeug.routing import IntegerConverter, Map

ID_MAX = 2**63 - 1


class RowNumber(IntegerConverter):
    """A row's number; one that no database could hold names nothing, and so is not found."""

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        super().__init__(url_map, *args, **{"max": ID_MAX, **options})


def asked(name: str) -> int | None:
    """The row that the address asks for, or None when it names none. Raises NotFound for what numbers no row."""
    text = request.args.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= ID_MAX):
        raise NotFound()
    return int(text)


def register(app: Flask) -> None:
    """Let `<int:…>` mean a row's number; before any route is added."""
    app.url_map.converters["int"] = RowNumber
