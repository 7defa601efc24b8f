"""What my home unit will read of me, what I hold back, and the sheets that have left."""

from flask import Blueprint, Response, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from bank import clock
from bank.consents.queries import has_consent
from bank.documents.pdf import pdf
from bank.feedback import actions, queries, rules
from bank.feedback.models import FeedbackSheet
from bank.web.auth import access
from bank.web.filters import day, minutes
from bank.web.forms import redisplay
from bank.web.idempotency import writes
from bank.web.language import current
from bank.web.texts import CATEGORY_NAMES

bp = Blueprint("feedback", __name__, url_prefix="/feedback")


@bp.get("/")
@access("member")
def mine() -> str:
    """My sheets, and how to hold one back."""
    sheets = [(each, queries.content_of(each)) for each in queries.sheets_of(g.person.id)]
    return render_template("feedback/mine.html", sheets=sheets, agrees=has_consent(g.person.id, rules.CONSENT))


@bp.post("/<int:sheet_id>/hold-back")
@access("member")
@redisplay(lambda sheet_id: mine())
@writes
def hold_back(sheet_id: int) -> ResponseReturnValue:
    """Keep a sheet from the home unit."""
    actions.hold_back(by=g.person, sheet_id=sheet_id, at=clock.now())
    return redirect(url_for(".mine"), 303)


@bp.get("/outside")
@access("admin")
def outside() -> str:
    """The sheets that have left for home units."""
    return render_template("feedback/outside.html", sheets=queries.outside(by=g.person))


@bp.get("/<int:sheet_id>.pdf")
@access("member")
def paper(sheet_id: int) -> Response:
    """A sheet on paper: for the member at any time, for the home unit once it has left."""
    sheet = queries.sheet(by=g.person, sheet_id=sheet_id)
    return Response(pdf("feedback", _paper(sheet), at=sheet.shown_at.replace(microsecond=0)), mimetype="application/pdf")


def _paper(sheet: FeedbackSheet) -> dict[str, object]:
    content = queries.content_of(sheet)
    quarter = gettext("%(year)s 年第 %(number)s 季度", year=sheet.quarter.year, number=sheet.quarter.month // 3 + 1)
    score = gettext("%(score)s 分（%(count)s 次有评分）", score=content.score, count=content.rated)
    facts = [
        (gettext("姓名"), sheet.person.name),
        (gettext("所在单位"), sheet.home_unit.name),
        (gettext("服务社区"), sheet.person.unit.name),
        (gettext("服务次数"), gettext("%(count)s 次", count=content.services)),
        (gettext("服务时长"), minutes(content.minutes)),
        (gettext("服务成效"), score if content.score is not None else gettext("评分不足三次，不列")),
    ]
    return {
        "bank": current_app.config["NAME"],
        "title": gettext("在职党员到社区服务反馈单"),
        "quarter": quarter,
        "facts": facts,
        "kinds_title": gettext("服务内容"),
        "kinds": [(str(CATEGORY_NAMES[each.category]), minutes(each.minutes)) for each in content.kinds],
        "note": gettext("本单经本人单独同意并先由本人看过。服务出于自愿，只作了解，不用于评比。"),
        "foot": f"{current_app.config['NAME']} {day(sheet.shown_at)}",
        "language": current(),
    }
