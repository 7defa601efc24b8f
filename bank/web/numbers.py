"""Numbers of rows in addresses."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

ID_MAX = 2**63 - 1


class RowNumber(IntegerConverter):
    """A row's number; one that no database could hold names nothing, and so is not found."""

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        super().__init__(url_map, *args, **{"max": ID_MAX, **options})


def register(app: Flask) -> None:
    """Let `<int:…>` mean a row's number; before any route is added."""
    app.url_map.converters["int"] = RowNumber
