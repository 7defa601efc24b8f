"""Lists in pages that stay right while rows are added: each page names the place where the next one begins.

    page = paging.page(queries.persons(by=g.person), order=(Person.name_sort, Person.id), **paging.asked())
    page.items, page.next                                                   # `next` is None at the end

`order` is a row of columns that together are unique. On the API `@bp.arguments(PageIn, location="query")` gives `limit`
and `cursor`; on a page `asked()` reads them from the address, and `ui.more(page)` links to what follows.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask import request
from marshmallow import fields, validate
from sqlalchemy import Select, TypeDecorator, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from bank.db import db
from bank.errors import Invalid
from bank.fields import QuerySchema

LIMIT = 50
LIMIT_MAX = 200


class BadCursor(Invalid):
    """A cursor is taken as it was given; it cannot be made up."""


class PageIn(QuerySchema):
    """Which part of a list is wanted."""

    limit = fields.Integer(load_default=LIMIT, validate=validate.Range(min=1, max=LIMIT_MAX))
    cursor = fields.String(load_default=None, metadata={"description": "The `next` of the page before."})


@dataclass(frozen=True)
class Page:
    """Rows of one page, and the cursor of the next, or None."""

    items: Sequence[Any]
    next: str | None


def asked() -> dict[str, Any]:
    """Which part of a list the address of a page asks for."""
    loaded: dict[str, Any] = PageIn(unknown="exclude").load(request.args)
    return loaded


def page(
    wanted: Select[Any],
    *,
    order: Sequence[InstrumentedAttribute[Any]],
    is_descending: bool = False,
    limit: int = LIMIT,
    cursor: str | None = None,
) -> Page:
    """One page of the entities of a select, in the order of columns that are unique together. Raises BadCursor."""
    if cursor is not None:
        here, place = tuple_(*order), _read(cursor, order)
        wanted = wanted.where(here < place if is_descending else here > place)
    ordered = wanted.order_by(*((each.desc() for each in order) if is_descending else order))
    items = db.session.scalars(ordered.limit(limit + 1)).all()
    has_more = len(items) > limit
    items = items[:limit]
    return Page(items, _write([getattr(items[-1], each.key) for each in order]) if has_more else None)


def _write(values: list[Any]) -> str:
    texts = [value.isoformat() if isinstance(value, date) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(texts, ensure_ascii=False).encode()).decode().rstrip("=")


def _read(cursor: str, order: Sequence[InstrumentedAttribute[Any]]) -> tuple[Any, ...]:
    try:
        texts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return tuple(_value(text, _kind(each)) for text, each in zip(texts, order, strict=True))
    except (ValueError, TypeError, binascii.Error):
        raise BadCursor() from None


def _kind(column: InstrumentedAttribute[Any]) -> type:
    kind = column.type
    return (kind.impl_instance if isinstance(kind, TypeDecorator) else kind).python_type


def _value(text: Any, kind: type) -> Any:
    if issubclass(kind, datetime):
        return kind.fromisoformat(text).astimezone(UTC)
    if issubclass(kind, date):
        return kind.fromisoformat(text)
    if type(text) is not kind or (isinstance(text, int) and abs(text) >= 2**63):
        raise ValueError("not what was given")
    return text
