"""Notices, as JSON."""

from typing import Any

from flask import g

from bank import clock
from bank.notices import actions, queries, schemas
from bank.notices.models import Notice
from bank.notices.texts import words
from bank.web import paging
from bank.web.api import blueprint
from bank.web.auth import access
from bank.web.idempotency import writes

bp = blueprint("notices", "What each member is told, and on which way.")


@bp.get("/me/notices")
@access("member")
@bp.arguments(paging.PageIn, location="query")
@bp.response(200, schemas.NoticePageSchema)
def notices(asked: dict[str, Any]) -> dict[str, object]:
    """One's own notices, newest first, in the language of the request."""
    page = paging.page(queries.of_person(g.person.id), order=(Notice.told_at, Notice.id), is_descending=True, **asked)
    return {"notices": [_shown(each) for each in page.items], "unread": queries.unread_count(g.person.id), "next": page.next}


@bp.post("/me/notices/read")
@access("member")
@writes
@bp.response(200, schemas.UnreadSchema)
def read() -> dict[str, int]:
    """Mark all of one's own as read."""
    actions.read(by=g.person, at=clock.now())
    return {"unread": queries.unread_count(g.person.id)}


def _shown(notice: Notice) -> dict[str, object]:
    said = words(notice.kind, notice.facts)
    own = {name: getattr(notice, name) for name in ("id", "kind", "told_at", "read_at")}
    return own | {"title": said.title, "body": said.body}
